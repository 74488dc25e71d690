//! The engines answer what ONNX Runtime answered when the references were stored, and what the other one answers.

use host_inference::{EngineKind, Inference, NamedTensor};
use spaces::value::{Dtype, Tensor};

use crate::harness::{
    difference, engines, floats, integers, model, one_node_model, onnxruntime, repository, run, runner_model,
    staged_model, start, values,
};

#[test]
fn iris_is_classified_as_in_the_stored_reference() {
    let model = model(&repository().join("examples/iris/iris.onnx"));
    let golden = std::fs::read(repository().join("examples/iris/golden.json")).unwrap();
    let cases: Vec<serde_json::Value> = serde_json::from_slice(&golden).unwrap();
    for engine in engines() {
        let inference = start(engine.clone());
        for case in &cases {
            #[expect(clippy::cast_possible_truncation, reason = "the model takes f32")]
            let feature = |name: &str| case["inputs"][name].as_f64().unwrap() as f32;
            let features = ["sepal_length", "sepal_width", "petal_length", "petal_width"].map(feature);
            let outputs = run(&inference, &model, vec![floats("features", &[1, 4], features)]).unwrap();
            let probabilities = outputs.iter().find(|output| output.name == "probabilities").unwrap();
            let found = values(&probabilities.tensor);
            for expected in case["outputs"]["species"]["confidences"].as_array().unwrap() {
                let class = ["setosa", "versicolor", "virginica"]
                    .iter()
                    .position(|name| *name == expected["label"].as_str().unwrap())
                    .unwrap();
                let difference = (f64::from(found[class]) - expected["confidence"].as_f64().unwrap()).abs();
                assert!(difference <= 1e-4, "{engine:?}: {found:?}, {expected}");
            }
        }
        assert_eq!(inference.stats().models, 1);
    }
}

#[test]
fn dictionaries_of_scores_come_as_tensors_from_both() {
    let model = model(&runner_model("iris_forest_zipmap.onnx"));
    let answers = engines().map(|engine| {
        let outputs = run(&start(engine), &model, vec![floats("X", &[2, 4], [5.1, 3.5, 1.4, 0.2, 6.7, 3.0, 5.2, 2.3])]);
        let outputs = outputs.unwrap();
        let names: Vec<_> = outputs.iter().map(|output| output.name.as_str()).collect();
        assert!(names.contains(&"output_probability"), "{names:?}");
        let scores = outputs.into_iter().find(|output| output.name == "output_probability").unwrap().tensor;
        assert_eq!(scores.shape, [2, 3]);
        values(&scores)
    });
    assert!(difference(&answers[0], &answers[1]) <= 1e-5, "{answers:?}");
}

#[test]
fn pictures_are_classified_alike_by_both() {
    let model = model(&staged_model("image-classifier/efficientnet-lite0.onnx"));
    let picture = |shape: &[u64]| {
        let elements = shape.iter().product::<u64>();
        floats("input", shape, (0..elements).map(|index| ((index % 251) as f32 - 125.0) / 125.0))
    };
    let answers = engines().map(|engine| {
        let outputs = run(&start(engine), &model, vec![picture(&[1, 3, 224, 224])]).unwrap();
        values(&outputs[0].tensor)
    });
    assert_eq!(answers[0].len(), 1000);
    assert!(difference(&answers[0], &answers[1]) <= 1e-4);
}

/// Token ids of `n_rows` texts of `length` tokens.
fn texts(n_rows: u64, length: u64) -> Vec<NamedTensor> {
    let shape = [n_rows, length];
    let elements = 0..(n_rows * length).cast_signed();
    vec![
        integers("input_ids", &shape, elements.clone().map(|index| index * 37 % 20)),
        integers("attention_mask", &shape, elements.clone().map(|_| 1)),
        integers("token_type_ids", &shape, elements.map(|_| 0)),
    ]
}

#[test]
fn a_plan_for_free_sizes_answers_as_plans_for_fixed_ones() {
    let model = model(&staged_model("sentence-similarity/minilm-int8.onnx"));
    let vectors = |inference: &Inference, n_rows, length| {
        values(&run(inference, &model, texts(n_rows, length)).unwrap()[0].tensor)
    };
    let used = start(EngineKind::Tract);
    // The first makes a plan for these sizes, the second one for any length, the last one for any number of texts.
    for (n_rows, length) in [(2, 12), (2, 7), (2, 12), (2, 23), (1, 7)] {
        let found = vectors(&used, n_rows, length);
        let expected = vectors(&start(EngineKind::Tract), n_rows, length);
        let difference = difference(&found, &expected);
        assert!(difference <= 1e-4, "{n_rows} texts of {length} tokens differ by {difference}");
    }
    let library = vectors(&start(onnxruntime()), 2, 12);
    assert_eq!(library.len(), vectors(&used, 2, 12).len());
}

#[test]
fn every_element_type_comes_back_byte_for_byte() {
    let types = [
        Dtype::U8,
        Dtype::S8,
        Dtype::U16,
        Dtype::S16,
        Dtype::U32,
        Dtype::S32,
        Dtype::U64,
        Dtype::S64,
        Dtype::F16,
        Dtype::F32,
        Dtype::F64,
    ];
    for engine in engines() {
        let inference = start(engine.clone());
        for dtype in types {
            let (_folder, model) = one_node_model("Identity", dtype);
            // No byte pattern of it is a NaN, of which there are many.
            let bytes: Vec<u8> = (0..3 * dtype.size_bytes()).map(|index| u8::try_from(index + 1).unwrap()).collect();
            let sent = Tensor { dtype, shape: vec![3], bytes };
            let outputs = run(&inference, &model, vec![NamedTensor { name: "x".to_owned(), tensor: sent.clone() }]);
            let outputs = outputs.unwrap_or_else(|error| panic!("{engine:?}, {dtype:?}: {error:?}"));
            assert_eq!(outputs, [NamedTensor { name: "y".to_owned(), tensor: sent }], "{engine:?}");
        }
    }
}

#[test]
fn booleans_are_zero_or_one_whatever_comes() {
    let (_folder, model) = one_node_model("Not", Dtype::Boolean);
    // A byte that is neither would be no `bool` in the engine.
    let odd = Tensor { dtype: Dtype::Boolean, shape: vec![3], bytes: vec![0, 1, 255] };
    for engine in engines() {
        let sent = NamedTensor { name: "x".to_owned(), tensor: odd.clone() };
        let outputs = run(&start(engine), &model, vec![sent]).unwrap();
        assert_eq!(outputs[0].tensor.bytes, [1, 0, 0]);
    }
}

#[test]
fn a_file_may_move_between_two_calls() {
    for engine in engines() {
        let inference = start(engine);
        let folder = tempfile::tempdir().unwrap();
        let (draft, stored) = (folder.path().join("draft.onnx"), folder.path().join("stored.onnx"));
        std::fs::copy(runner_model("embedder.onnx"), &draft).unwrap();
        run(&inference, &model(&draft), texts(2, 5)).unwrap();
        std::fs::rename(&draft, &stored).unwrap();
        // Other sizes, for which the file may be needed again.
        run(&inference, &model(&stored), texts(2, 4)).unwrap();
        assert_eq!(inference.stats().models, 1);
    }
}

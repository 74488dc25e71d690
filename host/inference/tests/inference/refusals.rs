//! What does not fit is told to the author, and harms nobody.

use std::path::Path;

use host_inference::{EngineKind, InferError, Inference, ModelRef, NamedTensor, StartError};
use spaces::value::Dtype;

use crate::harness::{
    engines, floats, integers, model, onnxruntime, repository, run, runner_model, runtime, soon, start,
};

fn iris() -> ModelRef {
    model(&repository().join("examples/iris/iris.onnx"))
}

fn honest() -> NamedTensor {
    floats("features", &[1, 4], [5.1, 3.5, 1.4, 0.2])
}

#[track_caller]
fn assert_unharmed(inference: &Inference) {
    run(inference, &iris(), vec![honest()]).unwrap();
    assert_eq!(inference.stats().abandoned, 0);
}

#[test]
fn inputs_that_do_not_fit_are_named() {
    for engine in engines() {
        let inference = start(engine);
        let check = |inputs: Vec<NamedTensor>, expected: &str| {
            let error = run(&inference, &iris(), inputs).unwrap_err();
            assert!(matches!(&error, InferError::BadInput(message) if message.contains(expected)), "{error:?}");
        };
        check(Vec::new(), "input `features` is missing");
        check(vec![honest(), honest()], "no input `features`, or it was sent twice");
        check(vec![honest(), floats("more", &[1], [1.0])], "no input `more`");
        check(vec![floats("features", &[1, 5], [0.0; 5])], "its shape is [1, 5]");
        check(vec![floats("features", &[4], [0.0; 4])], "its shape is [4]");
        check(vec![integers("features", &[1, 4], [0; 4])], "its elements are INT64, not FLOAT");
        check(vec![floats("features", &[1, 4], [0.0; 3])], "does not fit its 12 bytes");
        check(vec![floats("features", &[u64::MAX, 4], [0.0; 4])], "does not fit its 16 bytes");
        let no_rows = run(&inference, &iris(), vec![floats("features", &[0, 4], [])]);
        assert!(!matches!(no_rows, Err(InferError::DeadlineExceeded)), "{no_rows:?}");
        assert_unharmed(&inference);
    }
}

#[test]
fn hostile_files_are_refused_by_both() {
    let files = std::fs::read_dir(runner_model("hostile")).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<_> = files.filter(|path| path.extension().is_some_and(|extension| extension == "onnx")).collect();
    assert!(files.len() > 10);
    for engine in engines() {
        let inference = start(engine.clone());
        // What each engine loads all the same, and has a test of its own: tract looks at shapes when it plans for those of
        // a call, and ONNX Runtime has all operators of scikit-learn.
        let accepted = if engine == EngineKind::Tract { "mismatch.onnx" } else { "svm.onnx" };
        for file in files.iter().filter(|file| !file.ends_with(accepted)) {
            let loaded = runtime().block_on(inference.load(&model(file), soon()));
            assert!(matches!(loaded, Err(InferError::BadModel(_))), "{engine:?}, {}: {loaded:?}", file.display());
        }
        assert_eq!(inference.stats().models, 0, "nothing of what failed is kept");
        assert_unharmed(&inference);
    }
}

#[test]
fn shapes_that_do_not_fit_together_are_told_by_both() {
    for engine in engines() {
        let error =
            run(&start(engine), &model(&runner_model("hostile/mismatch.onnx")), vec![floats("x", &[1, 4], [0.0; 4])]);
        assert!(matches!(&error, Err(InferError::BadModel(_))), "{error:?}");
    }
}

#[test]
fn data_in_other_files_is_never_read() {
    for engine in engines() {
        let error = run(&start(engine), &model(&runner_model("hostile/external.onnx")), vec![honest()]).unwrap_err();
        assert!(matches!(&error, InferError::BadModel(message) if message.contains("in another file")), "{error:?}");
    }
}

#[test]
fn operators_that_only_one_engine_has_are_named_by_the_other() {
    let model = model(&runner_model("hostile/svm.onnx"));
    let inputs = || vec![floats("X", &[1, 4], [5.1, 3.5, 1.4, 0.2])];
    let error = run(&start(EngineKind::Tract), &model, inputs()).unwrap_err();
    assert!(matches!(&error, InferError::BadModel(message) if message.contains("SVMClassifier")), "{error:?}");
    let outputs = run(&start(onnxruntime()), &model, inputs()).unwrap();
    assert!(outputs.iter().any(|output| output.tensor.dtype == Dtype::F32), "{outputs:?}");
}

#[test]
fn a_missing_file_is_the_hosts_failure() {
    for engine in engines() {
        let inference = start(engine);
        let missing = ModelRef { path: Path::new("no-such-folder/model.onnx").to_owned(), digest: [7; 32], ..iris() };
        let error = run(&inference, &missing, vec![honest()]).unwrap_err();
        assert!(matches!(error, InferError::Failed(_)), "{error:?}");
        assert_unharmed(&inference);
    }
}

#[test]
fn a_library_that_is_none_is_said_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let check = |library: &Path, expected: &str| {
        let kind = EngineKind::OnnxRuntime { library: library.to_owned(), intra_threads: 1 };
        let error = Inference::start(&crate::harness::config(kind)).err().unwrap();
        assert!(matches!(&error, StartError::Library { .. }), "{error}");
        let message = error.to_string();
        assert!(message.contains(expected) && message.contains(library.to_str().unwrap()), "{message}");
    };
    check(&folder.path().join("missing.so"), "No such file");
    // The process's library comes first, so that the next one meets it whatever test ran before.
    drop(start(onnxruntime()));
    let text = folder.path().join("text.so");
    std::fs::write(&text, "no library").unwrap();
    check(&text, "this process has loaded");
}

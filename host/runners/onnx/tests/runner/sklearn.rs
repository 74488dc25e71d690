//! scikit-learn's models without a manifest.

use spaces::interface::Component;
use spaces::value::Value;

use crate::support::{Bundle, numbers, read_json};

/// How far a probability may be from ONNX Runtime's.
const TOLERANCE: f64 = 1e-4;

/// Checks labels and probabilities of every stored case; `scores` is the output of the graph that holds them.
fn check_classifier(model: &str, scores: &str, classes: &[&str]) {
    let runner = Bundle::of(model).load().unwrap_or_else(|error| panic!("{model}: {error}"));
    let endpoint = runner.interface().endpoint("predict").expect("there is the endpoint");
    assert_eq!(endpoint.outputs.len(), 1, "{model}: {:?}", endpoint.outputs);
    assert!(matches!(endpoint.outputs[0].component, Component::Label { .. }), "{model}: {:?}", endpoint.outputs);
    for case in read_json(&format!("models/{model}.json")).as_array().expect("a list of cases") {
        let expected = numbers(&case["outputs"][scores]);
        let Value::Label(confidences) = &call(&runner, case)[0] else { panic!("{model}: not a label") };
        assert_eq!(confidences.len(), expected.len(), "{model}");
        let mut best = 0;
        for (index, expected) in expected.iter().enumerate() {
            let found = confidences.iter().find(|confidence| confidence.label == classes[index]);
            let score =
                found.and_then(|confidence| confidence.score).unwrap_or_else(|| panic!("{model}: {confidences:?}"));
            assert!((score - expected).abs() < TOLERANCE, "{model}: {score} is not {expected} for {case}");
            if *expected > numbers(&case["outputs"][scores])[best] {
                best = index;
            }
        }
        assert_eq!(confidences[0].label, classes[best], "{model}: {case}");
    }
}

/// Checks a single number, relative to its size.
fn check_regressor(model: &str) {
    let runner = Bundle::of(model).load().unwrap_or_else(|error| panic!("{model}: {error}"));
    for case in read_json(&format!("models/{model}.json")).as_array().expect("a list of cases") {
        let expected = numbers(&case["outputs"]["variable"])[0];
        let [Value::Number(number)] = call(&runner, case)[..] else { panic!("{model}: not a number") };
        assert!((number - expected).abs() < TOLERANCE * expected.abs().max(1.0), "{model}: {number} is not {expected}");
    }
}

fn call(runner: &onnx_runner::Runner, case: &serde_json::Value) -> Vec<Value> {
    let tensor = numbers(&case["input"]);
    let fields = &runner.interface().endpoints[0].inputs;
    let inputs: Vec<Value> = match &fields[0].component {
        Component::Number(_) => tensor.into_iter().map(Value::Number).collect(),
        Component::Tensor { dtype, shape } => {
            let bytes = tensor.iter().flat_map(|&number| (number as f32).to_le_bytes()).collect();
            let shape = shape.iter().map(|size| size.expect("a fixed size")).collect();
            vec![Value::Tensor(spaces::value::Tensor { dtype: *dtype, shape, bytes })]
        }
        other => panic!("unexpected {other:?}"),
    };
    runner.call("predict", &inputs).expect("the call succeeds")
}

const IRIS: [&str; 3] = ["setosa", "versicolor", "virginica"];
const NUMBERS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

#[test]
fn random_forest_without_zipmap() {
    check_classifier("iris_forest", "probabilities", &NUMBERS);
}

#[test]
fn random_forest_with_zipmap_keeps_class_names() {
    check_classifier("iris_forest_zipmap", "output_probability", &IRIS);
}

#[test]
fn decision_tree_with_class_names() {
    check_classifier("iris_tree", "probabilities", &IRIS);
}

#[test]
fn scaled_logistic_regression_with_zipmap() {
    check_classifier("iris_logistic", "output_probability", &IRIS);
}

#[test]
fn logistic_regression_of_plain_operators() {
    check_classifier("iris_logistic_plain", "probabilities", &NUMBERS);
}

#[test]
fn gradient_boosting() {
    check_classifier("iris_boosting", "output_probability", &NUMBERS);
}

#[test]
fn nearest_neighbours() {
    check_classifier("iris_neighbors", "probabilities", &NUMBERS);
}

#[test]
fn normalized_logistic_regression() {
    check_classifier("iris_normalized", "output_probability", &NUMBERS);
}

#[test]
fn binary_logistic_regression() {
    check_classifier("cancer_logistic", "output_probability", &NUMBERS);
}

#[test]
fn binary_gradient_boosting() {
    check_classifier("cancer_boosting", "output_probability", &NUMBERS);
}

#[test]
fn binary_decision_tree() {
    check_classifier("cancer_tree", "output_probability", &NUMBERS);
}

#[test]
fn neural_network_on_64_pixels() {
    check_classifier("digits_mlp", "probabilities", &NUMBERS);
}

#[test]
fn linear_regression() {
    check_regressor("diabetes_linear");
}

#[test]
fn random_forest_regressor() {
    check_regressor("diabetes_forest");
}

#[test]
fn gradient_boosting_regressor() {
    check_regressor("diabetes_boosting");
}

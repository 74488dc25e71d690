//! What spaces answer equals what ONNX Runtime answers on the same file: see `examples/golden.py`.

use std::path::Path;

use serde_json::Value;

use crate::harness::{Server, bundle, root};

/// Probabilities may differ by this much where a case does not say otherwise.
const TOLERANCE: f64 = 1e-4;

fn check(space: &str, folder: &Path, golden: &Path) {
    check_on(&Server::start(), space, folder, golden);
}

/// Publishes a folder and calls it with every case.
pub(crate) fn check_on(server: &Server, space: &str, folder: &Path, golden: &Path) {
    server.publish(folder, space);
    let cases: Vec<Value> = serde_json::from_slice(&std::fs::read(golden).unwrap()).unwrap();
    assert!(!cases.is_empty());
    let interface: Value = server.get(&format!("/spaces/{space}/api")).json().unwrap();
    let endpoint = &interface["interface"]["endpoints"][0];
    let names: Vec<_> = endpoint["outputs"].as_array().unwrap().iter().map(|o| o["name"].as_str().unwrap()).collect();
    let mut worst: f64 = 0.0;
    for (index, case) in cases.iter().enumerate() {
        let (status, answer) = server.call(space, endpoint["name"].as_str().unwrap(), &case["inputs"]);
        assert_eq!(status, 200, "case {index}: {answer}");
        let tolerance = case["tolerance"].as_f64().unwrap_or(TOLERANCE);
        for (name, expected) in case["outputs"].as_object().unwrap() {
            let position = names.iter().position(|known| known == name).unwrap();
            let difference = difference(&answer["data"][position], expected);
            assert!(
                difference <= tolerance,
                "case {index}, output {name}: differs by {difference}\n{}\nexpected {expected}",
                answer["data"][position]
            );
            worst = worst.max(difference);
        }
    }
    eprintln!("{space}: {} cases, the largest difference is {worst:.2e}", cases.len());
}

/// The largest difference of two answers; infinite where they differ in kind, label or length.
pub(crate) fn difference(found: &Value, expected: &Value) -> f64 {
    match (found, expected) {
        (Value::Number(found), Value::Number(expected)) => (found.as_f64().unwrap() - expected.as_f64().unwrap()).abs(),
        (Value::Object(found), Value::Object(expected)) if expected.contains_key("confidences") => {
            if found["label"] != expected["label"] {
                return f64::INFINITY;
            }
            let found = found["confidences"].as_array().unwrap();
            let score =
                |label: &Value| found.iter().find(|f| f["label"] == *label).and_then(|f| f["confidence"].as_f64());
            let expected = expected["confidences"].as_array().unwrap().iter();
            expected
                .map(|e| match (score(&e["label"]), e["confidence"].as_f64().unwrap()) {
                    (Some(found), expected) => (found - expected).abs(),
                    // A class outside the best few on one side: no further away than its own score.
                    (None, expected) => expected,
                })
                .fold(0.0, f64::max)
        }
        (Value::Object(found), Value::Object(expected)) => expected
            .iter()
            .map(|(key, value)| found.get(key).map_or(f64::INFINITY, |found| difference(found, value)))
            .fold(0.0, f64::max),
        (Value::Array(found), Value::Array(expected)) if found.len() == expected.len() => {
            found.iter().zip(expected).map(|(found, expected)| difference(found, expected)).fold(0.0, f64::max)
        }
        (found, expected) if found == expected => 0.0,
        _ => f64::INFINITY,
    }
}

#[test]
fn iris_equals_onnx_runtime() {
    let folder = root().join("examples/iris");
    check("test/iris", &folder, &folder.join("golden.json"));
}

#[test]
fn digits_equals_onnx_runtime() {
    let folder = root().join("examples/digits");
    check("test/digits", &folder, &folder.join("golden.json"));
}

#[test]
fn image_classifier_equals_onnx_runtime() {
    check("test/image-classifier", &bundle("image-classifier"), &root().join("examples/image-classifier/golden.json"));
}

#[test]
fn sentence_similarity_equals_onnx_runtime() {
    check(
        "test/sentence-similarity",
        &bundle("sentence-similarity"),
        &root().join("examples/sentence-similarity/golden.json"),
    );
}

#[test]
fn word_count_equals_its_reference() {
    check("test/word-count", &bundle("word-count"), &root().join("examples/word-count/golden.json"));
}

//! Files that must be refused with a message that names the culprit.

use crate::support::{Bundle, read};

fn check(model: &str, expected: &[&str]) {
    check_bytes(model, read(&format!("models/hostile/{model}.onnx")), expected);
}

/// As [`check`], on a seed of the fuzzer: no manifest, hence a zero byte, and the model.
fn check_seed(model: &str, expected: &[&str]) {
    check_bytes(model, read(&format!("../../../fuzz/seeds/onnx/{model}")).split_off(1), expected);
}

fn check_bytes(model: &str, bytes: Vec<u8>, expected: &[&str]) {
    let error = Bundle::default().with("model.onnx", bytes).load().map(|_| ()).expect_err(model).message();
    for part in expected {
        assert!(error.contains(part), "{model}: `{part}` is not in: {error}");
    }
    assert!(error.len() < 1500, "{model}: {error}");
}

#[test]
fn impossible_sizes() {
    check("huge_input", &["input `x`", "elements"]);
    check("negative_input", &["input `x`", "negative: -7"]);
    check("huge_weight", &["initializer `w`", "elements"]);
    check("negative_weight", &["initializer `w`", "negative: -1"]);
    check("short_weight", &["initializer `w`", "needs 16 bytes but it holds 7"]);
    check("constant_bomb", &["node `bomb` (ConstantOfShape)"]);
}

#[test]
fn a_regressor_does_not_allocate_what_it_only_declares() {
    check_seed("targets_that_lie", &["`t` (TreeEnsembleRegressor)", "1099511627776 targets", "at most 65536"]);
}

#[test]
fn data_outside_the_file() {
    check("external", &["initializer `w`", "../../etc/passwd", "save_as_external_data=False"]);
}

#[test]
fn impossible_graphs() {
    check("cycle", &["cyclic", "`first`"]);
    check("dangling", &["node `add` (Add)", "`nowhere`"]);
    check("missing_output", &["output `z`"]);
    check("mismatch", &["product"]);
}

#[test]
fn names_that_rewriting_needs() {
    // The cast before the scaler would write what the graph reads: once the search for classes went round for ever.
    check_seed("cycle_by_rewriting", &["`n/f32` is produced twice", "rename the tensor"]);
}

#[test]
fn names_as_long_as_the_file() {
    check_seed("long_names", &["node `nnn", "…"]);
}

#[test]
fn what_tract_cannot_run() {
    check("unsupported", &["operator `Frobnicate`", "node `frob`", "standard ONNX operators"]);
    check("svm", &["operator `SVMClassifier`", "LogisticRegression"]);
    check("string_input", &["input `x`", "strings"]);
}

#[test]
fn what_is_no_model() {
    check("empty", &["has no graph"]);
    check("text", &["not an ONNX model"]);
    check("truncated", &["not an ONNX model"]);
}

#[test]
fn trees_that_leave_their_arrays() {
    let bytes = read("models/iris_tree.onnx");
    for (position, _) in bytes.windows(9).enumerate().filter(|(_, window)| *window == b"nodes_tru") {
        for offset in 20..60 {
            let mut damaged = bytes.clone();
            if let Some(byte) = damaged.get_mut(position + offset) {
                *byte ^= 0x7f;
            }
            // Refused or harmless; the walk of a damaged tree must not leave its arrays.
            if let Ok(runner) = Bundle::default().with("model.onnx", damaged).load() {
                let inputs: Vec<_> = runner.interface().endpoints[0].inputs.iter().map(|_| 1.0).collect();
                let _ =
                    runner.call("predict", &inputs.into_iter().map(spaces::value::Value::Number).collect::<Vec<_>>());
            }
        }
    }
}

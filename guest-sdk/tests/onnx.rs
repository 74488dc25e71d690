//! A model trained by scikit-learn, run natively by the code that runs it in the sandbox.
#![cfg(feature = "onnx")]

use guest_sdk::onnx::{DatumType, Model, OnnxError, tensor, values};

/// Probabilities may differ from ONNX Runtime's by so much.
const TOLERANCE: f32 = 1e-4;

#[test]
fn iris_is_classified_as_by_onnx_runtime() {
    let model = Model::from_asset("../examples/iris/iris.onnx").expect("the model is supported");
    assert_eq!(model.inputs()[0].name, "features");
    assert_eq!((model.inputs()[0].dtype, model.inputs()[0].shape.as_slice()), (DatumType::F32, &[None, Some(4)][..]));
    assert_eq!(model.outputs()[1].name, "probabilities");

    // Two rows, since the file leaves the batch open; the expected values are in the example's golden.json.
    let rows = [5.1_f32, 3.5, 1.4, 0.2, 4.9, 3.0, 1.4, 0.2];
    let outputs = model.run(&[tensor(&[2, 4], &rows).expect("eight numbers")]).expect("the input fits");
    let probabilities = values::<f32>(&outputs[1]).expect("numbers");
    for (got, expected) in probabilities.iter().zip([0.999_999_3, 0.0, 0.0, 0.999_999_3, 0.0, 0.0]) {
        assert!((got - expected).abs() < TOLERANCE, "{probabilities:?}");
    }
}

#[test]
fn what_does_not_fit_is_an_error() {
    let model = Model::from_asset("../examples/iris/iris.onnx").expect("the model is supported");
    let narrow = tensor(&[1, 3], &[1.0_f32, 2.0, 3.0]).expect("three numbers");
    assert!(matches!(model.run(&[narrow]), Err(OnnxError::Run(_))));
    assert!(matches!(model.run(&[]), Err(OnnxError::Run(_))));
    assert!(matches!(tensor(&[2, 2], &[1.0_f32]), Err(OnnxError::Tensor(_))));
    assert!(matches!(Model::load(b"not a model"), Err(OnnxError::Parse(_))));
    assert!(matches!(Model::from_asset("missing.onnx"), Err(OnnxError::Asset(_))));
}

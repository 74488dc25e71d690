//! Inference by the host, where there is none: an author's own tests run natively.

use guest_sdk::inference::{Dtype, Error, NamedTensor, Tensor, infer};

#[test]
fn without_a_host_every_run_is_denied() {
    let input = Tensor { dtype: Dtype::F32, shape: vec![1], bytes: 1_f32.to_le_bytes().to_vec() };
    let error = infer("model.onnx", &[NamedTensor { name: "x".to_owned(), tensor: input }]).expect_err("no host");
    assert!(matches!(&error, Error::Denied(message) if message.contains("model.onnx")), "{error:?}");
}

#[test]
fn its_errors_become_a_message_for_the_visitor() {
    let call = || -> guest_sdk::Result<()> {
        infer("model.onnx", &[])?;
        Ok(())
    };
    let message = call().expect_err("no host").to_string();
    assert!(message.contains("model.onnx"), "{message}");
}

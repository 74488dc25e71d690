//! Inference by the host, outside the sandbox, on weights that all calls share.
//!
//! Several times faster than [`crate::onnx`] and without the weights in the space's memory, but only where the operator
//! of the server allows it: write `engine = "native"` in `space.toml`. It is there in endpoints, not in `#[init]`.
//!
//! ```no_run
//! use guest_sdk::inference::{self, Dtype, NamedTensor, Tensor};
//!
//! let bytes = [5.1_f32, 3.5, 1.4, 0.2].into_iter().flat_map(f32::to_le_bytes).collect();
//! let features = Tensor { dtype: Dtype::F32, shape: vec![1, 4], bytes };
//! let outputs = inference::infer("iris.onnx", &[NamedTensor { name: "features".to_owned(), tensor: features }])?;
//! # Ok::<(), inference::Error>(())
//! ```

pub use crate::bindings::vitrine::space::inference::{Error, NamedTensor};
pub use crate::bindings::vitrine::space::types::{Dtype, Tensor};

/// Runs the ONNX model in the bundle's file `model` once.
///
/// `inputs` are all inputs of the graph, by name and in any order. The outputs come in the graph's order; those that are
/// no tensors of numbers, such as class names, are left out. Natively there is no host, so every run is denied.
///
/// # Errors
/// [`Error::Denied`] where the operator does not allow it; [`Error::BadModel`] and [`Error::BadInput`] say what to
/// change; [`Error::Failed`] when the run failed, found no room, or overran its deadline.
pub fn infer(model: &str, inputs: &[NamedTensor]) -> Result<Vec<NamedTensor>, Error> {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::vitrine::space::inference::infer(model, inputs);
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = inputs;
        Err(Error::Denied(format!("there is no host to run `{model}`: this is not the sandbox")))
    }
}

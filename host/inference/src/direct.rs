//! An engine's own call on tensors that are ready: what a benchmark compares with what this package adds to it.

use std::path::Path;

use onnx_runner::graph::Graph;
use onnx_runner::model::{FeedDim, FeedSpec, Model, datum_type};

use crate::engine::{EngineKind, StartError};
use crate::inference::InferError;
use crate::onnxruntime;
use crate::tensor::{self, NamedTensor};

/// Calls an engine once, on this thread.
pub type DirectCall = Box<dyn FnMut() -> Result<(), InferError>>;

/// Loads the model of `path` into an engine, with nothing around it, for inputs of exactly these sizes.
///
/// # Errors
/// [`StartError`] as for [`crate::Inference::start`]; [`InferError`] when the engine does not load the model.
pub fn direct(
    kind: &EngineKind,
    path: &Path,
    inputs: &[NamedTensor],
) -> Result<Result<DirectCall, InferError>, StartError> {
    match kind {
        EngineKind::Tract => Ok(tract_call(path, inputs)),
        EngineKind::OnnxRuntime { library, intra_threads } => {
            let engine = onnxruntime::OnnxRuntime::start(library, *intra_threads)?;
            Ok(engine.direct(path, inputs))
        }
    }
}

fn tract_call(path: &Path, inputs: &[NamedTensor]) -> Result<DirectCall, InferError> {
    let bytes = std::fs::read(path).map_err(|error| InferError::Failed(error.to_string()))?;
    let graph = Graph::decode(&bytes).map_err(|error| InferError::BadModel(error.to_string()))?;
    let feeds = inputs.iter().map(|NamedTensor { name, tensor }| {
        let sizes = tensor.shape.iter().map(|&size| FeedDim::Fixed(usize::try_from(size).unwrap_or(usize::MAX)));
        let dtype = datum_type(tensor::onnx_type(tensor.dtype)).ok_or_else(|| InferError::BadInput(name.clone()))?;
        Ok(FeedSpec { name: name.clone(), dtype, shape: sizes.collect() })
    });
    let feeds = feeds.collect::<Result<Vec<_>, InferError>>()?;
    let model = Model::build(graph, &feeds).map_err(|error| InferError::BadModel(error.to_string()))?;
    let tensors = inputs.iter().map(|input| tensor::to_tract(&input.tensor));
    let tensors = tensors.collect::<Result<Vec<_>, _>>().map_err(InferError::BadInput)?;
    Ok(Box::new(move || {
        // Everybody who calls the engine hands over tensors of their own.
        model.run(tensors.clone()).map(drop).map_err(|error| InferError::Failed(error.to_string()))
    }))
}

//! What the two engines have in common.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use onnx_runner::graph::{Axis, Port};
use onnx_runner::native::{ModelFile, Wanted};

use crate::inference::InferError;
use crate::interrupt::Interrupt;
use crate::onnxruntime::OnnxRuntime;
use crate::tensor::{self, NamedTensor};
use crate::tract::Tract;

/// Which engine runs the models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineKind {
    /// tract, which is part of this program. One thread a run.
    Tract,
    /// ONNX Runtime 1.17 or newer, from this library file. `intra_threads` is how many threads one run may use.
    OnnxRuntime { library: PathBuf, intra_threads: usize },
}

/// Why an engine does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("`{}` cannot be loaded as ONNX Runtime: {reason}", library.display())]
    Library { library: PathBuf, reason: String },
    #[error("the threads for native inference do not start")]
    Threads(#[source] std::io::Error),
}

/// Loads models.
pub(crate) trait Engine: Send + Sync {
    /// Its name, for messages.
    fn name(&self) -> &'static str;

    /// What a model of this file size comes to in memory, in bytes.
    fn estimate_bytes(&self, file_bytes: u64) -> u64;

    /// True where one model runs one call at a time.
    fn is_exclusive(&self) -> bool;

    /// Makes a checked model ready. Blocks, for long.
    ///
    /// # Errors
    /// [`InferError::BadModel`] says what is not supported.
    fn load(&self, checked: Checked) -> Result<Box<dyn Model>, InferError>;
}

/// A loaded model.
pub(crate) trait Model: Send + Sync {
    /// Runs once. `path` is where the file is now: it moves when its space goes live. Blocks.
    ///
    /// # Errors
    /// [`InferError`].
    fn run(&self, path: &Path, inputs: Vec<NamedTensor>, interrupt: &Interrupt)
    -> Result<Vec<NamedTensor>, InferError>;
}

/// Starts the engine.
pub(crate) fn start(kind: &EngineKind) -> Result<Arc<dyn Engine>, StartError> {
    Ok(match kind {
        EngineKind::Tract => Arc::new(Tract),
        EngineKind::OnnxRuntime { library, intra_threads } => Arc::new(OnnxRuntime::start(library, *intra_threads)?),
    })
}

/// A model file that has passed the checks.
pub(crate) struct Checked {
    pub(crate) wanted: Wanted,
    pub(crate) bytes: Vec<u8>,
    pub(crate) file: ModelFile,
}

impl Checked {
    /// Reads and checks a file. Blocks on the disk.
    ///
    /// # Errors
    /// [`InferError::BadModel`] says what is wrong with it.
    pub(crate) fn read(path: &Path, wanted: &Wanted) -> Result<Self, InferError> {
        let bytes = std::fs::read(path)
            .map_err(|error| InferError::Failed(format!("the model's file cannot be read: {}", error.kind())))?;
        let file = ModelFile::read(&bytes, wanted).map_err(|error| InferError::BadModel(error.to_string()))?;
        Ok(Self { wanted: wanted.clone(), bytes, file })
    }

    pub(crate) fn ports(&self) -> Result<Vec<Port>, InferError> {
        self.file.ports().map_err(|error| InferError::BadModel(error.to_string()))
    }
}

/// Puts the inputs in the order of the ports and checks names, types and sizes.
///
/// # Errors
/// [`InferError::BadInput`] names the input.
pub(crate) fn order_inputs(ports: &[Port], mut inputs: Vec<NamedTensor>) -> Result<Vec<NamedTensor>, InferError> {
    let mut ordered = Vec::with_capacity(ports.len());
    for port in ports {
        let position = inputs.iter().position(|input| input.name == port.name).ok_or_else(|| {
            let known: Vec<_> = ports.iter().map(|port| format!("`{}`", port.name)).collect();
            InferError::BadInput(format!("input `{}` is missing; the model takes {}", port.name, known.join(", ")))
        })?;
        let input = inputs.swap_remove(position);
        check_input(port, &input)
            .map_err(|problem| InferError::BadInput(format!("input `{}`: {problem}", port.name)))?;
        ordered.push(input);
    }
    match inputs.first() {
        Some(left) => {
            Err(InferError::BadInput(format!("the model has no input `{}`, or it was sent twice", left.name)))
        }
        None => Ok(ordered),
    }
}

fn check_input(port: &Port, input: &NamedTensor) -> Result<(), String> {
    tensor::check_bytes(&input.tensor)?;
    let given = tensor::onnx_type(input.tensor.dtype);
    if given != port.dtype {
        return Err(format!("its elements are {}, not {}", given.as_str_name(), port.dtype.as_str_name()));
    }
    let fits = input.tensor.shape.len() == port.shape.len()
        && input.tensor.shape.iter().zip(&port.shape).all(|(size, axis)| match axis {
            Axis::Fixed(fixed) => size == fixed,
            Axis::Named(_) | Axis::Free => true,
        });
    if fits { Ok(()) } else { Err(format!("its shape is {:?}, not [{}]", input.tensor.shape, shape(port))) }
}

fn shape(port: &Port) -> String {
    let axes = port.shape.iter().map(|axis| match axis {
        Axis::Fixed(size) => size.to_string(),
        Axis::Named(name) => name.clone(),
        Axis::Free => "any".to_owned(),
    });
    axes.collect::<Vec<_>>().join(", ")
}

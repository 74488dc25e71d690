//! ONNX models, run by tract inside the sandbox.
//!
//! ```no_run
//! use guest_sdk::onnx::{Model, tensor, values};
//!
//! let model = Model::from_asset("iris.onnx")?;
//! let outputs = model.run(&[tensor(&[1, 4], &[5.1_f32, 3.5, 1.4, 0.2])?])?;
//! let probabilities = values::<f32>(&outputs[1])?;
//! # Ok::<(), guest_sdk::onnx::OnnxError>(())
//! ```

use std::sync::Arc;

use tract_onnx::prelude::*;
use tract_onnx::tract_hir::infer::Factoid as _;

pub use tract_onnx::prelude::{Datum, DatumType, Tensor};

use crate::assets;

/// Why a model did not load or run. tract's message names the node and its operator.
#[derive(Debug)]
pub enum OnnxError {
    /// The asset could not be read.
    Asset(assets::Error),
    /// The file is not an ONNX model that tract reads.
    Parse(String),
    /// The graph's operators or shapes are not supported.
    Optimise(String),
    /// The inputs do not fit, or a node failed.
    Run(String),
    /// A tensor does not have the asked type or shape.
    Tensor(String),
}

impl std::fmt::Display for OnnxError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Asset(_) => f.write_str("cannot read the model"),
            Self::Parse(message) => write!(f, "the model cannot be read: {message}"),
            Self::Optimise(message) => write!(f, "the model is not supported: {message}"),
            Self::Run(message) => write!(f, "the model failed: {message}"),
            Self::Tensor(message) => write!(f, "unsuitable tensor: {message}"),
        }
    }
}

impl std::error::Error for OnnxError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Asset(error) => Some(error),
            Self::Parse(_) | Self::Optimise(_) | Self::Run(_) | Self::Tensor(_) => None,
        }
    }
}

/// An input or output of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The name in the graph.
    pub name: String,
    /// The element type.
    pub dtype: DatumType,
    /// The dimensions, outermost first; none is a free one, such as the batch.
    pub shape: Vec<Option<usize>>,
}

/// A loaded, optimised model.
#[derive(Debug, Clone)]
pub struct Model {
    plan: Arc<TypedRunnableModel>,
    inputs: Vec<Fact>,
    outputs: Vec<Fact>,
}

impl Model {
    /// Loads the bundle's file `path`. Do it in `#[init]`: then requests find the model loaded.
    ///
    /// # Errors
    /// As [`Model::load`], or [`OnnxError::Asset`].
    pub fn from_asset(path: &str) -> Result<Self, OnnxError> {
        Self::load(&assets::read(path).map_err(OnnxError::Asset)?)
    }

    /// Loads an ONNX file. Dimensions that it leaves open become one symbol, the batch.
    ///
    /// # Errors
    /// [`OnnxError::Parse`] and [`OnnxError::Optimise`], with the node at fault.
    pub fn load(bytes: &[u8]) -> Result<Self, OnnxError> {
        let mut model =
            tract_onnx::onnx().model_for_read(&mut &*bytes).map_err(|error| OnnxError::Parse(chain(&error)))?;
        let refused = |error: TractError| OnnxError::Optimise(chain(&error));
        let batch = model.symbols.sym("N").to_dim();
        for index in 0..model.input_outlets().map_err(refused)?.len() {
            let mut fact = model.input_fact(index).map_err(refused)?.clone();
            let dims = fact.shape.dims().map(|dim| {
                // Only numbers are kept: two names for the batch would not unify.
                dim.concretize().filter(|dim| dim.to_i64().is_ok()).unwrap_or_else(|| batch.clone())
            });
            fact.shape = dims.collect::<TVec<TDim>>().into();
            model.set_input_fact(index, fact).map_err(refused)?;
        }
        for index in 0..model.output_outlets().map_err(refused)?.len() {
            // What the file declares may speak of another batch than the inputs now do.
            model.set_output_fact(index, InferenceFact::default()).map_err(refused)?;
        }
        let model = model.into_optimized().map_err(refused)?;
        let inputs = facts(&model, model.input_outlets().map_err(refused)?).map_err(refused)?;
        let outputs = facts(&model, model.output_outlets().map_err(refused)?).map_err(refused)?;
        let plan = model.into_runnable().map_err(refused)?;
        Ok(Self { plan, inputs, outputs })
    }

    /// What [`Model::run`] takes, in order.
    pub fn inputs(&self) -> &[Fact] {
        &self.inputs
    }

    /// What [`Model::run`] gives, in order.
    pub fn outputs(&self) -> &[Fact] {
        &self.outputs
    }

    /// Runs the model once.
    ///
    /// # Errors
    /// [`OnnxError::Run`] when the number, types or shapes of the inputs do not fit, or a node fails.
    pub fn run(&self, inputs: &[Tensor]) -> Result<Vec<Tensor>, OnnxError> {
        let inputs = inputs.iter().map(|tensor| tensor.clone().into_tvalue()).collect();
        let outputs = self.plan.run(inputs).map_err(|error| OnnxError::Run(chain(&error)))?;
        Ok(outputs.into_iter().map(TValue::into_tensor).collect())
    }
}

/// A tensor of the given shape from its elements, row by row.
///
/// # Errors
/// [`OnnxError::Tensor`] when the number of elements is not the product of the dimensions.
pub fn tensor<T: Datum + Copy>(shape: &[usize], elements: &[T]) -> Result<Tensor, OnnxError> {
    Tensor::from_shape(shape, elements).map_err(|error| OnnxError::Tensor(chain(&error)))
}

/// The elements of a tensor, row by row, converted to `T`.
///
/// # Errors
/// [`OnnxError::Tensor`] when the elements cannot be converted.
pub fn values<T: Datum + Copy>(tensor: &Tensor) -> Result<Vec<T>, OnnxError> {
    let unsuitable = |error: TractError| OnnxError::Tensor(chain(&error));
    let cast = tensor.cast_to::<T>().map_err(unsuitable)?;
    cast.try_as_plain_ram().and_then(|view| view.as_slice::<T>().map(<[T]>::to_vec)).map_err(unsuitable)
}

fn facts(model: &TypedModel, outlets: &[OutletId]) -> TractResult<Vec<Fact>> {
    outlets
        .iter()
        .map(|outlet| {
            let fact = model.outlet_fact(*outlet)?;
            let name = model.outlet_label(*outlet).unwrap_or_else(|| &model.node(outlet.node).name).to_owned();
            let shape = fact.shape.iter().map(|dim| usize::try_from(dim.to_i64().ok()?).ok()).collect();
            Ok(Fact { name, dtype: fact.datum_type, shape })
        })
        .collect()
}

/// The message with its causes.
fn chain(error: &TractError) -> String {
    format!("{error:#}")
}

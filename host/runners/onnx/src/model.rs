//! The model as tract runs it.

use std::sync::Arc;

use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::prelude::{
    DatumType, Framework as _, InferenceFact, InferenceModelExt as _, IntoRunnable as _, IntoTensor as _, TDim, TValue,
    TVec, Tensor, ToDim as _, TractError, TypedModel, TypedRunnableModel,
};
use tract_onnx::tract_core::ops::konst::Const;

use crate::graph::Graph;
use crate::memory::{LARGE_BYTES, lasting};
use crate::sklearn::forest;

/// The longest message of tract that is passed on, in characters: it can print whole nodes.
const MAX_MESSAGE_LENGTH: usize = 600;

/// Why a graph does not become a runnable model, or a run fails.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    #[error("the graph cannot be read: {0}")]
    Parse(String),
    #[error("the graph's shapes do not fit together: {0}")]
    Analyse(String),
    #[error("the graph cannot be optimised: {0}")]
    Optimise(String),
    #[error("the model failed: {0}")]
    Run(String),
}

/// One dimension of what is fed to the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedDim {
    Fixed(usize),
    /// Known only when the model runs; equal names are equal sizes.
    Symbol(String),
}

/// What is fed to one graph input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedSpec {
    pub name: String,
    pub dtype: DatumType,
    pub shape: Vec<FeedDim>,
}

/// A graph output of the built model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputSpec {
    pub name: String,
    pub dtype: DatumType,
    /// The dimensions; none where they depend on the input.
    pub shape: Vec<Option<usize>>,
}

/// A loaded, optimised model.
#[derive(Debug)]
pub struct Model {
    plan: Arc<TypedRunnableModel>,
    outputs: Vec<OutputSpec>,
}

impl Model {
    /// Builds the model for inputs of the given shapes, one per input of the graph, in order.
    ///
    /// The graph is consumed, so that its weights leave memory before the optimised ones come into it.
    ///
    /// # Errors
    /// [`ModelError`] with tract's message, which names the node.
    pub fn build(graph: Graph, feeds: &[FeedSpec]) -> Result<Self, ModelError> {
        let names = graph.outputs();
        let mut model =
            tract_onnx::onnx().model_for_proto_model(&graph.proto).map_err(|error| ModelError::Parse(chain(&error)))?;
        drop(graph);
        let analyse = |error: TractError| ModelError::Analyse(chain(&error));
        for (index, feed) in feeds.iter().enumerate() {
            let shape: TVec<TDim> = feed
                .shape
                .iter()
                .map(|dim| match dim {
                    FeedDim::Fixed(size) => size.to_dim(),
                    FeedDim::Symbol(name) => model.symbols.sym(name).to_dim(),
                })
                .collect();
            model.set_input_fact(index, InferenceFact::dt_shape(feed.dtype, shape)).map_err(analyse)?;
        }
        // A declared output shape speaks of the free batch, which is fixed now.
        for index in 0..names.len() {
            model.set_output_fact(index, InferenceFact::default()).map_err(analyse)?;
        }
        let optimise = |error: TractError| ModelError::Optimise(chain(&error));
        let mut optimised = model.into_typed().map_err(analyse)?.into_decluttered().map_err(optimise)?;
        // Simplifying drops broadcasts that the next operator does by itself, but leaves their shapes in the facts.
        optimised.refresh_output_facts().map_err(optimise)?;
        forest::replace(&mut optimised).map_err(optimise)?;
        lasting(|| {
            optimised.optimize()?;
            settle(&mut optimised)
        })
        .map_err(optimise)?;
        let mut outputs = Vec::with_capacity(names.len());
        for (index, name) in names.into_iter().enumerate() {
            let fact = optimised.output_fact(index).map_err(optimise)?;
            let shape = fact.shape.iter().map(|dim| usize::try_from(dim.to_i64().ok()?).ok()).collect();
            outputs.push(OutputSpec { name, dtype: plain(fact.datum_type), shape });
        }
        let plan = lasting(|| optimised.into_runnable()).map_err(optimise)?;
        Ok(Self { plan, outputs })
    }

    /// The outputs, in the graph's order.
    pub fn outputs(&self) -> &[OutputSpec] {
        &self.outputs
    }

    /// Runs the model once; one tensor per graph input, in order.
    ///
    /// # Errors
    /// [`ModelError::Run`] with tract's message.
    pub fn run(&self, inputs: Vec<Tensor>) -> Result<Vec<Tensor>, ModelError> {
        let failed = |error: TractError| ModelError::Run(chain(&error));
        let inputs: TVec<TValue> = inputs.into_iter().map(TValue::from).collect();
        let outputs = self.plan.run(inputs).map_err(failed)?;
        outputs
            .into_iter()
            .map(|output| {
                let tensor = output.into_tensor();
                let dtype = plain(tensor.datum_type());
                if tensor.datum_type() == dtype {
                    Ok(tensor)
                } else {
                    Ok(tensor.cast_to_dt(dtype).map_err(failed)?.into_owned())
                }
            })
            .collect()
    }
}

/// Copies the large weights that optimising left as they were to where memory lasts.
fn settle(model: &mut TypedModel) -> Result<(), TractError> {
    for node in &mut model.nodes {
        let Some(constant) = node.op_as::<Const>() else { continue };
        let tensor = constant.val();
        if !tensor.is_plain() || tensor.len() * tensor.datum_type().size_of() < LARGE_BYTES {
            continue;
        }
        let settled = Arc::new(Tensor::clone(tensor));
        node.op = Box::new(Const::new(Arc::clone(&settled))?);
        for output in &mut node.outputs {
            output.fact.konst = Some(Arc::clone(&settled));
        }
    }
    Ok(())
}

/// tract's name for an element type of ONNX; none for types that tract has not.
pub fn datum_type(dtype: DataType) -> Option<DatumType> {
    DatumType::try_from(dtype).ok()
}

/// The type as clients see it: dimensions and quantised numbers are integers.
fn plain(dtype: DatumType) -> DatumType {
    match dtype {
        DatumType::TDim => DatumType::I64,
        other => other.unquantized(),
    }
}

fn chain(error: &TractError) -> String {
    let message = format!("{error:#}");
    match message.char_indices().nth(MAX_MESSAGE_LENGTH) {
        Some((end, _)) => format!("{} …", &message[..end]),
        None => message,
    }
}

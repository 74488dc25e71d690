//! Models that the host runs outside the sandbox (`engine = "native"` in `space.toml`).
//!
//! The sandbox never sees the file: the host tells it once, at publish, what the graph takes and gives ([`facts`]), and
//! is asked at each call. What the visitor sends is turned into tensors, and tensors into the answer, as it is for every other space.
//!
//! The host's engines read the file through [`ModelFile`], so that both sides speak of the same inputs and outputs.

use std::borrow::Cow;

use prost::Message as _;
use serde::{Deserialize, Serialize};
use spaces::manifest::{Manifest, OutputSpec as WantedOutput};
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::prelude::Tensor;

use crate::assets::Assets;
use crate::graph::{Axis, Graph, GraphError, Port, declared_shape, tensor_type};
use crate::input::Inputs;
use crate::model::{self, Model, OutputSpec};
use crate::output::{self, OutputError};
use crate::runner::{self, LoadError};
use crate::sklearn::{self, RewriteError, Scores};

/// Why a native run gave no outputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RunError {
    /// The host's reason.
    Host(String),
    /// The host's answer does not fit the graph.
    Answer(String),
}

impl std::fmt::Display for RunError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Host(message) => f.write_str(message),
            Self::Answer(message) => write!(f, "the host's answer does not fit the graph: {message}"),
        }
    }
}

/// A model that the host runs.
#[derive(Debug)]
pub(crate) struct NativeModel {
    /// The asset.
    path: String,
    inputs: Vec<String>,
    outputs: Vec<OutputSpec>,
}

impl NativeModel {
    /// `outputs` are those of the reduced graph, in order.
    pub(crate) fn new(path: String, inputs: &Inputs, outputs: Vec<OutputSpec>) -> Self {
        Self { path, inputs: inputs.feeds().iter().map(|feed| feed.name.clone()).collect(), outputs }
    }

    pub(crate) fn outputs(&self) -> &[OutputSpec] {
        &self.outputs
    }

    /// Asks the host; one tensor per graph input, in order.
    pub(crate) fn run(&self, tensors: Vec<Tensor>) -> Result<Vec<Tensor>, RunError> {
        let named = self
            .inputs
            .iter()
            .zip(tensors)
            .map(|(name, tensor)| Ok((name.clone(), output::tensor_to_value(&tensor).map_err(RunError::Answer)?)));
        let mut answered = ask(&self.path, named.collect::<Result<_, _>>()?)?;
        let ordered = self.outputs.iter().map(|wanted| {
            let position = answered.iter().position(|(name, _)| *name == wanted.name);
            let position = position.ok_or_else(|| RunError::Answer(format!("output `{}` is missing", wanted.name)))?;
            output::tensor_from(&answered.swap_remove(position).1).map_err(RunError::Answer)
        });
        ordered.collect()
    }
}

type Named = (String, spaces::value::Tensor);

#[cfg(target_arch = "wasm32")]
fn ask(path: &str, inputs: Vec<Named>) -> Result<Vec<Named>, RunError> {
    crate::guest::infer(path, inputs).map_err(RunError::Host)
}

#[cfg(not(target_arch = "wasm32"))]
fn ask(path: &str, _inputs: Vec<Named>) -> Result<Vec<Named>, RunError> {
    Err(RunError::Host(format!("there is no host to run `{path}`: this is not the sandbox")))
}

/// The virtual asset in which the runner finds what [`facts`] gave.
pub const FACTS_ASSET: &str = ".vitrine/facts.json";

/// What the runner must know of a graph that it does not load.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Facts {
    ports: Vec<PortFact>,
    outputs: Vec<OutputFact>,
    /// Outputs with the scores of classes, and the classes' names.
    scores: Vec<(String, Option<Vec<String>>)>,
    pub(crate) documentation: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct PortFact {
    name: String,
    /// As ONNX numbers its types.
    dtype: i32,
    shape: Vec<AxisFact>,
}

#[derive(Debug, Serialize, Deserialize)]
enum AxisFact {
    Fixed(u64),
    Named(String),
    Free,
}

#[derive(Debug, Serialize, Deserialize)]
struct OutputFact {
    name: String,
    dtype: i32,
    shape: Vec<Option<usize>>,
}

/// Reads a bundle's model and finds out what the runner must know of it, for [`FACTS_ASSET`].
///
/// This parses a stranger's file, so it is for a process that may die of it.
///
/// # Errors
/// [`LoadError`] as [`crate::Runner::load`].
pub fn facts(assets: &dyn Assets) -> Result<Vec<u8>, LoadError> {
    let (manifest, path) = runner::read_bundle(assets)?;
    let facts = Facts::find(assets, &path, &manifest)?;
    serde_json::to_vec(&facts).map_err(|error| LoadError::Manifest(error.to_string()))
}

impl Facts {
    /// What the host found out, else what the file itself says.
    pub(crate) fn load(assets: &dyn Assets, path: &str, manifest: &Manifest) -> Result<Self, LoadError> {
        if !assets.contains(FACTS_ASSET) {
            return Self::find(assets, path, manifest);
        }
        let bytes = assets.read(FACTS_ASSET).map_err(LoadError::Asset)?;
        serde_json::from_slice(&bytes).map_err(|error| LoadError::Manifest(error.to_string()))
    }

    fn find(assets: &dyn Assets, path: &str, manifest: &Manifest) -> Result<Self, LoadError> {
        let refused = |error: FileError| match error {
            FileError::Graph(problem) => LoadError::Graph { path: path.to_owned(), problem },
            FileError::Output(error) => error.into(),
        };
        let bytes = assets.read(path).map_err(LoadError::Asset)?;
        let file = ModelFile::read(&bytes, &Wanted::Shown(manifest.outputs.clone())).map_err(refused)?;
        drop(bytes);
        let ports = file.ports().map_err(|problem| refused(problem.into()))?;
        let (scores, documentation) = (file.scores().to_vec(), file.documentation());
        let inputs = Inputs::resolve(manifest, &ports, assets)?;
        let declared = file.declared_outputs();
        // The file may declare less than tract finds out; but the host may also run what tract cannot.
        let built = file.into_tract().ok().and_then(|graph| Model::build(graph, inputs.feeds()).ok());
        let outputs = built.map_or(declared, |model| model.outputs().to_vec());
        Ok(Self {
            ports: ports.into_iter().map(PortFact::of).collect(),
            outputs: outputs.into_iter().map(OutputFact::of).collect(),
            scores: scores.into_iter().map(|scores| (scores.output, scores.classes)).collect(),
            documentation,
        })
    }

    pub(crate) fn ports(&self) -> Result<Vec<Port>, LoadError> {
        self.ports.iter().map(PortFact::port).collect()
    }

    pub(crate) fn outputs(&self) -> Result<Vec<OutputSpec>, LoadError> {
        let outputs = self.outputs.iter().map(|output| {
            let dtype = model::datum_type(onnx_type(output.dtype)?).ok_or_else(|| unknown_type(output.dtype))?;
            Ok(OutputSpec { name: output.name.clone(), dtype, shape: output.shape.clone() })
        });
        outputs.collect()
    }

    pub(crate) fn scores(&self) -> Vec<Scores> {
        let scores = self.scores.iter();
        scores.map(|(output, classes)| Scores { output: output.clone(), classes: classes.clone() }).collect()
    }
}

impl PortFact {
    fn of(port: Port) -> Self {
        let shape = port.shape.into_iter().map(|axis| match axis {
            Axis::Fixed(size) => AxisFact::Fixed(size),
            Axis::Named(name) => AxisFact::Named(name),
            Axis::Free => AxisFact::Free,
        });
        Self { name: port.name, dtype: port.dtype as i32, shape: shape.collect() }
    }

    fn port(&self) -> Result<Port, LoadError> {
        let shape = self.shape.iter().map(|axis| match axis {
            AxisFact::Fixed(size) => Axis::Fixed(*size),
            AxisFact::Named(name) => Axis::Named(name.clone()),
            AxisFact::Free => Axis::Free,
        });
        Ok(Port { name: self.name.clone(), dtype: onnx_type(self.dtype)?, shape: shape.collect() })
    }
}

impl OutputFact {
    fn of(output: OutputSpec) -> Self {
        let known = [
            DataType::Bool,
            DataType::Uint8,
            DataType::Int8,
            DataType::Uint16,
            DataType::Int16,
            DataType::Uint32,
            DataType::Int32,
            DataType::Uint64,
            DataType::Int64,
            DataType::Float16,
            DataType::Double,
        ];
        let dtype = known.into_iter().find(|known| model::datum_type(*known) == Some(output.dtype));
        Self { name: output.name, dtype: dtype.unwrap_or(DataType::Float) as i32, shape: output.shape }
    }
}

fn onnx_type(number: i32) -> Result<DataType, LoadError> {
    DataType::try_from(number).map_err(|_| unknown_type(number))
}

fn unknown_type(number: i32) -> LoadError {
    LoadError::Manifest(format!("element type {number} is not one of ONNX"))
}

/// A checked model file, for engines outside the sandbox.
#[derive(Debug)]
pub struct ModelFile {
    /// Rewritten for tract where that is possible.
    graph: Graph,
    /// Why it could not be rewritten.
    refused: Option<RewriteError>,
    scores: Vec<Scores>,
    /// True where the file as it is gives more than what is wanted, or dictionaries instead of tensors.
    gives_more: bool,
}

/// Why a file is no model that a native engine can be given.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error(transparent)]
    Graph(#[from] GraphError),
    #[error(transparent)]
    Output(#[from] OutputError),
}

/// Which outputs of a graph are asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    /// Every tensor of numbers.
    Numeric,
    /// What a space shows, by the outputs of its manifest; without any, the graph decides.
    Shown(Vec<WantedOutput>),
}

impl ModelFile {
    /// Reads and checks a model. The same refusals as in the sandbox: above all, no data in other files.
    ///
    /// # Errors
    /// [`FileError`] names what is at fault.
    pub fn read(bytes: &[u8], wanted: &Wanted) -> Result<Self, FileError> {
        let mut graph = Graph::decode(bytes)?;
        let has_maps = graph.graph().node.iter().any(|node| node.op_type == "ZipMap");
        let n_outputs = graph.outputs().len();
        let (scores, refused) = match sklearn::rewrite(&mut graph) {
            Ok(scores) => (scores, None),
            Err(refused) => {
                // Half rewritten it is of no use.
                graph = Graph::decode(bytes)?;
                (sklearn::unwrap_maps(&mut graph), Some(refused))
            }
        };
        let wanted = match wanted {
            Wanted::Numeric => numeric_outputs(&graph),
            Wanted::Shown(specs) => output::wanted(specs, &graph, &scores)?,
        };
        graph.keep_outputs(&wanted);
        let gives_more = has_maps || graph.outputs().len() < n_outputs;
        Ok(Self { graph, refused, scores, gives_more })
    }

    /// What a run must feed.
    ///
    /// # Errors
    /// [`GraphError::BadPort`] for an input that is no tensor of numbers.
    pub fn ports(&self) -> Result<Vec<Port>, GraphError> {
        self.graph.inputs()
    }

    /// The names of the outputs that are asked for, in the graph's order.
    pub fn outputs(&self) -> Vec<String> {
        self.graph.outputs()
    }

    /// Which outputs hold the scores of classes.
    pub fn scores(&self) -> &[Scores] {
        &self.scores
    }

    pub(crate) fn documentation(&self) -> String {
        self.graph.graph().doc_string.trim().to_owned()
    }

    /// The outputs as the file declares them.
    pub(crate) fn declared_outputs(&self) -> Vec<OutputSpec> {
        declared_outputs(&self.graph)
    }

    /// The graph as tract runs it.
    ///
    /// # Errors
    /// A message that names the operators that tract has not.
    pub fn into_tract(self) -> Result<Graph, String> {
        if let Some(refused) = self.refused {
            return Err(refused.to_string());
        }
        self.graph.check_support().map_err(|problem| problem.to_string())?;
        Ok(self.graph)
    }

    /// The file as an engine that knows all operators runs it: `bytes`, from which this was read, or a copy that gives
    /// only what is wanted.
    ///
    /// # Errors
    /// [`GraphError`], though `bytes` were read before.
    pub fn plain<'a>(&self, bytes: &'a [u8]) -> Result<Cow<'a, [u8]>, GraphError> {
        if !self.gives_more {
            return Ok(Cow::Borrowed(bytes));
        }
        let mut graph = Graph::decode(bytes)?;
        sklearn::unwrap_maps(&mut graph);
        graph.keep_outputs(&self.outputs());
        Ok(Cow::Owned(graph.proto.encode_to_vec()))
    }
}

/// All outputs that are tensors of numbers.
fn numeric_outputs(graph: &Graph) -> Vec<String> {
    let outputs = graph.graph().output.iter();
    let numeric =
        outputs.filter(|output| tensor_type(output).is_some_and(|tensor| tensor.elem_type != DataType::String as i32));
    numeric.map(|output| output.name.clone()).collect()
}

fn declared_outputs(graph: &Graph) -> Vec<OutputSpec> {
    let outputs = graph.graph().output.iter().map(|output| {
        let tensor = tensor_type(output);
        let dtype = tensor.and_then(|tensor| model::datum_type(DataType::try_from(tensor.elem_type).ok()?));
        let shape = tensor.and_then(declared_shape).unwrap_or_default();
        let sizes = shape.iter().map(|axis| match axis {
            Axis::Fixed(size) => usize::try_from(*size).ok(),
            Axis::Named(_) | Axis::Free => None,
        });
        OutputSpec {
            name: output.name.clone(),
            dtype: dtype.unwrap_or(tract_onnx::prelude::DatumType::F32),
            shape: sizes.collect(),
        }
    });
    outputs.collect()
}

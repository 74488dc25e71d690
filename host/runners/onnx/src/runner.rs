//! The life of a space: loaded once, described once, called often.

use spaces::interface::{Endpoint, Interface};
use spaces::manifest::{Engine, InputSpec, Manifest, OutputSpec, RUNNER_ASSET};
use spaces::value::Value;

use crate::assets::Assets;
use crate::graph::{Graph, GraphError};
use crate::input::{InputError, Inputs, Rows};
use crate::memory::lasting;
use crate::model::{Model, ModelError};
use crate::names::label_for;
use crate::native::{Facts, NativeModel};
use crate::output::{self, OutputError, Outputs};
use crate::sklearn::{self, RewriteError, Scores};

/// The name of the only endpoint.
pub const ENDPOINT: &str = "predict";

/// Why a model does not become a space.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("the manifest cannot be read: {0}")]
    Manifest(String),
    #[error("{0}")]
    Asset(String),
    #[error("the bundle has no .onnx file")]
    NoModel,
    #[error("the bundle has several .onnx files; name one with `app` in space.toml")]
    ManyModels,
    #[error("`{path}`: {problem}")]
    Graph { path: String, problem: GraphError },
    #[error("`{path}`: {problem}")]
    Rewrite { path: String, problem: RewriteError },
    #[error("`{path}`: {problem}")]
    Model { path: String, problem: ModelError },
    #[error(transparent)]
    Input(#[from] InputError),
    #[error(transparent)]
    Output(#[from] OutputError),
}

/// The longest message to the author, in characters: names in a hostile file are as long as it.
const MAX_MESSAGE_CHARS: usize = 1000;

impl LoadError {
    /// The text for the author: short, and without characters that steer a terminal.
    pub fn message(&self) -> String {
        let text = self.to_string();
        let mut characters = text.chars();
        let visible = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
        let mut message: String = characters.by_ref().take(MAX_MESSAGE_CHARS).map(visible).collect();
        if characters.next().is_some() {
            message.push('…');
        }
        message
    }
}

/// Why a call has no outputs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    #[error("input `{field}`: {message}")]
    InvalidInput { field: String, message: String },
    #[error("{0}")]
    Failed(String),
}

/// A loaded space.
#[derive(Debug)]
pub struct Runner {
    model: Loaded,
    inputs: Inputs,
    outputs: Outputs,
    interface: Interface,
}

/// Where the model is.
#[derive(Debug)]
enum Loaded {
    Here(Model),
    Native(NativeModel),
}

impl Runner {
    /// Reads the bundle and loads its model.
    ///
    /// # Errors
    /// [`LoadError`] names the file, node, input or output at fault.
    pub fn load(assets: &dyn Assets) -> Result<Self, LoadError> {
        let (manifest, path) = read_bundle(assets)?;
        let Parts { model, inputs, scores, documentation } = match manifest.engine {
            Engine::Sandbox => load_here(assets, &path, &manifest)?,
            Engine::Native => load_native(assets, &path, &manifest)?,
        };
        let facts = match &model {
            Loaded::Here(model) => model.outputs(),
            Loaded::Native(model) => model.outputs(),
        };
        let outputs =
            Outputs::resolve(&manifest.outputs, facts, &scores, &inputs.text_labels(), Rows::of(&manifest), assets)?;
        // The host puts the manifest's title, description and examples over these.
        let title = title_from(&path);
        let interface = Interface {
            endpoints: vec![Endpoint {
                name: ENDPOINT.to_owned(),
                title: title.clone(),
                documentation: String::new(),
                inputs: inputs.fields().to_vec(),
                outputs: outputs.fields().to_vec(),
                examples: Vec::new(),
                streams: false,
            }],
            title,
            documentation,
            layout: Vec::new(),
            events: Vec::new(),
        };
        Ok(Self { model, inputs, outputs, interface })
    }

    /// What the space says of itself.
    pub fn interface(&self) -> &Interface {
        &self.interface
    }

    /// The inputs and outputs as a manifest writes them, those included that none named.
    pub fn specs(&self) -> (&[InputSpec], &[OutputSpec]) {
        (self.inputs.specs(), self.outputs.specs())
    }

    /// Serves one request: one value per input in, one per output out.
    ///
    /// # Errors
    /// [`CallError::InvalidInput`] names the input; [`CallError::Failed`] is anything else.
    pub fn call(&self, endpoint: &str, inputs: &[Value]) -> Result<Vec<Value>, CallError> {
        if endpoint != ENDPOINT {
            return Err(CallError::Failed(format!("there is no endpoint `{endpoint}`, only `{ENDPOINT}`")));
        }
        let fed = self.inputs.feed(inputs)?;
        let tensors = match &self.model {
            Loaded::Here(model) => model.run(fed.tensors).map_err(|error| error.to_string()),
            Loaded::Native(model) => model.run(fed.tensors).map_err(|error| error.to_string()),
        };
        let tensors = tensors.map_err(CallError::Failed)?;
        self.outputs.read(&tensors, fed.mask.as_ref())
    }
}

/// What loading a model gives.
struct Parts {
    model: Loaded,
    inputs: Inputs,
    scores: Vec<Scores>,
    documentation: String,
}

fn load_here(assets: &dyn Assets, path: &str, manifest: &Manifest) -> Result<Parts, LoadError> {
    let in_graph = |problem| LoadError::Graph { path: path.to_owned(), problem };
    let in_model = |problem| LoadError::Model { path: path.to_owned(), problem };
    let (graph, scores) = read_graph(assets, path, &manifest.outputs)?;
    let documentation = graph.graph().doc_string.trim().to_owned();
    let ports = graph.inputs().map_err(in_graph)?;
    let mut inputs = lasting(|| Inputs::resolve(manifest, &ports, assets))?;
    let model = match Model::build(graph, inputs.feeds()) {
        // Some graphs of texts can be built only for a length that is known.
        Err(_) if inputs.fix_text_length() => {
            let (graph, _) = read_graph(assets, path, &manifest.outputs)?;
            Model::build(graph, inputs.feeds()).map_err(in_model)?
        }
        built => built.map_err(in_model)?,
    };
    Ok(Parts { model: Loaded::Here(model), inputs, scores, documentation })
}

/// Learns what a model that the host runs takes and gives.
fn load_native(assets: &dyn Assets, path: &str, manifest: &Manifest) -> Result<Parts, LoadError> {
    let facts = Facts::load(assets, path, manifest)?;
    let inputs = Inputs::resolve(manifest, &facts.ports()?, assets)?;
    let model = NativeModel::new(path.to_owned(), &inputs, facts.outputs()?);
    let scores = facts.scores();
    Ok(Parts { model: Loaded::Native(model), inputs, scores, documentation: facts.documentation })
}

/// Reads the model's file, reduced to what the wanted outputs need and rewritten for tract.
fn read_graph(assets: &dyn Assets, path: &str, specs: &[OutputSpec]) -> Result<(Graph, Vec<Scores>), LoadError> {
    let in_graph = |problem| LoadError::Graph { path: path.to_owned(), problem };
    let bytes = assets.read(path).map_err(LoadError::Asset)?;
    // It is gone before what lasts is built, so it may lie in that place.
    let mut graph = lasting(|| Graph::decode(&bytes)).map_err(in_graph)?;
    drop(bytes);
    let scores =
        sklearn::rewrite(&mut graph).map_err(|problem| LoadError::Rewrite { path: path.to_owned(), problem })?;
    let wanted = output::wanted(specs, &graph, &scores)?;
    graph.keep_outputs(&wanted);
    graph.check_support().map_err(in_graph)?;
    Ok((graph, scores))
}

/// The manifest, and the path of the model.
pub(crate) fn read_bundle(assets: &dyn Assets) -> Result<(Manifest, String), LoadError> {
    let manifest = read_manifest(assets)?;
    let path = match &manifest.app {
        Some(path) => path.clone(),
        None => only_model(assets)?,
    };
    Ok((manifest, path))
}

fn read_manifest(assets: &dyn Assets) -> Result<Manifest, LoadError> {
    if !assets.contains(RUNNER_ASSET) {
        return Ok(Manifest::default());
    }
    let bytes = assets.read(RUNNER_ASSET).map_err(LoadError::Asset)?;
    serde_json::from_slice(&bytes).map_err(|error| LoadError::Manifest(error.to_string()))
}

fn only_model(assets: &dyn Assets) -> Result<String, LoadError> {
    let mut models = assets.paths();
    models.retain(|path| path.ends_with(".onnx"));
    match models.len() {
        0 => Err(LoadError::NoModel),
        1 => Ok(models.remove(0)),
        _ => Err(LoadError::ManyModels),
    }
}

/// `models/iris-forest.onnx` → `Iris forest`
fn title_from(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    label_for(&file.trim_end_matches(".onnx").replace('-', "_"))
}

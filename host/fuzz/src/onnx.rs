//! An ONNX file as the runner reads it, up to the form that a visitor fills. tract, which comes after that, runs in
//! the sandbox only.
//!
//! The bytes are the text of a `space.toml`, a zero byte, the model.

use onnx_runner::assets::Assets;
use onnx_runner::graph::Graph;
use onnx_runner::input::Inputs;
use onnx_runner::{LoadError, output, sklearn};
use spaces::interface::{Endpoint, Interface};
use spaces::manifest::Manifest;
use spaces::value::Value;

use super::message;

const PATH: &str = "model.onnx";

/// The longest `space.toml` in an input, in bytes: a model without a zero byte is no manifest.
const MAX_MANIFEST_BYTES: usize = 4096;

/// A bundle without other files.
struct NoFiles;

impl Assets for NoFiles {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        Err(format!("the bundle has no file `{path}`"))
    }

    fn paths(&self) -> Vec<String> {
        vec![PATH.to_owned()]
    }
}

pub(crate) fn check(data: &[u8]) {
    let Some(end) = data.iter().take(MAX_MANIFEST_BYTES).position(|byte| *byte == 0) else { return };
    let Some(manifest) = std::str::from_utf8(&data[..end]).ok().and_then(|text| Manifest::parse(text).ok()) else {
        return;
    };
    if let Err(error) = inspect(&manifest, &data[end + 1..]) {
        message::check(&error.message());
    }
}

/// The steps of `Runner::load` before the model is built.
fn inspect(manifest: &Manifest, model: &[u8]) -> Result<(), LoadError> {
    let in_graph = |problem| LoadError::Graph { path: PATH.to_owned(), problem };
    let mut graph = Graph::decode(model).map_err(in_graph)?;
    let scores =
        sklearn::rewrite(&mut graph).map_err(|problem| LoadError::Rewrite { path: PATH.to_owned(), problem })?;
    let wanted = output::wanted(&manifest.outputs, &graph, &scores)?;
    let outputs = graph.outputs();
    assert!(wanted.iter().all(|name| outputs.contains(name)), "{wanted:?} is not in {outputs:?}");
    graph.keep_outputs(&wanted);
    assert!(graph.outputs().iter().all(|name| wanted.contains(name)));
    graph.check_support().map_err(in_graph)?;

    let ports = graph.inputs().map_err(in_graph)?;
    let inputs = Inputs::resolve(manifest, &ports, &NoFiles)?;
    assert_eq!(inputs.feeds().len(), ports.len());
    let fields = inputs.fields().to_vec();
    // A form that nobody filled is refused, not fed.
    let n_fields = fields.len();
    if n_fields > 0 && fields.iter().all(|field| field.default.is_none()) {
        inputs.feed(&vec![Value::Null; n_fields]).expect_err("nothing was sent");
    }
    check_form(manifest, fields);
    Ok(())
}

/// What the runner makes up by itself has names that the host takes.
fn check_form(manifest: &Manifest, inputs: Vec<spaces::interface::Field>) {
    if manifest.inputs.is_empty() {
        for (index, field) in inputs.iter().enumerate() {
            spaces::id::check_name(&field.name).expect("a made-up name is one");
            assert!(inputs[..index].iter().all(|other| other.name != field.name), "`{}` is there twice", field.name);
        }
    }
    let endpoint = Endpoint {
        name: onnx_runner::runner::ENDPOINT.to_owned(),
        title: String::new(),
        documentation: String::new(),
        inputs,
        outputs: Vec::new(),
        examples: Vec::new(),
        streams: false,
    };
    let interface = Interface { endpoints: vec![endpoint], ..Interface::default() };
    if let Err(error) = interface.check() {
        message::check(&error);
    }
}

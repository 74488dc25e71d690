//! What is in a bundle with an ONNX model, for its author: told before it is published.
//!
//! This parses a stranger's file, so it is for a process that may die of it.

use std::collections::{BTreeSet, HashMap};

use prost::Message as _;
use spaces::inspection::{ModelFacts, OperatorFact, TensorFact};
use spaces::interface::Interface;
use spaces::manifest::Manifest;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{GraphProto, ModelProto, ValueInfoProto};

use crate::assets::Assets;
use crate::graph::{Axis, declared_shape, tensor_type};
use crate::runner::{LoadError, Runner, read_bundle};

/// The most inputs, outputs and operators that are told; a file that has more is none that a person reads.
const MAX_TOLD: usize = 200;
/// The longest name that is told, in characters.
const MAX_NAME_CHARS: usize = 120;

/// What was found in a model's file.
#[derive(Debug, Default)]
pub struct Found {
    /// What the file says of itself, where it can be read.
    pub facts: Option<ModelFacts>,
    /// What the page would be, with the manifest in which every input and output is written out.
    pub space: Option<(Interface, Manifest)>,
    /// Why it cannot be published.
    pub refused: Option<String>,
}

/// Reads the bundle's model as publishing would.
pub fn inspect(assets: &dyn Assets) -> Found {
    let mut found = Found::default();
    let loaded = read_bundle(assets).and_then(|(manifest, path)| {
        let bytes = assets.read(&path).map_err(LoadError::Asset)?;
        found.facts = ModelProto::decode(bytes.as_slice()).ok().map(|model| facts(&model));
        drop(bytes);
        Ok((Runner::load(assets)?, manifest))
    });
    match loaded {
        Ok((runner, manifest)) => {
            let (inputs, outputs) = runner.specs();
            let manifest = Manifest { inputs: inputs.to_vec(), outputs: outputs.to_vec(), ..manifest };
            found.space = Some((runner.interface().clone(), manifest));
        }
        Err(error) => found.refused = Some(error.message()),
    }
    found
}

fn facts(model: &ModelProto) -> ModelFacts {
    let opset = |set: &tract_onnx::pb::OperatorSetIdProto| {
        let domain = if set.domain.is_empty() { "ai.onnx" } else { &set.domain };
        format!("{} {}", plain(domain), set.version)
    };
    // Some exporters name a set twice.
    let opsets: BTreeSet<String> = model.opset_import.iter().take(MAX_TOLD).map(opset).collect();
    let mut facts = ModelFacts {
        producer: plain(format!("{} {}", model.producer_name, model.producer_version).trim()),
        opsets: opsets.into_iter().collect(),
        ..ModelFacts::default()
    };
    let Some(graph) = &model.graph else { return facts };
    let constants: std::collections::HashSet<&str> = graph.initializer.iter().map(|tensor| &*tensor.name).collect();
    let fed = graph.input.iter().filter(|input| !constants.contains(&*input.name));
    facts.inputs = fed.take(MAX_TOLD).map(tensor).collect();
    facts.outputs = graph.output.iter().take(MAX_TOLD).map(tensor).collect();
    facts.n_parameters = graph.initializer.iter().fold(0_u64, |sum, tensor| {
        let count = tensor.dims.iter().fold(1_u64, |n, size| n.saturating_mul(u64::try_from(*size).unwrap_or(0)));
        sum.saturating_add(count)
    });
    let mut counts = HashMap::new();
    count(graph, &mut counts);
    facts.n_nodes = counts.values().sum();
    let known = tract_onnx::onnx().op_register.0;
    let operator = |(name, n_nodes): (&str, u64)| OperatorFact {
        supported: known.contains_key(name) || crate::sklearn::rewrites(name),
        name: plain(name),
        n_nodes,
    };
    facts.operators = counts.into_iter().map(operator).collect();
    // What cannot run is what one looks for.
    facts.operators.sort_by(|a, b| {
        (a.supported, std::cmp::Reverse(a.n_nodes), &a.name).cmp(&(b.supported, std::cmp::Reverse(b.n_nodes), &b.name))
    });
    facts.operators.truncate(MAX_TOLD);
    facts
}

fn count<'a>(graph: &'a GraphProto, counts: &mut HashMap<&'a str, u64>) {
    for node in &graph.node {
        *counts.entry(&node.op_type).or_default() += 1;
        for inner in node.attribute.iter().flat_map(|attribute| attribute.g.iter().chain(&attribute.graphs)) {
            count(inner, counts);
        }
    }
}

fn tensor(port: &ValueInfoProto) -> TensorFact {
    let declared = tensor_type(port);
    let dtype = declared.and_then(|tensor| DataType::try_from(tensor.elem_type).ok());
    let axis = |axis: Axis| match axis {
        Axis::Fixed(size) => size.to_string(),
        Axis::Named(name) => plain(&name),
        Axis::Free => "?".to_owned(),
    };
    let shape = declared.and_then(declared_shape).unwrap_or_default();
    TensorFact {
        name: plain(&port.name),
        dtype: dtype.map_or_else(|| "unknown".to_owned(), |dtype| dtype.as_str_name().to_lowercase()),
        shape: shape.into_iter().take(MAX_TOLD).map(axis).collect(),
    }
}

/// A name out of a stranger's file: short, and without characters that steer a terminal.
fn plain(name: &str) -> String {
    let visible = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
    name.chars().take(MAX_NAME_CHARS).map(visible).collect()
}

//! The ONNX file: read, checked and reduced to what the outputs need.
//!
//! The file is hostile. [`Graph::decode`] leaves a graph whose names resolve, whose nodes are in order without a
//! cycle, whose tensors carry their own data, and whose sizes fit the sandbox; so tract meets no surprise
//! that it would answer with a panic.

mod check;
mod order;
mod support;

use prost::Message as _;
use tract_onnx::pb::{
    GraphProto, ModelProto, NodeProto, TypeProto, ValueInfoProto, tensor_proto, tensor_shape_proto, type_proto,
};

pub use check::MAX_ELEMENTS;
pub(crate) use check::integers;
pub use support::{Advice, Unsupported};

/// Why an ONNX file is refused.
#[derive(Debug, thiserror::Error)]
pub enum GraphError {
    #[error("the file is not an ONNX model: {0}")]
    NotOnnx(prost::DecodeError),
    #[error("the file is not an ONNX model: it has no graph")]
    NoGraph,
    #[error("the graph has no output")]
    NoOutput,
    #[error("{place}: {problem}")]
    BadTensor { place: String, problem: String },
    #[error("{kind} `{name}`: {problem}")]
    BadPort { kind: &'static str, name: String, problem: String },
    #[error("node `{node}` ({op}) reads `{tensor}`, which nothing in the graph produces")]
    Dangling { node: String, op: String, tensor: String },
    #[error("output `{0}` is produced by nothing in the graph")]
    MissingOutput(String),
    #[error("`{0}` is produced twice in the graph")]
    Duplicate(String),
    #[error("the graph is cyclic: node `{node}` ({op}) needs its own result")]
    Cycle { node: String, op: String },
    #[error("node `{node}` ({op}): {problem}")]
    BadNode { node: String, op: String, problem: String },
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Unsupported(Vec<Unsupported>),
}

/// One dimension of a graph input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Axis {
    Fixed(u64),
    /// Free, with the name that ties it to other free dimensions.
    Named(String),
    Free,
}

/// A graph input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    pub name: String,
    pub dtype: tensor_proto::DataType,
    pub shape: Vec<Axis>,
}

/// A checked ONNX model.
#[derive(Debug)]
pub struct Graph {
    pub(crate) proto: ModelProto,
}

impl Graph {
    /// Reads and checks a model.
    ///
    /// # Errors
    /// [`GraphError`] names the node, tensor or port at fault.
    pub fn decode(bytes: &[u8]) -> Result<Self, GraphError> {
        let mut proto = ModelProto::decode(bytes).map_err(GraphError::NotOnnx)?;
        let graph = proto.graph.as_mut().ok_or(GraphError::NoGraph)?;
        if graph.output.is_empty() {
            return Err(GraphError::NoOutput);
        }
        // Neither is needed to run the model, and both can be as large as it.
        graph.value_info.clear();
        proto.training_info.clear();
        name_nodes(graph);
        check::tensors(graph)?;
        order::sort(graph)?;
        check::constants(graph)?;
        Ok(Self { proto })
    }

    /// The inputs that a run must feed.
    ///
    /// # Errors
    /// [`GraphError::BadPort`] for an input that is no tensor of numbers or has an impossible shape.
    pub fn inputs(&self) -> Result<Vec<Port>, GraphError> {
        let graph = self.graph();
        let fed =
            graph.input.iter().filter(|input| !graph.initializer.iter().any(|constant| constant.name == input.name));
        fed.map(check::port).collect()
    }

    /// The names of the outputs.
    pub fn outputs(&self) -> Vec<String> {
        self.graph().output.iter().map(|output| output.name.clone()).collect()
    }

    /// Drops all outputs but `names`, and every node and weight that only the dropped ones needed.
    pub fn keep_outputs(&mut self, names: &[String]) {
        let graph = self.graph_mut();
        graph.output.retain(|output| names.contains(&output.name));
        order::prune(graph);
    }

    /// Checks that every operator is one that tract knows.
    ///
    /// # Errors
    /// [`GraphError::Unsupported`] lists all that are not, each with a node that uses it and what to do.
    pub fn check_support(&self) -> Result<(), GraphError> {
        support::check(&self.proto)
    }

    /// Sorts the nodes and checks their names anew, for who has changed them.
    ///
    /// # Errors
    /// [`GraphError`] naming the tensor that is made twice or by nothing, or the cycle.
    pub(crate) fn sort(&mut self) -> Result<(), GraphError> {
        order::sort(self.graph_mut())
    }

    pub(crate) fn graph(&self) -> &GraphProto {
        self.proto.graph.as_ref().expect("`decode` refuses models without a graph")
    }

    pub(crate) fn graph_mut(&mut self) -> &mut GraphProto {
        self.proto.graph.as_mut().expect("`decode` refuses models without a graph")
    }
}

/// The declared type of a tensor, where there is one.
pub(crate) fn tensor_type(port: &ValueInfoProto) -> Option<&type_proto::Tensor> {
    match port.r#type.as_ref()? {
        TypeProto { value: Some(type_proto::Value::TensorType(tensor)), .. } => Some(tensor),
        TypeProto { value: None, .. } => None,
    }
}

/// The declared dimensions of a tensor, where they are known.
pub(crate) fn declared_shape(tensor: &type_proto::Tensor) -> Option<Vec<Axis>> {
    use tensor_shape_proto::dimension::Value;
    let dims = &tensor.shape.as_ref()?.dim;
    Some(
        dims.iter()
            .map(|dim| match &dim.value {
                // Some exporters write -1 for a free dimension; other negative numbers are refused before.
                Some(Value::DimValue(size)) => u64::try_from(*size).map_or(Axis::Free, Axis::Fixed),
                Some(Value::DimParam(name)) if !name.is_empty() && name != "?" => Axis::Named(name.clone()),
                Some(Value::DimParam(_)) | None => Axis::Free,
            })
            .collect(),
    )
}

/// A node's name for messages: its own, else its first output's.
pub(crate) fn node_name(node: &NodeProto) -> String {
    let fallback = node.output.iter().find(|output| !output.is_empty());
    if node.name.is_empty() { fallback.cloned().unwrap_or_default() } else { node.name.clone() }
}

/// Gives each node a name of its own, because tract refuses two nodes of one name.
fn name_nodes(graph: &mut GraphProto) {
    let mut taken = std::collections::HashSet::new();
    for (index, node) in graph.node.iter_mut().enumerate() {
        node.name = node_name(node);
        if !taken.insert(node.name.clone()) {
            node.name = format!("{}#{index}", node.name);
            taken.insert(node.name.clone());
        }
    }
}

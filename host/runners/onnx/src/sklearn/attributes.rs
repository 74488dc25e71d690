//! Reading and writing the attributes of a node.

use tract_onnx::pb::attribute_proto::AttributeType;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{AttributeProto, NodeProto, TensorProto};

use super::Rewritten;

pub(super) fn floats<'a>(node: &'a NodeProto, name: &str) -> &'a [f32] {
    find(node, name).map_or(&[], |attribute| &attribute.floats)
}

pub(super) fn integers<'a>(node: &'a NodeProto, name: &str) -> &'a [i64] {
    find(node, name).map_or(&[], |attribute| &attribute.ints)
}

pub(super) fn strings<'a>(node: &'a NodeProto, name: &str) -> &'a [Vec<u8>] {
    find(node, name).map_or(&[], |attribute| &attribute.strings)
}

pub(super) fn integer(node: &NodeProto, name: &str) -> Option<i64> {
    find(node, name).map(|attribute| attribute.i)
}

pub(super) fn float(node: &NodeProto, name: &str) -> Option<f32> {
    find(node, name).map(|attribute| attribute.f)
}

pub(super) fn text(node: &NodeProto, name: &str) -> Option<String> {
    find(node, name).map(|attribute| String::from_utf8_lossy(&attribute.s).into_owned())
}

pub(super) fn remove(node: &mut NodeProto, name: &str) {
    node.attribute.retain(|attribute| attribute.name != name);
}

pub(super) fn set_integers(node: &mut NodeProto, name: &str, ints: Vec<i64>) {
    set(node, AttributeProto { r#type: AttributeType::Ints as i32, ints, ..named(name) });
}

pub(super) fn set_floats(node: &mut NodeProto, name: &str, floats: Vec<f32>) {
    set(node, AttributeProto { r#type: AttributeType::Floats as i32, floats, ..named(name) });
}

pub(super) fn set_integer(node: &mut NodeProto, name: &str, i: i64) {
    set(node, AttributeProto { r#type: AttributeType::Int as i32, i, ..named(name) });
}

impl Rewritten {
    /// Adds a node of a standard operator that writes `output`.
    pub(super) fn push(&mut self, op: &str, inputs: &[&str], output: &str) -> &mut NodeProto {
        self.nodes.push(NodeProto {
            name: format!("{output}/{op}"),
            op_type: op.to_owned(),
            input: inputs.iter().map(|&input| input.to_owned()).collect(),
            output: vec![output.to_owned()],
            ..NodeProto::default()
        });
        self.nodes.last_mut().expect("a node was pushed just before")
    }

    /// Adds a cast of the node's first input to `f32` and returns the name of the result.
    pub(super) fn cast_input(&mut self, old: &NodeProto) -> String {
        let result = format!("{}/f32", old.name);
        let input = old.input.first().cloned().unwrap_or_default();
        set_integer(self.push("Cast", &[&input], &result), "to", DataType::Float as i64);
        result
    }

    /// Adds a constant and returns its name.
    pub(super) fn constant(&mut self, old: &NodeProto, name: &str, dims: &[usize], float_data: Vec<f32>) -> String {
        let name = format!("{}/{name}", old.name);
        self.initializers.push(TensorProto {
            name: name.clone(),
            data_type: DataType::Float as i32,
            dims: dims.iter().map(|&dim| dim as i64).collect(),
            float_data,
            ..TensorProto::default()
        });
        name
    }
}

fn find<'a>(node: &'a NodeProto, name: &str) -> Option<&'a AttributeProto> {
    node.attribute.iter().find(|attribute| attribute.name == name)
}

fn set(node: &mut NodeProto, attribute: AttributeProto) {
    remove(node, &attribute.name.clone());
    node.attribute.push(attribute);
}

fn named(name: &str) -> AttributeProto {
    AttributeProto { name: name.to_owned(), ..AttributeProto::default() }
}

//! Class names, and which outputs of the graph hold the scores of classes.

use std::collections::{HashMap, HashSet};

use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{GraphProto, NodeProto, TensorProto, TypeProto, ValueInfoProto, type_proto};

use super::attributes;
use crate::graph::tensor_type;

/// An output that holds one score a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scores {
    pub output: String,
    /// The class names, where the graph has them.
    pub classes: Option<Vec<String>>,
}

/// Reads the class names of a classifier or `ZipMap`.
pub(super) fn take_names(node: &mut NodeProto) -> Option<Vec<String>> {
    let strings = attributes::strings(node, "classlabels_strings");
    if !strings.is_empty() {
        return Some(strings.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect());
    }
    // The specification names the attribute differently from operator to operator.
    for attribute in ["classlabels_int64s", "classlabels_ints"] {
        let numbers = attributes::integers(node, attribute);
        if !numbers.is_empty() {
            return Some(numbers.iter().map(ToString::to_string).collect());
        }
    }
    None
}

/// Replaces the class names of a classifier by the numbers from 0.
pub(super) fn number_classes(node: &mut NodeProto, count: usize) {
    attributes::remove(node, "classlabels_strings");
    let attribute = if node.op_type == "LinearClassifier" { "classlabels_ints" } else { "classlabels_int64s" };
    attributes::set_integers(node, attribute, (0..count as i64).collect());
}

/// Declares the outputs that a `ZipMap` wrote as tensors of scores.
pub(super) fn declare_scores(outputs: &mut [ValueInfoProto], names: &[String]) {
    for output in outputs.iter_mut().filter(|output| names.contains(&output.name)) {
        let tensor = type_proto::Tensor { elem_type: DataType::Float as i32, shape: None };
        output.r#type = Some(TypeProto { value: Some(type_proto::Value::TensorType(tensor)), ..TypeProto::default() });
    }
}

/// The outputs that hold scores, found by the node that makes them or, for plain operators, by their name.
pub(super) fn find_scores(graph: &GraphProto, mut class_names: HashMap<String, Vec<String>>) -> Vec<Scores> {
    let producers: HashMap<&str, &NodeProto> =
        graph.node.iter().flat_map(|node| node.output.iter().map(move |output| (output.as_str(), node))).collect();
    let listed = listed_classes(graph);
    let mut found = Vec::new();
    for output in &graph.output {
        if tensor_type(output).is_none_or(|tensor| !is_float(tensor.elem_type)) {
            continue;
        }
        let (source, producer) = behind_wrappers(&output.name, &producers);
        let is_classifier = producer.is_some_and(|node| match node.op_type.as_str() {
            "Softmax" => true,
            "LinearClassifier" | "TreeEnsembleClassifier" => node.output.get(1).is_some_and(|scores| scores == source),
            _ => false,
        });
        if is_classifier || output.name.contains("probabilit") {
            let classes =
                class_names.remove(&output.name).or_else(|| class_names.remove(source)).or_else(|| listed.clone());
            found.push(Scores { output: output.name.clone(), classes });
        }
    }
    found
}

/// Follows a tensor through nodes that keep its values.
fn behind_wrappers<'a>(name: &'a str, producers: &HashMap<&'a str, &'a NodeProto>) -> (&'a str, Option<&'a NodeProto>) {
    let mut name = name;
    loop {
        let producer = producers.get(name).copied();
        match producer {
            Some(node)
                if matches!(node.op_type.as_str(), "Identity" | "Cast" | "Normalizer") && !node.input.is_empty() =>
            {
                name = &node.input[0];
            }
            _ => return (name, producer),
        }
    }
}

/// The classes from which a graph of plain operators picks its label.
///
/// Nearest neighbours pick from the labels of their training data too; those repeat, classes do not.
fn listed_classes(graph: &GraphProto) -> Option<Vec<String>> {
    let pickers = graph.node.iter().filter(|node| node.op_type == "ArrayFeatureExtractor");
    pickers
        .filter_map(|picker| {
            let constants = &mut graph.initializer.iter();
            names_in(constants.find(|tensor| Some(&tensor.name) == picker.input.first())?)
        })
        .find(|names| names.iter().collect::<HashSet<_>>().len() == names.len())
}

/// The elements of a constant of texts or integers.
fn names_in(tensor: &TensorProto) -> Option<Vec<String>> {
    match DataType::try_from(tensor.data_type).ok()? {
        DataType::String => {
            let texts = tensor.string_data.iter();
            Some(texts.map(|name| String::from_utf8_lossy(name).into_owned()).collect())
        }
        DataType::Int64 => Some(crate::graph::integers(tensor).iter().map(ToString::to_string).collect()),
        DataType::Int32 if !tensor.int32_data.is_empty() => {
            Some(tensor.int32_data.iter().map(ToString::to_string).collect())
        }
        _ => None,
    }
}

fn is_float(elem_type: i32) -> bool {
    matches!(DataType::try_from(elem_type), Ok(DataType::Float | DataType::Float16 | DataType::Double))
}

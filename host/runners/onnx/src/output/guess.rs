//! Outputs for a graph without a manifest.

use spaces::manifest::{OutputKind, OutputSpec};
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::prelude::DatumType;

use crate::graph::{Graph, tensor_type};
use crate::input::Rows;
use crate::model;
use crate::names::FieldNames;
use crate::sklearn::Scores;

/// The names that scikit-learn's converter gives to a classifier's label.
const LABEL_OUTPUTS: [&str; 2] = ["label", "output_label"];

/// All outputs but those that are no numbers and the labels that scores tell as well.
pub(super) fn wanted(graph: &Graph, scores: &[Scores]) -> Vec<String> {
    let outputs = &graph.graph().output;
    let is_told = |name: &str| !scores.is_empty() && LABEL_OUTPUTS.contains(&name);
    let kept = outputs.iter().filter(|output| {
        let is_text = tensor_type(output).is_some_and(|tensor| tensor.elem_type == DataType::String as i32);
        let is_superfluous = is_told(&output.name) || (is_text && outputs.len() > 1);
        !is_superfluous
    });
    kept.map(|output| output.name.clone()).collect()
}

/// Scores become a label, single numbers a number, everything else a raw tensor; of several rows all are.
pub(super) fn outputs(outputs: &[model::OutputSpec], scores: &[Scores], rows: Rows) -> Vec<OutputSpec> {
    let mut names = FieldNames::default();
    outputs
        .iter()
        .map(|output| {
            let count =
                output.shape.iter().copied().reduce(|product, size| product?.checked_mul(size?)).unwrap_or(Some(1));
            let is_scores = scores.iter().any(|scores| scores.output == output.name) && output.shape.len() <= 2;
            let kind = match count {
                _ if rows == Rows::Any => OutputKind::Tensor {},
                _ if is_scores => OutputKind::Label { labels: None, softmax: false, top: None },
                Some(1) if output.dtype != DatumType::Bool => OutputKind::Number { scale: None, offset: None },
                _ => OutputKind::Tensor {},
            };
            let name = if is_scores && outputs.len() == 1 && rows == Rows::One { "label" } else { &output.name };
            OutputSpec { name: names.make(name), label: None, info: None, tensor: Some(output.name.clone()), kind }
        })
        .collect()
}

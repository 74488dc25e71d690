//! What scikit-learn exports (domain `ai.onnx.ml`) rewritten into what tract runs.
//!
//! | operator | becomes |
//! | --- | --- |
//! | `ZipMap` | `Identity`: the scores without the dictionaries |
//! | `LinearClassifier`, `TreeEnsembleClassifier` | themselves, with class numbers for class names |
//! | `TreeEnsembleRegressor` | a `TreeEnsembleClassifier` whose classes are the targets |
//! | `Scaler` | `Cast`, `Sub`, `Mul` |
//! | `LinearRegressor` | `Cast`, `MatMul`, `Add` |
//! | `Binarizer` | `Greater`, `Cast` |
//!
//! The class names are kept, so that a classifier's scores come out with names.

mod attributes;
mod classes;
pub(crate) mod forest;
mod plain;
mod trees;

use std::collections::HashMap;

use tract_onnx::pb::NodeProto;

use crate::graph::{Graph, GraphError, node_name};

pub use classes::Scores;

/// The `skl2onnx` option that avoids the operators of scikit-learn's own domain.
const BLACK_OP_HINT: &str = "export with to_onnx(model, x, options={'zipmap': False}, black_op={'LinearClassifier', \
                             'Scaler', 'Normalizer', 'LinearRegressor', 'ZipMap'})";

/// The operators that tract does not know before they are rewritten.
#[cfg(not(target_arch = "wasm32"))]
const REWRITTEN: [&str; 5] = ["ZipMap", "TreeEnsembleRegressor", "Scaler", "LinearRegressor", "Binarizer"];

/// True for an operator that [`rewrite`] replaces.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn rewrites(op: &str) -> bool {
    REWRITTEN.contains(&op)
}

/// Why a scikit-learn operator cannot run.
#[derive(Debug, thiserror::Error)]
pub enum RewriteError {
    #[error("node `{node}` ({op}): {problem}; {advice}")]
    Node { node: String, op: String, problem: String, advice: &'static str },
    /// The new tensors, named after their node, meet others of the same names.
    #[error("a name is taken that rewriting needs: {0}; rename the tensor")]
    Names(GraphError),
}

/// Rewrites the graph in place and tells which outputs hold the scores of classes.
///
/// # Errors
/// [`RewriteError`] names the node and the export option that avoids it, or the name that is taken.
pub fn rewrite(graph: &mut Graph) -> Result<Vec<Scores>, RewriteError> {
    let mut class_names: HashMap<String, Vec<String>> = HashMap::new();
    let proto = graph.graph_mut();
    let mut rewritten = Rewritten::default();
    for mut node in std::mem::take(&mut proto.node) {
        match node.op_type.as_str() {
            "ZipMap" => {
                unwrap_map(&mut node, &mut proto.output, &mut class_names);
                rewritten.nodes.push(node);
            }
            "LinearClassifier" | "TreeEnsembleClassifier" => {
                let scores = node.output.get(1).cloned().unwrap_or_default();
                if let Some(names) = classes::take_names(&mut node) {
                    let count = names.len();
                    class_names.insert(scores, names);
                    classes::number_classes(&mut node, count);
                }
                if node.op_type == "TreeEnsembleClassifier" {
                    trees::check(&mut node, "class").map_err(|problem| refuse(&node, problem, trees::ADVICE))?;
                }
                rewritten.nodes.push(node);
            }
            "TreeEnsembleRegressor" => {
                trees::regressor(&node, &mut rewritten).map_err(|problem| refuse(&node, problem, trees::ADVICE))?;
            }
            "Scaler" => {
                plain::scaler(&node, &mut rewritten).map_err(|problem| refuse(&node, problem, BLACK_OP_HINT))?;
            }
            "LinearRegressor" => {
                plain::linear_regressor(&node, &mut rewritten)
                    .map_err(|problem| refuse(&node, problem, BLACK_OP_HINT))?;
            }
            "Binarizer" => {
                plain::binarizer(&node, &mut rewritten).map_err(|problem| refuse(&node, problem, BLACK_OP_HINT))?;
            }
            _ => rewritten.nodes.push(node),
        }
    }
    proto.node = rewritten.nodes;
    proto.initializer.append(&mut rewritten.initializers);
    graph.sort().map_err(RewriteError::Names)?;
    Ok(classes::find_scores(graph.graph(), class_names))
}

/// Replaces only what gives no tensors, for engines that know all other operators.
pub fn unwrap_maps(graph: &mut Graph) -> Vec<Scores> {
    let mut class_names: HashMap<String, Vec<String>> = HashMap::new();
    let proto = graph.graph_mut();
    for mut node in std::mem::take(&mut proto.node) {
        match node.op_type.as_str() {
            "ZipMap" => unwrap_map(&mut node, &mut proto.output, &mut class_names),
            "LinearClassifier" | "TreeEnsembleClassifier" | "SVMClassifier" => {
                if let Some(names) = classes::take_names(&mut node) {
                    class_names.insert(node.output.get(1).cloned().unwrap_or_default(), names);
                }
            }
            _ => {}
        }
        proto.node.push(node);
    }
    classes::find_scores(proto, class_names)
}

fn unwrap_map(
    node: &mut NodeProto,
    outputs: &mut [tract_onnx::pb::ValueInfoProto],
    class_names: &mut HashMap<String, Vec<String>>,
) {
    if let Some(names) = classes::take_names(node) {
        class_names.insert(node.output.first().cloned().unwrap_or_default(), names);
    }
    node.op_type = "Identity".to_owned();
    node.domain.clear();
    node.attribute.clear();
    classes::declare_scores(outputs, &node.output);
}

fn refuse(node: &NodeProto, problem: String, advice: &'static str) -> RewriteError {
    RewriteError::Node { node: node_name(node), op: node.op_type.clone(), problem, advice }
}

/// The nodes and constants that take the place of the old ones.
#[derive(Debug, Default)]
struct Rewritten {
    nodes: Vec<NodeProto>,
    initializers: Vec<tract_onnx::pb::TensorProto>,
}

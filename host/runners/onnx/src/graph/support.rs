//! Which operators tract can run, and what to do about those that it cannot.

use std::fmt;

use tract_onnx::pb::{GraphProto, ModelProto};

use super::{GraphError, node_name};

/// An operator that cannot run, with one of the nodes that use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsupported {
    pub op: String,
    pub node: String,
    pub advice: Advice,
}

/// What to do about an operator that cannot run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// Support vector machines have no plain form in ONNX.
    SupportVectors,
    /// Preprocessing that belongs in front of the model.
    Encoding,
    /// An operator of an author or vendor.
    CustomDomain,
    /// Anything else.
    Replace,
}

impl fmt::Display for Unsupported {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { op, node, advice } = self;
        write!(formatter, "operator `{op}` (node `{node}`) is not supported: ")?;
        match advice {
            Advice::SupportVectors => write!(
                formatter,
                "use a model that exports to plain operators, such as LogisticRegression, MLPClassifier or a random \
                 forest; for kernels, put Nystroem before LogisticRegression"
            ),
            Advice::Encoding => write!(
                formatter,
                "turn texts, categories and missing values into numbers before the model and export only what follows"
            ),
            Advice::CustomDomain => write!(formatter, "export the model with standard ONNX operators only"),
            Advice::Replace => write!(
                formatter,
                "export the model so that it avoids this operator (another opset, or a simpler layer)"
            ),
        }
    }
}

/// Checks every node, subgraphs included; each operator is reported once.
pub(super) fn check(model: &ModelProto) -> Result<(), GraphError> {
    let known = tract_onnx::onnx().op_register.0;
    let mut missing = Vec::new();
    if let Some(graph) = &model.graph {
        collect(graph, &|op| known.contains_key(op), &mut missing);
    }
    if missing.is_empty() { Ok(()) } else { Err(GraphError::Unsupported(missing)) }
}

fn collect(graph: &GraphProto, is_known: &dyn Fn(&str) -> bool, missing: &mut Vec<Unsupported>) {
    for node in &graph.node {
        // Vendors' quantised and fused operators that tract has under their own names come with a domain too.
        if !is_known(&node.op_type) && !missing.iter().any(|other| other.op == node.op_type) {
            let advice = advice(&node.op_type, &node.domain);
            missing.push(Unsupported { op: node.op_type.clone(), node: node_name(node), advice });
        }
        for inner in node.attribute.iter().flat_map(|attribute| attribute.g.iter().chain(&attribute.graphs)) {
            collect(inner, is_known, missing);
        }
    }
}

fn advice(op: &str, domain: &str) -> Advice {
    match (op, domain) {
        ("SVMClassifier" | "SVMRegressor", _) => Advice::SupportVectors,
        (
            "Imputer" | "OneHotEncoder" | "LabelEncoder" | "DictVectorizer" | "CastMap" | "TfIdfVectorizer"
            | "Tokenizer" | "StringNormalizer" | "StringSplit" | "StringConcat",
            _,
        ) => Advice::Encoding,
        (_, "" | "ai.onnx" | "ai.onnx.ml") => Advice::Replace,
        _ => Advice::CustomDomain,
    }
}

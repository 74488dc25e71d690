//! What an upload was found to be, before it is published.

use serde::{Deserialize, Serialize};

use crate::interface::Interface;
use crate::manifest::Manifest;
use crate::view::AppKind;

/// The answer to `POST /api/v1/inspect`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Inspection {
    /// The app; none where the upload is no bundle.
    pub app: Option<InspectedApp>,
    /// The other files of the bundle, except `space.toml`.
    pub files: Vec<InspectedFile>,
    /// `space.toml` as it stands in the bundle, with the inputs and outputs of an ONNX model that it leaves out.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub manifest: Manifest,
    /// What the page would be; none where the app cannot be published.
    pub interface: Option<Interface>,
    /// Why the app cannot be published. None: it can.
    pub problems: Vec<Problem>,
}

/// The app of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InspectedApp {
    /// The name in the bundle.
    pub name: String,
    pub kind: AppKind,
    pub size_bytes: u64,
    /// What an ONNX file says of itself, where it can be read.
    pub model: Option<ModelFacts>,
}

/// A file beside the app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InspectedFile {
    pub path: String,
    pub size_bytes: u64,
}

/// What an ONNX file says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelFacts {
    /// The program that wrote it, with its version; may be empty.
    pub producer: String,
    /// The version of each set of operators: `ai.onnx 17`.
    pub opsets: Vec<String>,
    pub n_nodes: u64,
    pub n_parameters: u64,
    pub inputs: Vec<TensorFact>,
    pub outputs: Vec<TensorFact>,
    /// The most frequent first.
    pub operators: Vec<OperatorFact>,
}

/// An input or output of a graph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TensorFact {
    pub name: String,
    /// ONNX's name of the element type: `float`.
    pub dtype: String,
    /// Each dimension: its size, its name, or `?`.
    pub shape: Vec<String>,
}

/// An operator of a graph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OperatorFact {
    pub name: String,
    pub n_nodes: u64,
    /// Whether it can run here as it is.
    pub supported: bool,
}

/// Why an app cannot be published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Stable, for programs.
    pub code: String,
    /// What is wrong, with the line, operator, import or file at fault.
    pub message: String,
    /// What to do.
    pub advice: Option<String>,
    /// The input, node, import or file at fault, where there is one.
    pub field: Option<String>,
}

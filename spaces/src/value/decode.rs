//! JSON and multipart → [`Value`], driven by the endpoint's description.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::fit::ValueError;
use super::{Media, Value};
use crate::interface::{Endpoint, Example};

/// What a stored text begins with that stands for a file of the bundle, where the component takes media.
pub const ASSET_PREFIX: &str = "asset:";

/// One part of a multipart request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The input.
    pub name: String,
    /// The `filename` of a file part.
    pub file_name: Option<String>,
    /// The part's `Content-Type`.
    pub mime_type: Option<String>,
    pub bytes: Vec<u8>,
}

/// Reads files of a space's bundle.
pub trait AssetReader {
    /// The bytes and the media type of the file at `path` (relative, with `/`), or why there are none.
    ///
    /// # Errors
    /// A text for the visitor, such as "there is no file `x.jpg` in the bundle".
    fn read(&self, path: &str) -> Result<(Vec<u8>, String), String>;
}

/// A bundle without files.
#[derive(Debug, Clone, Copy)]
pub struct NoAssets;

impl AssetReader for NoAssets {
    fn read(&self, path: &str) -> Result<(Vec<u8>, String), String> {
        Err(format!("there is no file `{path}` in the bundle"))
    }
}

/// Files read beforehand, by path: for callers whose storage is asynchronous; see [`asset_paths`].
impl AssetReader for HashMap<String, Media> {
    fn read(&self, path: &str) -> Result<(Vec<u8>, String), String> {
        match self.get(path) {
            Some(media) => Ok((media.bytes.clone(), media.mime_type.clone())),
            None => Err(format!("there is no file `{path}` in the bundle")),
        }
    }
}

/// Why a request is not a set of inputs: the client's fault.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DecodeError {
    #[error("the body must be a JSON object with one key per input, or {{\"data\": [...]}}; found {found}")]
    Body { found: &'static str },
    #[error("there is no input `{name}`; {known}")]
    Unknown { name: String, known: String },
    #[error("input `{name}` is missing")]
    Missing { name: String },
    #[error("`data` has {given} values, but the endpoint has {expected} inputs")]
    TooMany { given: usize, expected: usize },
    #[error("input `{name}` is given more than once")]
    Twice { name: String },
    #[error("input `{name}`: {problem}")]
    Invalid { name: String, problem: ValueError },
}

impl DecodeError {
    /// The input at fault, where it is one.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Body { .. } | Self::TooMany { .. } => None,
            Self::Unknown { name, .. }
            | Self::Missing { name }
            | Self::Twice { name }
            | Self::Invalid { name, .. } => Some(name),
        }
    }
}

/// Decodes a request into one value per input of `endpoint`, in order.
///
/// # Errors
/// [`DecodeError`] naming the input.
pub fn decode_inputs(
    endpoint: &Endpoint,
    _body: Json,
    _parts: Vec<Part>,
    _assets: &dyn AssetReader,
) -> Result<Vec<Value>, DecodeError> {
    match endpoint.inputs.first() {
        None => Ok(Vec::new()),
        Some(field) => Err(DecodeError::Missing { name: field.name.clone() }),
    }
}

/// The inputs of an example or a set of defaults, with the bundle's files read.
///
/// # Errors
/// [`DecodeError::Invalid`] where a file cannot be read or does not fit.
pub fn load_example(
    _endpoint: &Endpoint,
    example: &Example,
    _assets: &dyn AssetReader,
) -> Result<Vec<Value>, DecodeError> {
    Ok(example.inputs.clone())
}

/// The bundle's files that [`decode_inputs`] would read for this body.
pub fn asset_paths(_endpoint: &Endpoint, _body: &Json) -> Vec<String> {
    Vec::new()
}

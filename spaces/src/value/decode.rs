//! JSON and multipart → [`Value`], driven by the endpoint's description.
//!
//! A request names its inputs (`{"x": 1}`), lists them (`{"data": [1]}`) or sends them as multipart parts; what it
//! leaves out is filled from defaults. Everything that comes out fits its component, so nothing behind
//! this module checks again.

mod json;
mod media;
mod part;
mod table;
mod tensor;

use std::collections::HashMap;

use serde_json::Value as Json;

use super::fit;
use super::problem::{ValueError, listed, quoted};
use super::{Media, Value};
use crate::interface::{Component, Endpoint, Example, Field};
use crate::suggest::closest;

pub(crate) use json::decode as decode_json;
pub use part::{Part, text_to_json};

/// What a stored text begins with that stands for a file of the bundle, where the component takes media.
pub const ASSET_PREFIX: &str = "asset:";

/// The key of the positional form.
const POSITIONAL_KEY: &str = "data";

/// Reads files of a space's bundle. It decides which files visitors may use.
pub trait AssetReader {
    /// The bytes and the media type of the file at `path` (relative, with `/`).
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
        Err(format!("there is no file `{}` in the bundle", quoted(path)))
    }
}

/// Files read beforehand, by path: for callers whose storage is asynchronous; see [`asset_paths`].
impl AssetReader for HashMap<String, Media> {
    fn read(&self, path: &str) -> Result<(Vec<u8>, String), String> {
        match self.get(path) {
            Some(media) => Ok((media.bytes.clone(), media.mime_type.clone())),
            None => NoAssets.read(path),
        }
    }
}

/// Why a request is not a set of inputs: the client's fault, and no retry helps.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DecodeError {
    #[error("the body must be an object with one key per input, or {{\"data\": [...]}}; found {found}")]
    Body { found: &'static str },
    #[error("there is no input `{name}`{hint}")]
    Unknown { name: String, hint: String },
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
            Self::Unknown { name, .. } | Self::Missing { name } | Self::Twice { name } | Self::Invalid { name, .. } => {
                Some(name)
            }
        }
    }
}

/// Decodes a request into one checked value per input of `endpoint`, in order.
///
/// `body` is the JSON body, or `Json::Null` where there is none; `parts` are those of a multipart body. `body` is
/// consumed so that a file in it is decoded straight from the request's own text.
/// `null` counts as left out, except where the component takes any JSON.
///
/// # Errors
/// [`DecodeError`] naming the input.
pub fn decode_inputs(
    endpoint: &Endpoint,
    body: Json,
    parts: Vec<Part>,
    assets: &dyn AssetReader,
) -> Result<Vec<Value>, DecodeError> {
    let mut given: Vec<Option<Given>> = endpoint.inputs.iter().map(|_| None).collect();
    place_body(endpoint, body, &mut given)?;
    place_parts(endpoint, parts, &mut given)?;
    decode_given(endpoint, given, assets)
}

/// The same for a protocol with a form of its own, which has found the place of each input: see [`input_index`].
///
/// # Errors
/// [`DecodeError`] naming the input.
pub fn decode_given(
    endpoint: &Endpoint,
    given: Vec<Option<Given>>,
    assets: &dyn AssetReader,
) -> Result<Vec<Value>, DecodeError> {
    let mut values = Vec::with_capacity(given.len());
    for (field, given) in endpoint.inputs.iter().zip(given) {
        let value = match given {
            Some(Given::Json(json)) => json::decode(&field.component, json, assets),
            Some(Given::Parts(parts)) => part::decode(&field.component, parts, assets),
            Some(Given::Value(value)) => fit::check(&field.component, &value).map(|()| Some(value)),
            None => Ok(None),
        };
        values.push(match value.map_err(invalid(field))? {
            Some(value) => value,
            None => absent(field, assets)?,
        });
    }
    Ok(values)
}

/// The inputs of an example as a call takes them: files of the bundle read, nulls filled from defaults.
///
/// # Errors
/// [`DecodeError`] where a file cannot be read or a value does not fit.
pub fn load_example(
    endpoint: &Endpoint,
    example: &Example,
    assets: &dyn AssetReader,
) -> Result<Vec<Value>, DecodeError> {
    if example.inputs.len() > endpoint.inputs.len() {
        return Err(DecodeError::TooMany { given: example.inputs.len(), expected: endpoint.inputs.len() });
    }
    let mut values = Vec::with_capacity(endpoint.inputs.len());
    for (index, field) in endpoint.inputs.iter().enumerate() {
        values.push(match example.inputs.get(index) {
            None | Some(Value::Null) => absent(field, assets)?,
            Some(stored) => load(field, stored, assets)?,
        });
    }
    Ok(values)
}

/// The bundle's files that [`decode_inputs`] would read for `body`, so that they can be read beforehand.
pub fn asset_paths(endpoint: &Endpoint, body: &Json) -> Vec<String> {
    let media_values = endpoint.inputs.iter().enumerate().filter_map(|(index, field)| {
        let given = body.get(&field.name).or_else(|| body.get(POSITIONAL_KEY)?.get(index));
        field.component.takes_media().then_some(given?)
    });
    let asset = |value: &Json| value.get(media::ASSET_KEY)?.as_str().map(str::to_owned);
    let mut paths = Vec::new();
    for value in media_values {
        match value {
            Json::Array(items) => paths.extend(items.iter().filter_map(asset)),
            single => paths.extend(asset(single)),
        }
    }
    for default in
        endpoint.inputs.iter().filter(|field| field.component.takes_media()).filter_map(|f| f.default.as_ref())
    {
        paths.extend(stored_paths(default).map(str::to_owned));
    }
    paths
}

/// The files that a stored default or example of a media component stands for.
pub(crate) fn stored_paths(stored: &Value) -> impl Iterator<Item = &str> {
    let texts = match stored {
        Value::Text(text) => std::slice::from_ref(text),
        Value::Texts(texts) => texts.as_slice(),
        _ => &[],
    };
    texts.iter().filter_map(|text| text.strip_prefix(ASSET_PREFIX))
}

/// What a request says for one input.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    Json(Json),
    Parts(Vec<Part>),
    /// Decoded, but not checked.
    Value(Value),
}

fn place_body(endpoint: &Endpoint, body: Json, given: &mut [Option<Given>]) -> Result<(), DecodeError> {
    let mut object = match body {
        Json::Null => return Ok(()),
        Json::Object(object) => object,
        other => {
            return Err(DecodeError::Body { found: json::found(&other) });
        }
    };
    // An endpoint with an input of that very name can only be called by names.
    let is_positional = object.len() == 1
        && matches!(object.get(POSITIONAL_KEY), Some(Json::Array(_)))
        && !endpoint.inputs.iter().any(|field| field.name == POSITIONAL_KEY);
    if is_positional && let Some(Json::Array(items)) = object.remove(POSITIONAL_KEY) {
        if items.len() > endpoint.inputs.len() {
            return Err(DecodeError::TooMany { given: items.len(), expected: endpoint.inputs.len() });
        }
        for (slot, item) in given.iter_mut().zip(items) {
            *slot = Some(Given::Json(item));
        }
        return Ok(());
    }
    for (name, value) in object {
        let index = input_index(endpoint, &name)?;
        given[index] = Some(Given::Json(value));
    }
    Ok(())
}

fn place_parts(endpoint: &Endpoint, parts: Vec<Part>, given: &mut [Option<Given>]) -> Result<(), DecodeError> {
    for part in parts {
        let index = input_index(endpoint, &part.name)?;
        match &mut given[index] {
            Some(Given::Parts(same)) if endpoint.inputs[index].component.takes_many() => same.push(part),
            Some(_) => return Err(DecodeError::Twice { name: part.name }),
            empty => *empty = Some(Given::Parts(vec![part])),
        }
    }
    Ok(())
}

/// The place of an input.
///
/// # Errors
/// [`DecodeError::Unknown`] with a hint.
pub fn input_index(endpoint: &Endpoint, name: &str) -> Result<usize, DecodeError> {
    if let Some(index) = endpoint.inputs.iter().position(|field| field.name == name) {
        return Ok(index);
    }
    let names = || endpoint.inputs.iter().map(|field| field.name.as_str());
    let hint = match closest(name, names()) {
        Some(close) => format!("; did you mean `{close}`?"),
        None if endpoint.inputs.is_empty() => "; the endpoint takes none".to_owned(),
        None => format!("; the inputs are {}", listed(names())),
    };
    Err(DecodeError::Unknown { name: quoted(name), hint })
}

fn absent(field: &Field, assets: &dyn AssetReader) -> Result<Value, DecodeError> {
    match &field.default {
        Some(default) => load(field, default, assets),
        None if field.optional => Ok(Value::Null),
        None => Err(DecodeError::Missing { name: field.name.clone() }),
    }
}

/// A stored value with the files that it stands for.
fn load(field: &Field, stored: &Value, assets: &dyn AssetReader) -> Result<Value, DecodeError> {
    if !field.component.takes_media() {
        return Ok(match (&field.component, stored) {
            // A guest may describe a default as an integer; a call always carries numbers.
            (Component::Number(_) | Component::Slider(_), Value::Integer(integer)) => Value::Number(*integer as f64),
            _ => stored.clone(),
        });
    }
    let read = |path: &str| media::read_asset(path, assets).map_err(invalid(field));
    let value = match stored {
        Value::Text(_) => match stored_paths(stored).next() {
            Some(path) if field.component.takes_many() => Value::Medias(vec![read(path)?]),
            Some(path) => Value::Media(read(path)?),
            None => stored.clone(),
        },
        Value::Texts(_) => Value::Medias(stored_paths(stored).map(read).collect::<Result<_, _>>()?),
        other => other.clone(),
    };
    fit::check(&field.component, &value).map_err(invalid(field))?;
    Ok(value)
}

fn invalid(field: &Field) -> impl Fn(ValueError) -> DecodeError {
    |problem| DecodeError::Invalid { name: field.name.clone(), problem }
}

#[cfg(test)]
mod tests;

//! Tensors of a request → what a space takes.

use axum::http::StatusCode;
use serde_json::{Value as Json, json};
use spaces::interface::{Component, Field, ValueKind};
use spaces::value::decode::{Given, Part, asset_paths, decode_given, input_index};
use spaces::value::{Dtype, Elements, Tensor, Value};

use super::datatype::{Datatype, signature};
use super::model::Model;
use crate::http::error::ApiError;

/// The most elements of one BYTES tensor: as many as a component has choices.
pub(super) const MAX_BYTES_ELEMENTS: usize = 10_000;

/// One tensor of a request; its data has the size that its shape says.
#[derive(Debug, PartialEq)]
pub(super) struct Input {
    pub(super) name: String,
    pub(super) datatype: Datatype,
    pub(super) shape: Vec<u64>,
    pub(super) data: Data,
}

/// The elements in row-major order.
#[derive(Debug, PartialEq)]
pub(super) enum Data {
    /// Numbers and booleans, little endian.
    Raw(Vec<u8>),
    /// BYTES as they are.
    Bytes(Vec<Vec<u8>>),
    /// BYTES out of JSON, where a file is base64.
    Texts(Vec<String>),
}

/// A problem with an input, for the client.
pub(super) fn invalid(name: &str, problem: impl std::fmt::Display) -> ApiError {
    let name: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
    let message = format!("input `{name}`: {problem}");
    ApiError::new(StatusCode::BAD_REQUEST, "invalid_input", message).with_field(Some(&name))
}

/// How many elements a shape has; none where nobody could send as many.
pub(super) fn n_elements(shape: &[u64]) -> Option<u64> {
    shape.iter().try_fold(1, |product: u64, dimension| product.checked_mul(*dimension))
}

/// The size of a raw tensor in bytes, where its shape says it.
///
/// # Errors
/// Where nobody could send as many.
pub(super) fn raw_size(name: &str, datatype: Datatype, shape: &[u64]) -> Result<Option<u64>, ApiError> {
    let Some(size) = datatype.size_bytes() else { return Ok(None) };
    let total = n_elements(shape).and_then(|number| number.checked_mul(size as u64));
    total.map(Some).ok_or_else(|| invalid(name, format_args!("the shape {shape:?} has too many elements")))
}

impl Input {
    /// Takes a tensor as its bytes are on the wire.
    ///
    /// # Errors
    /// Where the bytes are not as many as the shape says.
    pub(super) fn from_raw(
        name: String,
        datatype: Datatype,
        shape: Vec<u64>,
        bytes: Vec<u8>,
    ) -> Result<Self, ApiError> {
        let data = match raw_size(&name, datatype, &shape)? {
            Some(wanted) if wanted != bytes.len() as u64 => {
                let given = bytes.len();
                let problem = format_args!("{datatype} of shape {shape:?} takes {wanted} bytes, found {given}");
                return Err(invalid(&name, problem));
            }
            Some(_) => Data::Raw(bytes),
            None => Data::Bytes(split(&name, &shape, &bytes)?),
        };
        Ok(Self { name, datatype, shape, data })
    }
}

/// Takes BYTES apart: each element is its length, four bytes little endian, and its bytes.
fn split(name: &str, shape: &[u64], mut bytes: &[u8]) -> Result<Vec<Vec<u8>>, ApiError> {
    let number = bounded_elements(name, shape)?;
    let mut elements = Vec::with_capacity(number);
    while let Some((head, rest)) = bytes.split_first_chunk::<4>() {
        let length = u32::from_le_bytes(*head) as usize;
        if elements.len() == number || length > rest.len() {
            break;
        }
        let (element, rest) = rest.split_at(length);
        elements.push(element.to_vec());
        bytes = rest;
    }
    if elements.len() != number || !bytes.is_empty() {
        return Err(invalid(
            name,
            format_args!("the bytes are not the {number} elements that the shape {shape:?} says"),
        ));
    }
    Ok(elements)
}

/// How many elements a BYTES tensor has.
///
/// # Errors
/// Where they are more than any component takes.
pub(super) fn bounded_elements(name: &str, shape: &[u64]) -> Result<usize, ApiError> {
    let number = n_elements(shape).and_then(|number| usize::try_from(number).ok());
    number.filter(|number| *number <= MAX_BYTES_ELEMENTS).ok_or_else(|| {
        invalid(name, format_args!("the shape {shape:?} has more than {MAX_BYTES_ELEMENTS} elements of type BYTES"))
    })
}

/// One checked value for each input of the model; what a request leaves out is filled from defaults.
///
/// # Errors
/// 400 naming the input.
pub(super) async fn decode(model: &Model, inputs: Vec<Input>) -> Result<Vec<Value>, ApiError> {
    let endpoint = model.endpoint();
    let mut given: Vec<Option<Given>> = endpoint.inputs.iter().map(|_| None).collect();
    for input in inputs {
        let index = input_index(endpoint, &input.name)?;
        if given[index].is_some() {
            return Err(invalid(&input.name, "it is given more than once"));
        }
        given[index] = Some(take(&endpoint.inputs[index], input)?);
    }
    // Defaults may be files of the bundle, which are read from the disk.
    if asset_paths(endpoint, &Json::Null).is_empty() {
        return Ok(decode_given(endpoint, given, model.space.assets.as_ref())?);
    }
    let model = model.clone();
    let decoded =
        crate::blocking::run(move || decode_given(model.endpoint(), given, model.space.assets.as_ref())).await;
    Ok(decoded?)
}

fn take(field: &Field, input: Input) -> Result<Given, ApiError> {
    let Input { name, datatype, shape, data } = input;
    let (wanted, wanted_shape) = signature(&field.component);
    let wrong_type = || invalid(&name, format_args!("the datatype is {datatype}, but this input takes {wanted}"));
    let one = || match n_elements(&shape) {
        Some(1) => Ok(()),
        _ => Err(invalid(&name, format_args!("the shape is {shape:?}, but this input takes one element: [1]"))),
    };
    match (field.component.value_kind(), data) {
        (ValueKind::Tensor, Data::Raw(bytes)) => {
            if datatype != wanted {
                return Err(wrong_type());
            }
            if !fits(&wanted_shape, &shape) {
                let wanted: Vec<i64> = wanted_shape.iter().map(|d| d.map_or(-1, |n| n as i64)).collect();
                return Err(invalid(&name, format_args!("the shape is {shape:?}, but this input takes {wanted:?}")));
            }
            let Datatype::Fixed(dtype) = datatype else { return Err(wrong_type()) };
            Ok(Given::Value(Value::Tensor(Tensor { dtype, shape, bytes })))
        }
        (ValueKind::Number, Data::Raw(bytes)) => {
            one()?;
            match datatype {
                Datatype::Fixed(dtype) if dtype != Dtype::Boolean => match first(dtype, &bytes) {
                    Json::Null => Err(invalid(&name, "it is not a finite number")),
                    number => Ok(Given::Json(number)),
                },
                _ => Err(wrong_type()),
            }
        }
        (ValueKind::Boolean, Data::Raw(bytes)) if datatype == wanted => {
            one()?;
            match bytes.as_slice() {
                [0] => Ok(Given::Json(Json::Bool(false))),
                [1] => Ok(Given::Json(Json::Bool(true))),
                _ => Err(invalid(&name, "a BOOL is a byte of 0 or 1")),
            }
        }
        (_, Data::Raw(_)) | (ValueKind::Tensor | ValueKind::Boolean | ValueKind::Number, _) => Err(wrong_type()),
        (_, data) => {
            let component = &field.component;
            if component.takes_many() {
                if shape.len() != 1 {
                    return Err(invalid(&name, format_args!("the shape is {shape:?}, but this input takes [-1]")));
                }
            } else {
                one()?;
            }
            if component.takes_media() { Ok(files(component, data)) } else { words(component, &name, data) }
        }
    }
}

fn fits(wanted: &[Option<u64>], given: &[u64]) -> bool {
    wanted.len() == given.len() && wanted.iter().zip(given).all(|(wanted, given)| wanted.is_none_or(|n| n == *given))
}

/// The first element as a JSON number; null where it is not finite.
fn first(dtype: Dtype, bytes: &[u8]) -> Json {
    let elements = serde_json::to_value(Elements { dtype, bytes });
    match elements {
        Ok(Json::Array(mut elements)) if !elements.is_empty() => elements.swap_remove(0),
        _ => Json::Null,
    }
}

/// Files: raw bytes as they are, texts as the JSON API takes them: a data URL, or base64.
fn files(component: &Component, data: Data) -> Given {
    match data {
        Data::Texts(texts) => {
            let file =
                |text: String| if text.starts_with("data:") { Json::String(text) } else { json!({ "data": text }) };
            let mut files: Vec<Json> = texts.into_iter().map(file).collect();
            match files.pop() {
                Some(file) if !component.takes_many() => Given::Json(file),
                last => {
                    files.extend(last);
                    Given::Json(Json::Array(files))
                }
            }
        }
        Data::Bytes(elements) => {
            // A part with a name is a file, whatever its bytes look like.
            let part = |bytes| Part { name: String::new(), file_name: Some(String::new()), mime_type: None, bytes };
            Given::Parts(elements.into_iter().map(part).collect())
        }
        Data::Raw(_) => Given::Parts(Vec::new()),
    }
}

fn words(component: &Component, name: &str, data: Data) -> Result<Given, ApiError> {
    let mut texts = match data {
        Data::Texts(texts) => texts,
        Data::Bytes(elements) => {
            let texts = elements.into_iter().map(String::from_utf8).collect::<Result<_, _>>();
            texts.map_err(|_| invalid(name, "the text is not UTF-8"))?
        }
        Data::Raw(_) => Vec::new(),
    };
    if component.takes_many() {
        return Ok(Given::Json(texts.into()));
    }
    let text = texts.pop().unwrap_or_default();
    match component.value_kind() {
        ValueKind::Json | ValueKind::Table => match serde_json::from_str(&text) {
            Ok(document) => Ok(Given::Json(document)),
            Err(error) => Err(invalid(name, format_args!("the text is not JSON: {error}"))),
        },
        _ => Ok(Given::Json(Json::String(text))),
    }
}

#[cfg(test)]
mod tests;

//! [`Value`] → JSON for answers and for filling forms; and the check that a guest answered what it promised.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

use super::elements::Elements;
use super::fit;
use super::problem::ValueError;
use super::{Cell, Column, Confidence, Media, Tensor, Value, annotated, elements};
use crate::interface::{Component, Endpoint, Field};
use crate::value::decode::ASSET_PREFIX;

/// How a guest broke its own description: the guest's fault, and no retry helps.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ContractError {
    #[error("endpoint `{endpoint}` answered {given} outputs instead of {expected}")]
    Count { endpoint: String, given: usize, expected: usize },
    #[error("endpoint `{endpoint}`, output `{output}`: {problem}")]
    Output { endpoint: String, output: String, problem: ValueError },
}

impl ContractError {
    /// The output at fault, where it is one.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Count { .. } => None,
            Self::Output { output, .. } => Some(output),
        }
    }
}

/// Checks a guest's outputs, partial or final, against the endpoint: one per output and of its component's type.
///
/// [`Value::Null`] fits every output: it leaves what was sent before. Ranges and choices bind visitors, not
/// guests, so they are not checked here.
///
/// # Errors
/// [`ContractError`] naming the output.
pub fn check_outputs(endpoint: &Endpoint, outputs: &[Value]) -> Result<(), ContractError> {
    if outputs.len() != endpoint.outputs.len() {
        return Err(ContractError::Count {
            endpoint: endpoint.name.clone(),
            given: outputs.len(),
            expected: endpoint.outputs.len(),
        });
    }
    for (field, value) in endpoint.outputs.iter().zip(outputs) {
        if *value == Value::Null {
            continue;
        }
        fit::check_type(&field.component, value).map_err(|problem| ContractError::Output {
            endpoint: endpoint.name.clone(),
            output: field.name.clone(),
            problem,
        })?;
    }
    Ok(())
}

/// Encodes checked outputs for an answer, one per output.
pub fn encode_outputs(endpoint: &Endpoint, outputs: Vec<Value>) -> Vec<Encoded> {
    let encode = |(field, value)| match value {
        Value::Tensor(tensor) => Encoded::Tensor(tensor),
        value => Encoded::Json(encode(field, value)),
    };
    endpoint.outputs.iter().zip(outputs).map(encode).collect()
}

/// An output on its way to a client.
#[derive(Debug, Clone, PartialEq)]
pub enum Encoded {
    Json(Json),
    /// Written straight from its bytes: as a tree of JSON values it would take sixteen times their room.
    Tensor(Tensor),
}

impl Serialize for Encoded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Json(json) => json.serialize(serializer),
            Self::Tensor(Tensor { dtype, shape, bytes }) => {
                let mut object = serializer.serialize_struct("Tensor", 3)?;
                object.serialize_field("dtype", dtype)?;
                object.serialize_field("shape", shape)?;
                object.serialize_field("data", &Elements { dtype: *dtype, bytes })?;
                object.end()
            }
        }
    }
}

/// Encodes one value as clients see it.
///
/// What it returns for an input's default or example can be sent back as that input: a file of the bundle
/// becomes `{"asset": NAME}`.
pub fn encode(field: &Field, value: Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Boolean(boolean) => Json::Bool(boolean),
        Value::Integer(integer) => Json::from(integer),
        Value::Number(number) => Json::from(number),
        Value::Text(text) => encode_text(&field.component, text),
        Value::Texts(texts) => texts.into_iter().map(|text| encode_text(&field.component, text)).collect(),
        Value::Json(json) => json,
        Value::Media(media) => encode_media(media),
        Value::Medias(medias) => match annotated(field, &medias) {
            Some(parts) => annotated::encode(&parts, encode_media),
            None => medias.into_iter().map(encode_media).collect(),
        },
        Value::Tensor(tensor) => encode_tensor(&tensor),
        Value::Table(columns) => encode_table(columns),
        Value::Label(confidences) => encode_label(confidences),
    }
}

fn annotated<'a>(field: &Field, medias: &'a [Media]) -> Option<annotated::Parts<'a>> {
    (field.component == Component::AnnotatedImage).then(|| annotated::parts(medias).ok()).flatten()
}

fn encode_text(component: &Component, text: String) -> Json {
    match text.strip_prefix(ASSET_PREFIX) {
        Some(asset) if component.takes_media() => json!({ "asset": asset }),
        _ => Json::String(text),
    }
}

fn encode_media(media: Media) -> Json {
    // Built in one buffer: a picture of some megabytes is then copied once, not three times.
    let mut url = String::with_capacity(32 + media.mime_type.len() + media.bytes.len().div_ceil(3) * 4);
    url.push_str("data:");
    url.push_str(&media.mime_type);
    url.push_str(";base64,");
    STANDARD.encode_string(&media.bytes, &mut url);
    let mut object = Map::new();
    object.insert("url".to_owned(), Json::String(url));
    object.insert("mime_type".to_owned(), Json::String(media.mime_type));
    object.insert("name".to_owned(), media.name.map_or(Json::Null, Json::String));
    object.insert("size".to_owned(), Json::from(media.bytes.len()));
    Json::Object(object)
}

/// `{"dtype", "shape", "data"}`.
pub fn encode_tensor(tensor: &Tensor) -> Json {
    json!({ "dtype": tensor.dtype, "shape": tensor.shape, "data": elements::to_json(tensor.dtype, &tensor.bytes) })
}

fn encode_table(columns: Vec<Column>) -> Json {
    let n_rows = columns.iter().map(|column| column.cells.len()).max().unwrap_or(0);
    let mut headers = Vec::with_capacity(columns.len());
    let mut rows = vec![Vec::with_capacity(columns.len()); n_rows];
    for column in columns {
        headers.push(Json::String(column.name));
        let cells = column.cells.into_iter().map(encode_cell).chain(std::iter::repeat(Json::Null));
        for (row, cell) in rows.iter_mut().zip(cells) {
            row.push(cell);
        }
    }
    json!({ "headers": headers, "data": rows })
}

fn encode_cell(cell: Cell) -> Json {
    match cell {
        Cell::Null => Json::Null,
        Cell::Boolean(boolean) => Json::Bool(boolean),
        Cell::Integer(integer) => Json::from(integer),
        Cell::Number(number) => Json::from(number),
        Cell::Text(text) => Json::String(text),
    }
}

fn encode_label(confidences: Vec<Confidence>) -> Json {
    let best = confidences.first().map(|confidence| confidence.label.clone());
    let confidences: Vec<Json> = confidences
        .into_iter()
        .map(|confidence| json!({ "label": confidence.label, "confidence": confidence.score }))
        .collect();
    json!({ "label": best, "confidences": confidences })
}

#[cfg(test)]
mod tests;

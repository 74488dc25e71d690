//! One JSON value → [`Value`], by component.

use serde_json::Value as Json;

use super::{AssetReader, media, table, tensor};
use crate::interface::{Component, ValueKind};
use crate::value::Value;
use crate::value::fit;
use crate::value::form;
use crate::value::problem::ValueError;

/// Decodes and checks one value; none where `json` is null, which counts as left out.
pub(crate) fn decode(component: &Component, json: Json, assets: &dyn AssetReader) -> Result<Option<Value>, ValueError> {
    if json.is_null() && *component != Component::Json {
        return Ok(None);
    }
    if let Component::Tensor { dtype, shape } = component {
        let value = Value::Tensor(tensor::decode(*dtype, shape, json)?);
        fit::check(component, &value)?;
        return Ok(Some(value));
    }
    let value = match (component.value_kind(), json) {
        (ValueKind::Text, Json::String(text)) => Value::Text(form::normal_text(component, text)),
        (ValueKind::Number, Json::Number(number)) => {
            // Without arbitrary precision every JSON number is also an f64.
            Value::Number(number.as_f64().unwrap_or(f64::NAN))
        }
        (ValueKind::Boolean, Json::Bool(boolean)) => Value::Boolean(boolean),
        (ValueKind::Texts, Json::Array(items)) => {
            Value::Texts(items.into_iter().map(choice).collect::<Result<_, _>>()?)
        }
        (ValueKind::Texts, Json::String(text)) => Value::Texts(vec![text]),
        (ValueKind::Medias, Json::Array(items)) => {
            Value::Medias(items.into_iter().map(|item| media::decode(item, assets)).collect::<Result<_, _>>()?)
        }
        (ValueKind::Medias, single @ (Json::String(_) | Json::Object(_))) => {
            Value::Medias(vec![media::decode(single, assets)?])
        }
        (ValueKind::Media, json) => Value::Media(media::decode(json, assets)?),
        (ValueKind::Table, Json::Object(object)) => Value::Table(table::decode(component.headers(), object)?),
        (ValueKind::Json, json) => Value::Json(json),
        (_, json) => {
            return Err(ValueError::Type { expected: expected(component), found: found(&json) });
        }
    };
    fit::check(component, &value)?;
    Ok(Some(value))
}

/// What a JSON value is, for a message.
pub(super) fn found(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    }
}

fn choice(json: Json) -> Result<String, ValueError> {
    match json {
        Json::String(text) => Ok(text),
        other => Err(ValueError::Type { expected: "an array of strings", found: found(&other) }),
    }
}

fn expected(component: &Component) -> &'static str {
    match component.value_kind() {
        ValueKind::Text => "a string",
        ValueKind::Number => "a number",
        ValueKind::Boolean => "true or false",
        ValueKind::Texts => "an array of strings",
        ValueKind::Media => "a file",
        ValueKind::Medias => "an array of files",
        ValueKind::Table => "an object with `headers` and `data`",
        ValueKind::Json => "JSON",
        ValueKind::Tensor => "nested arrays of numbers",
        ValueKind::Label => "nothing, since a label is an output",
    }
}

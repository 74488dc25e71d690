//! One JSON value → [`Value`], by component.

use serde_json::Value as Json;

use super::{AssetReader, media, table, tensor};
use crate::interface::Component;
use crate::value::Value;
use crate::value::fit;
use crate::value::problem::ValueError;

/// Decodes and checks one value; none where `json` is null, which counts as left out.
pub(crate) fn decode(component: &Component, json: Json, assets: &dyn AssetReader) -> Result<Option<Value>, ValueError> {
    if json.is_null() && *component != Component::Json {
        return Ok(None);
    }
    let value = match (component, json) {
        (
            Component::Textbox { .. }
            | Component::Markdown
            | Component::Code { .. }
            | Component::Radio { .. }
            | Component::Dropdown { multiselect: false, .. },
            Json::String(text),
        ) => Value::Text(text),
        (Component::Number(_) | Component::Slider(_), Json::Number(number)) => {
            // Without arbitrary precision every JSON number is also an f64.
            Value::Number(number.as_f64().unwrap_or(f64::NAN))
        }
        (Component::Checkbox, Json::Bool(boolean)) => Value::Boolean(boolean),
        (Component::CheckboxGroup { .. } | Component::Dropdown { multiselect: true, .. }, Json::Array(items)) => {
            Value::Texts(items.into_iter().map(choice).collect::<Result<_, _>>()?)
        }
        (Component::CheckboxGroup { .. } | Component::Dropdown { multiselect: true, .. }, Json::String(text)) => {
            Value::Texts(vec![text])
        }
        (Component::Gallery | Component::File { multiple: true, .. }, Json::Array(items)) => {
            Value::Medias(items.into_iter().map(|item| media::decode(item, assets)).collect::<Result<_, _>>()?)
        }
        (Component::Gallery | Component::File { multiple: true, .. }, single @ (Json::String(_) | Json::Object(_))) => {
            Value::Medias(vec![media::decode(single, assets)?])
        }
        (Component::Image | Component::Audio | Component::Video | Component::File { multiple: false, .. }, json) => {
            Value::Media(media::decode(json, assets)?)
        }
        (Component::Dataframe { headers }, Json::Object(object)) => Value::Table(table::decode(headers, object)?),
        (Component::Json, json) => Value::Json(json),
        (Component::Tensor { dtype, shape }, json) => Value::Tensor(tensor::decode(*dtype, shape, json)?),
        (component, json) => {
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
    match component {
        Component::Textbox { .. }
        | Component::Markdown
        | Component::Code { .. }
        | Component::Radio { .. }
        | Component::Dropdown { multiselect: false, .. } => "a string",
        Component::Number(_) | Component::Slider(_) => "a number",
        Component::Checkbox => "true or false",
        Component::CheckboxGroup { .. } | Component::Dropdown { multiselect: true, .. } => "an array of strings",
        Component::Image | Component::Audio | Component::Video | Component::File { multiple: false, .. } => "a file",
        Component::Gallery | Component::File { multiple: true, .. } => "an array of files",
        Component::Dataframe { .. } => "an object with `headers` and `data`",
        Component::Json => "JSON",
        Component::Tensor { .. } => "nested arrays of numbers",
        Component::Label { .. } => "nothing, since a label is an output",
    }
}

//! Parts of a multipart request → [`Value`].

use serde_json::Value as Json;

use super::{AssetReader, json, media};
use crate::interface::{Component, ValueKind};
use crate::value::fit;
use crate::value::problem::{ValueError, quoted};
use crate::value::{Media, Value};

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

impl Part {
    /// Browsers send a file field that was left empty as a part with no name and no bytes.
    fn is_left_empty(&self) -> bool {
        self.bytes.is_empty() && self.file_name.as_deref() == Some("")
    }
}

/// Decodes the parts of one input; none where a form left it empty.
pub(super) fn decode(
    component: &Component,
    mut parts: Vec<Part>,
    assets: &dyn AssetReader,
) -> Result<Option<Value>, ValueError> {
    if component.takes_media() {
        return decode_files(component, parts, assets);
    }
    if component.takes_many() && parts.len() > 1 {
        let texts = parts.into_iter().map(|part| text(part.bytes)).collect::<Result<_, _>>()?;
        let value = Value::Texts(texts);
        fit::check(component, &value)?;
        return Ok(Some(value));
    }
    match parts.pop() {
        Some(part) => json::decode(component, text_to_json(component, text(part.bytes)?)?, assets),
        None => Ok(None),
    }
}

/// The JSON of a text typed for `component`: on a command line, in a form field, in a text part.
///
/// An empty text means left out (null), except where any text fits.
///
/// # Errors
/// [`ValueError`] where the text is not a number, boolean or JSON, as the component wants.
pub fn text_to_json(component: &Component, text: String) -> Result<Json, ValueError> {
    match component.value_kind() {
        ValueKind::Text if takes_any_text(component) => Ok(Json::String(text)),
        _ if text.trim().is_empty() => Ok(Json::Null),
        ValueKind::Text => Ok(Json::String(text)),
        ValueKind::Number => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Json::from(number)),
            _ => Err(ValueError::Text { text: quoted(&text), expected: "a number" }),
        },
        ValueKind::Boolean => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "on" | "yes" => Ok(Json::Bool(true)),
            "false" | "0" | "off" | "no" => Ok(Json::Bool(false)),
            _ => Err(ValueError::Text { text: quoted(&text), expected: "true or false" }),
        },
        ValueKind::Texts => {
            // A choice may itself begin with a bracket.
            let is_choice = component.choices().is_some_and(|choices| choices.contains(&text));
            if text.starts_with('[') && !is_choice { parse(&text) } else { Ok(Json::String(text)) }
        }
        ValueKind::Media | ValueKind::Medias => {
            if text.starts_with(['{', '[', '"']) {
                parse(&text)
            } else {
                Ok(Json::String(text))
            }
        }
        ValueKind::Table | ValueKind::Json | ValueKind::Label | ValueKind::Tensor => parse(&text),
    }
}

fn takes_any_text(component: &Component) -> bool {
    matches!(component, Component::Textbox { .. } | Component::Markdown | Component::Code { .. } | Component::Html)
}

fn decode_files(
    component: &Component,
    mut parts: Vec<Part>,
    assets: &dyn AssetReader,
) -> Result<Option<Value>, ValueError> {
    parts.retain(|part| !part.is_left_empty());
    // A field that is no file carries what a JSON body would: a data URL, or the name of a bundle's file.
    if parts.len() == 1 && parts[0].file_name.is_none() && parts[0].mime_type.is_none() {
        let text = text(parts.remove(0).bytes)?;
        return json::decode(component, text_to_json(component, text)?, assets);
    }
    let mut medias = parts.into_iter().map(file).collect::<Result<Vec<_>, _>>()?;
    let value = if component.takes_many() {
        if medias.is_empty() {
            return Ok(None);
        }
        Value::Medias(medias)
    } else {
        match (medias.pop(), medias.len()) {
            (None, _) => return Ok(None),
            (Some(media), 0) => Value::Media(media),
            (Some(_), others) => return Err(ValueError::OneFile { given: others + 1 }),
        }
    };
    fit::check(component, &value)?;
    Ok(Some(value))
}

fn file(part: Part) -> Result<Media, ValueError> {
    let name = part.file_name.as_deref().and_then(media::file_name);
    let mime_type = media::settled(part.mime_type, name.as_deref(), &part.bytes)?;
    Ok(Media { bytes: part.bytes, mime_type, name })
}

fn text(bytes: Vec<u8>) -> Result<String, ValueError> {
    String::from_utf8(bytes).map_err(|_| ValueError::Utf8)
}

fn parse(text: &str) -> Result<Json, ValueError> {
    serde_json::from_str(text).map_err(|error| ValueError::Json { problem: error.to_string() })
}

//! JSON Schema (2020-12) of what the API takes and gives, by component: the one place from which every description
//! for programs is made.
//!
//! A schema says no less than [`decode_inputs`](crate::value::decode::decode_inputs) checks wherever JSON Schema can say
//! it, and never more: whatever is accepted fits.

mod files;
#[cfg(feature = "openapi")]
mod names;
mod tensor;

use serde_json::{Map, Value as Json, json};

use crate::interface::{Component, Endpoint, Field, NumberRange};
use crate::value::encode::encode;

/// How a file travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Files {
    /// In the JSON, as the API takes and gives it.
    Inline,
    /// Beside it: an answer's JSON only says what the file is, and an input may also be a bare text, base64 or
    /// `asset:NAME`.
    Apart,
}

/// An object with one key per input.
pub fn inputs(endpoint: &Endpoint, files: Files) -> Json {
    let mut schema = object(endpoint.inputs.iter().map(|field| (field.name.as_str(), input(field, files))));
    let required: Vec<_> = endpoint.inputs.iter().filter(|field| is_required(field)).map(|f| &f.name).collect();
    schema["required"] = json!(required);
    schema
}

/// An object with one key per output.
pub fn outputs(endpoint: &Endpoint, files: Files) -> Json {
    let mut schema = object(endpoint.outputs.iter().map(|field| (field.name.as_str(), output(field, files))));
    schema["required"] = endpoint.outputs.iter().map(|field| Json::from(field.name.as_str())).collect();
    schema
}

/// One input; null counts as left out where the input may be.
pub fn input(field: &Field, files: Files) -> Json {
    let schema = taken(&field.component, files);
    let schema = if is_required(field) { schema } else { or_null(schema) };
    let mut schema = described(field, schema);
    if let Some(default) = &field.default {
        schema["default"] = encode(field, default.clone());
    }
    schema
}

/// One output. A guest may leave any of them as it was, which is null.
pub fn output(field: &Field, files: Files) -> Json {
    described(field, or_null(given(&field.component, files)))
}

/// True for an input that a request must have.
pub fn is_required(field: &Field) -> bool {
    field.default.is_none() && !field.optional
}

fn taken(component: &Component, files: Files) -> Json {
    match component {
        Component::Textbox { max_length: Some(maximum), .. } => json!({ "type": "string", "maxLength": maximum }),
        Component::Textbox { max_length: None, .. } | Component::Markdown | Component::Code { .. } => text(),
        Component::Number(range) | Component::Slider(range) => number(range),
        Component::Checkbox => json!({ "type": "boolean" }),
        Component::Radio { choices } | Component::Dropdown { choices, multiselect: false } => one_of(choices),
        Component::CheckboxGroup { choices } | Component::Dropdown { choices, multiselect: true } => {
            let several = json!({ "type": "array", "items": one_of(choices), "uniqueItems": true });
            any_of(several, one_of(choices))
        }
        Component::Image => files::taken("an image", files),
        Component::Audio => files::taken("a sound", files),
        Component::Video => files::taken("a video", files),
        Component::File { file_types, multiple } => {
            let what = match file_types.is_empty() {
                true => "a file".to_owned(),
                false => format!("a file of type {}", file_types.join(" or ")),
            };
            let one = files::taken(&what, files);
            if *multiple { any_of(array(one.clone()), one) } else { one }
        }
        Component::Gallery => {
            let one = files::taken("an image", files);
            any_of(array(one.clone()), one)
        }
        Component::Dataframe { headers } => table_taken(headers),
        Component::Json => json!({}),
        Component::Tensor { dtype, shape } => tensor::taken(*dtype, shape),
        // A label is never an input.
        Component::Label { .. } => json!(false),
    }
}

fn given(component: &Component, files: Files) -> Json {
    match component {
        Component::Textbox { .. }
        | Component::Markdown
        | Component::Code { .. }
        | Component::Radio { .. }
        | Component::Dropdown { multiselect: false, .. } => text(),
        // Ranges and choices bind visitors, not guests.
        Component::Number(_) | Component::Slider(_) => json!({ "type": "number" }),
        Component::Checkbox => json!({ "type": "boolean" }),
        Component::CheckboxGroup { .. } | Component::Dropdown { multiselect: true, .. } => array(text()),
        Component::Image | Component::Audio | Component::Video | Component::File { multiple: false, .. } => {
            files::given(files)
        }
        Component::File { multiple: true, .. } | Component::Gallery => array(files::given(files)),
        Component::Dataframe { .. } => {
            let mut table = object([("headers", array(text())), ("data", array(array(cell())))]);
            table["required"] = json!(["headers", "data"]);
            table
        }
        Component::Json => json!({}),
        Component::Label { .. } => label_given(),
        Component::Tensor { dtype, .. } => tensor::given(*dtype, files),
    }
}

fn label_given() -> Json {
    let mut candidate = object([("label", text()), ("confidence", or_null(json!({ "type": "number" })))]);
    candidate["required"] = json!(["label", "confidence"]);
    let mut label = object([("label", or_null(text())), ("confidences", array(candidate))]);
    label["required"] = json!(["label", "confidences"]);
    label["description"] = json!("the classes, best first");
    label
}

fn table_taken(headers: &[String]) -> Json {
    let mut row = array(cell());
    if !headers.is_empty() {
        row["minItems"] = json!(headers.len());
        row["maxItems"] = json!(headers.len());
    }
    let names = if headers.is_empty() { array(text()) } else { json!({ "const": headers }) };
    let mut table = object([("headers", names), ("data", array(row))]);
    table["required"] = if headers.is_empty() { json!(["headers", "data"]) } else { json!(["data"]) };
    table
}

fn cell() -> Json {
    json!({ "type": ["string", "number", "boolean", "null"] })
}

fn number(range: &NumberRange) -> Json {
    let mut schema = json!({ "type": "number" });
    if let Some(minimum) = range.minimum {
        schema["minimum"] = bound(minimum);
    }
    if let Some(maximum) = range.maximum {
        schema["maximum"] = bound(maximum);
    }
    schema
}

/// `10` rather than `10.0`, which is how people read it.
fn bound(number: f64) -> Json {
    let is_whole = number.fract() == 0.0 && number.abs() < 1e15;
    if is_whole { Json::from(number as i64) } else { Json::from(number) }
}

fn one_of(choices: &[String]) -> Json {
    json!({ "type": "string", "enum": choices })
}

fn text() -> Json {
    json!({ "type": "string" })
}

fn array(items: Json) -> Json {
    json!({ "type": "array", "items": items })
}

fn any_of(first: Json, second: Json) -> Json {
    json!({ "anyOf": [first, second] })
}

/// The schema, or null; what takes anything takes null already.
fn or_null(schema: Json) -> Json {
    if schema == json!({}) { schema } else { any_of(schema, json!({ "type": "null" })) }
}

fn object<'a>(properties: impl IntoIterator<Item = (&'a str, Json)>) -> Json {
    let properties: Map<String, Json> =
        properties.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// The schema under the field's own words.
fn described(field: &Field, mut schema: Json) -> Json {
    if !field.label.is_empty() {
        schema["title"] = json!(field.label);
    }
    if let Some(info) = &field.info {
        let own = schema.get("description").and_then(Json::as_str).map(|own| format!("{info} ({own})"));
        schema["description"] = json!(own.as_ref().unwrap_or(info));
    }
    schema
}

#[cfg(test)]
mod tests;

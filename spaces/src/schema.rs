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

use crate::interface::{Component, Endpoint, Field, NumberRange, ValueKind};
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
        // A label is never an input.
        _ if component.is_output_only() => json!(false),
        Component::Textbox { max_length: Some(maximum), .. } => json!({ "type": "string", "maxLength": maximum }),
        Component::Number(range) | Component::Slider(range) => number(range),
        // Blanks around it are taken too.
        Component::ColorPicker => json!({ "type": "string", "pattern": "#[0-9A-Fa-f]{6}" }),
        Component::ImageSlider => {
            let mut two = array(files::taken("an image", files));
            two["minItems"] = json!(2);
            two["maxItems"] = json!(2);
            two
        }
        Component::Tensor { dtype, shape } => tensor::taken(*dtype, shape),
        _ => match component.value_kind() {
            ValueKind::Boolean => json!({ "type": "boolean" }),
            ValueKind::Text => component.choices().map_or_else(|| special_text(component), one_of),
            ValueKind::Texts => {
                let one = component.choices().map_or_else(text, one_of);
                let mut several = array(one.clone());
                several["uniqueItems"] = json!(true);
                any_of(several, one)
            }
            ValueKind::Media => files::taken(&file(component), files),
            ValueKind::Medias => {
                let one = files::taken(&file(component), files);
                any_of(array(one.clone()), one)
            }
            ValueKind::Table => table_taken(component.headers()),
            ValueKind::Json => document(component),
            ValueKind::Number | ValueKind::Tensor | ValueKind::Label => json!(false),
        },
    }
}

fn given(component: &Component, files: Files) -> Json {
    match component {
        Component::AnnotatedImage => annotated_given(files),
        Component::Tensor { dtype, .. } => tensor::given(*dtype, files),
        _ => match component.value_kind() {
            // Ranges and choices bind visitors, not guests.
            ValueKind::Text => special_text(component),
            ValueKind::Number => json!({ "type": "number" }),
            ValueKind::Boolean => json!({ "type": "boolean" }),
            ValueKind::Texts => array(text()),
            ValueKind::Media => files::given(files),
            ValueKind::Medias => array(files::given(files)),
            ValueKind::Table => {
                let mut table = object([("headers", array(text())), ("data", array(array(cell())))]);
                table["required"] = json!(["headers", "data"]);
                table
            }
            ValueKind::Json => document(component),
            ValueKind::Label => label_given(),
            ValueKind::Tensor => json!(true),
        },
    }
}

/// What a file is, for people.
fn file(component: &Component) -> String {
    match component {
        Component::Gallery => "an image".to_owned(),
        Component::File { file_types, .. } if !file_types.is_empty() => {
            format!("a file of type {}", file_types.join(" or "))
        }
        Component::File { .. } => "a file".to_owned(),
        Component::Model3D => format!("a 3D model: {}", component.accepted_files().join(" or ")),
        other => other.noun().to_owned(),
    }
}

fn special_text(component: &Component) -> Json {
    match component {
        Component::ColorPicker => json!({ "type": "string", "pattern": "^#[0-9A-Fa-f]{6}$" }),
        Component::DateTime { include_time, timezone } => {
            let form = if *include_time { "YYYY-MM-DD HH:MM:SS" } else { "YYYY-MM-DD" };
            let place = timezone.as_ref().map(|zone| format!(" in {zone}")).unwrap_or_default();
            json!({ "type": "string", "description": format!("{form}{place}") })
        }
        _ => text(),
    }
}

/// A document of the form that the component asks for.
fn document(component: &Component) -> Json {
    let number_or_text = || json!({ "type": ["number", "string"] });
    let with = |mut schema: Json, required: &[&str]| {
        schema["required"] = json!(required);
        schema
    };
    match component {
        Component::HighlightedText { .. } => {
            let span = object([("token", text()), ("class_or_confidence", or_null(number_or_text()))]);
            array(with(span, &["token"]))
        }
        Component::Chatbot => {
            let role = json!({ "type": "string", "enum": ["user", "assistant", "system"] });
            array(with(object([("role", role), ("content", text())]), &["role", "content"]))
        }
        Component::Metric { .. } => {
            with(object([("value", number_or_text()), ("delta", or_null(number_or_text()))]), &["value"])
        }
        Component::Plot => json!({ "type": "object", "description": "a Vega-Lite specification" }),
        Component::Map => json!({
            "type": "object",
            "description": "GeoJSON",
            "properties": { "type": { "type": "string" } },
            "required": ["type"],
        }),
        _ => json!({}),
    }
}

fn annotated_given(files: Files) -> Json {
    let number = || json!({ "type": "number" });
    let corners = json!({ "type": "array", "items": number(), "minItems": 4, "maxItems": 4 });
    let mut boxed = object([("label", text()), ("box", corners)]);
    boxed["required"] = json!(["label", "box"]);
    let mut masked = object([("label", text()), ("mask", files::given(files))]);
    masked["required"] = json!(["label", "mask"]);
    let size = || json!({ "type": "integer", "minimum": 1, "description": "of the image, in pixels" });
    let mut image = object([
        ("image", files::given(files)),
        ("width", size()),
        ("height", size()),
        ("annotations", array(any_of(boxed, masked))),
    ]);
    image["required"] = json!(["image", "width", "height", "annotations"]);
    image
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

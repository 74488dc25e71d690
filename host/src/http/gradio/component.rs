//! Each of our components as one of Gradio's: its type, its properties, and the schema of its values.
//!
//! The forms are those that Gradio 6.31 gives for its own components, so that clients convert files, tables and labels
//! by themselves.

use serde_json::{Map, Value as Json, json};
use spaces::interface::{Component, Field, NumberRange};

/// Gradio's `type` of a component, which is also its class in small letters.
pub(super) fn type_name(component: &Component) -> &'static str {
    match component {
        Component::Textbox { .. } => "textbox",
        Component::Number(_) => "number",
        Component::Slider(_) => "slider",
        Component::Checkbox => "checkbox",
        Component::CheckboxGroup { .. } => "checkboxgroup",
        Component::Radio { .. } => "radio",
        Component::Dropdown { .. } => "dropdown",
        Component::Image => "image",
        Component::Audio => "audio",
        Component::Video => "video",
        Component::File { .. } => "file",
        Component::Gallery => "gallery",
        Component::Dataframe { .. } => "dataframe",
        // Gradio has no tensor; as JSON it keeps its shape and type.
        Component::Json | Component::Tensor { .. } => "json",
        Component::Label { .. } => "label",
        Component::Markdown => "markdown",
        Component::Code { .. } => "code",
    }
}

/// The class as Gradio's API description writes it.
pub(super) fn class_name(component: &Component) -> String {
    let name = type_name(component);
    name[..1].to_uppercase() + &name[1..]
}

/// What Gradio's constructor of the component takes; `value` is the default in Gradio's form.
pub(super) fn props(field: &Field, value: Option<Json>) -> Json {
    let mut props = Map::new();
    let mut set = |key: &str, value: Json| props.insert(key.to_owned(), value);
    set("name", json!(type_name(&field.component)));
    set("label", json!(field.label));
    set("show_label", json!(true));
    set("visible", json!(true));
    if let Some(info) = &field.info {
        set("info", json!(info));
    }
    if let Some(value) = value {
        set("value", value);
    }
    match &field.component {
        Component::Textbox { lines, placeholder, max_length } => {
            set("lines", json!(lines));
            set("placeholder", json!(placeholder));
            set("max_length", json!(max_length));
        }
        Component::Number(range) | Component::Slider(range) => {
            for (key, bound) in [("minimum", range.minimum), ("maximum", range.maximum), ("step", range.step)] {
                if let Some(bound) = bound {
                    set(key, json!(bound));
                }
            }
        }
        Component::CheckboxGroup { choices } | Component::Radio { choices } => {
            set("choices", pairs(choices));
        }
        Component::Dropdown { choices, multiselect } => {
            set("choices", pairs(choices));
            set("multiselect", json!(multiselect));
        }
        Component::Image | Component::Audio => {
            set("type", json!("filepath"));
        }
        Component::File { file_types, multiple } => {
            set("file_count", json!(if *multiple { "multiple" } else { "single" }));
            if !file_types.is_empty() {
                set("file_types", json!(file_types));
            }
        }
        Component::Dataframe { headers } if !headers.is_empty() => {
            set("headers", json!(headers));
        }
        Component::Label { top } => {
            set("num_top_classes", json!(top));
        }
        Component::Code { language } => {
            set("language", json!(language));
        }
        Component::Checkbox
        | Component::Video
        | Component::Gallery
        | Component::Dataframe { .. }
        | Component::Json
        | Component::Markdown
        | Component::Tensor { .. } => {}
    }
    Json::Object(props)
}

/// What is shown and what is sent, which for us are the same.
fn pairs(choices: &[String]) -> Json {
    choices.iter().map(|choice| json!([choice, choice])).collect()
}

/// JSON Schema of the component's values in Gradio's form.
pub(super) fn schema(component: &Component) -> Json {
    match component {
        Component::Textbox { .. } | Component::Markdown | Component::Code { .. } => json!({ "type": "string" }),
        Component::Number(range) | Component::Slider(range) => number_schema(range),
        Component::Checkbox => json!({ "type": "boolean" }),
        Component::Radio { choices } | Component::Dropdown { choices, multiselect: false } => {
            json!({ "type": "string", "enum": choices })
        }
        Component::CheckboxGroup { choices } | Component::Dropdown { choices, multiselect: true } => {
            json!({ "type": "array", "items": { "type": "string", "enum": choices } })
        }
        Component::Image => file_schema("ImageData"),
        Component::Audio | Component::Video | Component::File { multiple: false, .. } => file_schema("FileData"),
        Component::File { multiple: true, .. } => json!({ "type": "array", "items": file_schema("FileData") }),
        Component::Gallery => json!({
            "type": "array",
            "items": {
                "type": "object",
                "title": "GalleryImage",
                "properties": {
                    "image": file_schema("ImageData"),
                    "caption": { "anyOf": [{ "type": "string" }, { "type": "null" }] },
                },
                "required": ["image"],
            },
        }),
        Component::Dataframe { .. } => json!({
            "type": "object",
            "title": "DataframeData",
            "properties": {
                "headers": { "type": "array", "items": { "type": "string" } },
                "data": { "type": "array", "items": { "type": "array", "items": {} } },
                "metadata": { "anyOf": [{ "type": "object" }, { "type": "null" }] },
            },
            "required": ["headers", "data"],
        }),
        Component::Json => json!({ "type": {}, "description": "any valid json" }),
        Component::Tensor { dtype, .. } => json!({
            "type": "object",
            "title": "Tensor",
            "properties": {
                "dtype": { "const": dtype },
                "shape": { "type": "array", "items": { "type": "integer" } },
                "data": { "type": "array", "items": {} },
            },
            "required": ["data"],
        }),
        Component::Label { .. } => json!({
            "type": "object",
            "title": "LabelData",
            "properties": {
                "label": { "type": "string" },
                "confidences": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "label": { "type": "string" },
                            "confidence": { "anyOf": [{ "type": "number" }, { "type": "null" }] },
                        },
                    },
                },
            },
        }),
    }
}

fn number_schema(range: &NumberRange) -> Json {
    let mut schema = json!({ "type": "number" });
    if let (Some(minimum), Some(maximum)) = (range.minimum, range.maximum) {
        schema["description"] = json!(format!("numeric value between {minimum} and {maximum}"));
    }
    schema
}

/// Clients find the files of a value by this shape.
fn file_schema(title: &str) -> Json {
    json!({
        "type": "object",
        "title": title,
        "properties": {
            "path": { "type": "string" },
            "url": { "anyOf": [{ "type": "string" }, { "type": "null" }] },
            "size": { "anyOf": [{ "type": "integer" }, { "type": "null" }] },
            "orig_name": { "anyOf": [{ "type": "string" }, { "type": "null" }] },
            "mime_type": { "anyOf": [{ "type": "string" }, { "type": "null" }] },
            "is_stream": { "type": "boolean", "default": false },
            "meta": {
                "type": "object",
                "properties": { "_type": { "type": "string", "const": "gradio.FileData" } },
                "required": ["_type"],
            },
        },
        "required": ["path"],
    })
}

/// The type as a Python programmer reads it.
pub(super) fn python_type(component: &Component) -> String {
    let literals = |choices: &[String]| {
        // As Python writes a string; quotes within are rare and only shown.
        let quoted: Vec<_> = choices.iter().map(|choice| format!("'{}'", choice.replace('\'', "\\'"))).collect();
        format!("Literal[{}]", quoted.join(", "))
    };
    match component {
        Component::Textbox { .. } | Component::Markdown | Component::Code { .. } => "str".to_owned(),
        Component::Number(_) | Component::Slider(_) => "float".to_owned(),
        Component::Checkbox => "bool".to_owned(),
        Component::Radio { choices } | Component::Dropdown { choices, multiselect: false } => literals(choices),
        Component::CheckboxGroup { choices } | Component::Dropdown { choices, multiselect: true } => {
            format!("list[{}]", literals(choices))
        }
        Component::Image | Component::Audio | Component::Video | Component::File { multiple: false, .. } => {
            "filepath".to_owned()
        }
        Component::File { multiple: true, .. } => "list[filepath]".to_owned(),
        Component::Gallery => "list[dict(image: filepath, caption: str | None)]".to_owned(),
        Component::Dataframe { .. } => {
            "dict(headers: list[str], data: list[list[Any]], metadata: dict | None)".to_owned()
        }
        Component::Json => "str | float | bool | list | dict".to_owned(),
        Component::Tensor { .. } => "dict(dtype: str, shape: list[int], data: list[Any])".to_owned(),
        Component::Label { .. } => {
            "dict(label: str | None, confidences: list[dict(label: str, confidence: float | None)] | None)".to_owned()
        }
    }
}

/// A value that shows the form, for documentation.
pub(super) fn example(component: &Component) -> Json {
    match component {
        Component::Textbox { .. } => json!("Hello!!"),
        Component::Markdown => json!("# Hello!"),
        Component::Code { .. } => json!("print('Hello World')"),
        Component::Number(range) | Component::Slider(range) => json!(range.minimum.unwrap_or(0.0)),
        Component::Checkbox => json!(true),
        Component::Radio { choices } | Component::Dropdown { choices, multiselect: false } => json!(choices.first()),
        Component::CheckboxGroup { choices } | Component::Dropdown { choices, multiselect: true } => {
            json!(choices.iter().take(1).collect::<Vec<_>>())
        }
        Component::Dataframe { headers } => {
            json!({ "headers": headers, "data": [vec![Json::Null; headers.len()]], "metadata": null })
        }
        Component::Json => json!({ "foo": "bar" }),
        Component::Tensor { dtype, shape } => {
            let shape: Vec<u64> = shape.iter().map(|length| length.unwrap_or(1)).collect();
            json!({ "dtype": dtype, "shape": shape, "data": [] })
        }
        Component::Label { .. } => json!({ "label": "cat", "confidences": [{ "label": "cat", "confidence": 0.9 }] }),
        Component::Image | Component::Audio | Component::Video | Component::File { .. } | Component::Gallery => {
            Json::Null
        }
    }
}

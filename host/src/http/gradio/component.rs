//! Each of our components as one of Gradio's: its type, its properties, and the schema of its values.
//!
//! The forms are those that Gradio 6.31 gives for its own components, so that clients convert files, tables and labels
//! by themselves.

use serde_json::{Map, Value as Json, json};
use spaces::interface::{Component, Field, NumberRange, ValueKind};
use spaces::value::sample::sample;

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
        Component::Image { .. } => "image",
        Component::Audio { .. } => "audio",
        Component::Video => "video",
        Component::File { .. } => "file",
        Component::Gallery => "gallery",
        Component::Dataframe { .. } => "dataframe",
        // Gradio has no tensor, metric or map, and updates of its own; as JSON they keep what they say.
        Component::Json | Component::Tensor { .. } | Component::Metric { .. } | Component::Map | Component::Updates => {
            "json"
        }
        Component::Label { .. } => "label",
        Component::Markdown => "markdown",
        Component::Code { .. } => "code",
        Component::ColorPicker => "colorpicker",
        Component::DateTime { .. } => "datetime",
        Component::Html => "html",
        Component::HighlightedText { .. } => "highlightedtext",
        Component::Chatbot => "chatbot",
        Component::Plot => "plot",
        Component::LinePlot(_) | Component::BarPlot(_) | Component::ScatterPlot(_) => "nativeplot",
        Component::AnnotatedImage => "annotatedimage",
        Component::ImageSlider => "imageslider",
        Component::DownloadButton => "downloadbutton",
        Component::Model3D => "model3d",
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
        Component::Textbox { lines, placeholder, max_length, text_type, copy } => {
            set("lines", json!(lines));
            set("placeholder", json!(placeholder));
            set("max_length", json!(max_length));
            set("type", json!(text_type));
            set("buttons", if *copy { json!(["copy"]) } else { json!([]) });
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
        Component::Dropdown { choices, multiselect, allow_custom_value, filterable } => {
            set("choices", pairs(choices));
            set("multiselect", json!(multiselect));
            set("allow_custom_value", json!(allow_custom_value));
            set("filterable", json!(filterable));
        }
        Component::Image { sources } | Component::Audio { sources } => {
            set("type", json!("filepath"));
            if !sources.is_empty() {
                set("sources", json!(sources));
            }
        }
        Component::DateTime { include_time, timezone } => {
            set("include_time", json!(include_time));
            set("type", json!("string"));
            set("timezone", json!(timezone));
        }
        Component::HighlightedText { show_legend, combine_adjacent } => {
            set("show_legend", json!(show_legend));
            set("combine_adjacent", json!(combine_adjacent));
        }
        Component::LinePlot(axes) | Component::BarPlot(axes) | Component::ScatterPlot(axes) => {
            set("x", json!(axes.x));
            set("y", json!(axes.y));
            set("color", json!(axes.color));
        }
        Component::File { file_types, multiple } => {
            set("file_count", json!(if *multiple { "multiple" } else { "single" }));
            if !file_types.is_empty() {
                set("file_types", json!(file_types));
            }
        }
        Component::Dataframe { headers, datatype, editable } => {
            if !headers.is_empty() {
                set("headers", json!(headers));
            }
            if !datatype.is_empty() {
                set("datatype", json!(datatype));
            }
            if !editable {
                set("interactive", json!(false));
            }
        }
        Component::Label { top } => {
            set("num_top_classes", json!(top));
        }
        Component::Code { language } => {
            set("language", json!(language));
        }
        _ => {}
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
        Component::Number(range) | Component::Slider(range) => number_schema(range),
        Component::Image { .. } => file_schema("ImageData"),
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
        Component::ImageSlider => json!({ "type": "array", "items": file_schema("ImageData"), "title": "SliderData" }),
        Component::AnnotatedImage => json!({
            "type": "object",
            "title": "AnnotatedImageData",
            "properties": {
                "image": file_schema("FileData"),
                "annotations": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "title": "Annotation",
                        "properties": { "image": file_schema("FileData"), "label": { "type": "string" } },
                        "required": ["image", "label"],
                    },
                },
            },
            "required": ["image", "annotations"],
        }),
        Component::Plot => json!({
            "type": "object",
            "title": "PlotData",
            "properties": { "type": { "type": "string" }, "plot": { "type": "string" } },
            "required": ["type", "plot"],
        }),
        Component::LinePlot(_) | Component::BarPlot(_) | Component::ScatterPlot(_) => json!({
            "type": "object",
            "title": "PlotData",
            "properties": {
                "columns": { "type": "array", "items": { "type": "string" } },
                "data": { "type": "array", "items": { "type": "array", "items": {} } },
                "datatypes": { "type": "object" },
                "mark": { "type": "string" },
            },
            "required": ["columns", "data"],
        }),
        Component::Chatbot => json!({
            "type": "array",
            "title": "ChatbotDataMessages",
            "items": {
                "type": "object",
                "title": "Message",
                "properties": {
                    "role": { "type": "string" },
                    "content": { "anyOf": [{ "type": "string" }, { "type": "array", "items": {} }] },
                },
                "required": ["role", "content"],
            },
        }),
        Component::HighlightedText { .. } => json!({
            "type": "array",
            "title": "HighlightedTextData",
            "items": {
                "type": "object",
                "title": "HighlightedToken",
                "properties": {
                    "token": { "type": "string" },
                    "class_or_confidence": { "anyOf": [{ "type": "string" }, { "type": "number" }, { "type": "null" }] },
                },
                "required": ["token"],
            },
        }),
        Component::DateTime { include_time, .. } => {
            let time = if *include_time { " HH:MM:SS" } else { "" };
            json!({ "type": "string", "description": format!("Formatted as YYYY-MM-DD{time}") })
        }
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
        _ => schema_of_kind(component),
    }
}

fn schema_of_kind(component: &Component) -> Json {
    let text = || match component.choices() {
        Some(choices) => json!({ "type": "string", "enum": choices }),
        None => json!({ "type": "string" }),
    };
    match component.value_kind() {
        ValueKind::Text => text(),
        ValueKind::Number => json!({ "type": "number" }),
        ValueKind::Boolean => json!({ "type": "boolean" }),
        ValueKind::Texts => json!({ "type": "array", "items": text() }),
        ValueKind::Media => file_schema("FileData"),
        ValueKind::Medias => json!({ "type": "array", "items": file_schema("FileData") }),
        ValueKind::Table => json!({
            "type": "object",
            "title": "DataframeData",
            "properties": {
                "headers": { "type": "array", "items": { "type": "string" } },
                "data": { "type": "array", "items": { "type": "array", "items": {} } },
                "metadata": { "anyOf": [{ "type": "object" }, { "type": "null" }] },
            },
            "required": ["headers", "data"],
        }),
        ValueKind::Json | ValueKind::Tensor => json!({ "type": {}, "description": "any valid json" }),
        ValueKind::Label => json!({
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
    let text = || component.choices().map_or_else(|| "str".to_owned(), literals);
    let own = match component {
        Component::Gallery => "list[dict(image: filepath, caption: str | None)]",
        Component::ImageSlider => "tuple[filepath, filepath]",
        Component::AnnotatedImage => "dict(image: filepath, annotations: list[dict(image: filepath, label: str)])",
        Component::Plot => "dict(type: str, plot: str)",
        Component::LinePlot(_) | Component::BarPlot(_) | Component::ScatterPlot(_) => {
            "dict(columns: list[str], data: list[list[Any]], datatypes: dict, mark: str)"
        }
        Component::Chatbot => "list[dict(role: Literal['user', 'assistant', 'system'], content: str | list[Any])]",
        Component::HighlightedText { .. } => "list[dict(token: str, class_or_confidence: str | float | None)]",
        _ => match component.value_kind() {
            ValueKind::Text => return text(),
            ValueKind::Texts => return format!("list[{}]", text()),
            ValueKind::Number => "float",
            ValueKind::Boolean => "bool",
            ValueKind::Media => "filepath",
            ValueKind::Medias => "list[filepath]",
            ValueKind::Table => "dict(headers: list[str], data: list[list[Any]], metadata: dict | None)",
            ValueKind::Json => "str | float | bool | list | dict",
            ValueKind::Tensor => "dict(dtype: str, shape: list[int], data: list[Any])",
            ValueKind::Label => {
                "dict(label: str | None, confidences: list[dict(label: str, confidence: float | None)] | None)"
            }
        },
    };
    own.to_owned()
}

/// A value that shows the form, for documentation.
pub(super) fn example(component: &Component) -> Json {
    match component {
        Component::Textbox { .. } => json!("Hello!!"),
        Component::Json => json!({ "foo": "bar" }),
        Component::Dataframe { .. } => {
            let mut table = sample(component);
            table["metadata"] = Json::Null;
            table
        }
        other => sample(other),
    }
}

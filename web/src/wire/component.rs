//! Components with their options.

use serde_json::Value as Json;
use spaces::interface::{Axes, Component, Datatype, NumberRange, Source, TextType};

use super::{Wire, field, or};

impl Wire for Component {
    fn read(json: &Json) -> Option<Self> {
        Some(match json.get("kind")?.as_str()? {
            "textbox" => Self::Textbox {
                lines: or(json, "lines", 1)?,
                placeholder: field(json, "placeholder")?,
                max_length: field(json, "max_length")?,
                text_type: or(json, "type", TextType::Text)?,
                copy: or(json, "copy", false)?,
            },
            "number" => Self::Number(Wire::read(json)?),
            "slider" => Self::Slider(Wire::read(json)?),
            "checkbox" => Self::Checkbox,
            "checkbox-group" => Self::CheckboxGroup { choices: field(json, "choices")? },
            "radio" => Self::Radio { choices: field(json, "choices")? },
            "dropdown" => Self::Dropdown {
                choices: field(json, "choices")?,
                multiselect: or(json, "multiselect", false)?,
                allow_custom_value: or(json, "allow_custom_value", false)?,
                filterable: or(json, "filterable", true)?,
            },
            "image" => Self::Image { sources: or(json, "sources", Vec::new())? },
            "audio" => Self::Audio { sources: or(json, "sources", Vec::new())? },
            "video" => Self::Video,
            "file" => Self::File { file_types: field(json, "file_types")?, multiple: field(json, "multiple")? },
            "gallery" => Self::Gallery,
            "dataframe" => Self::Dataframe {
                headers: or(json, "headers", Vec::new())?,
                datatype: or(json, "datatype", Vec::new())?,
                editable: or(json, "editable", true)?,
            },
            "json" => Self::Json,
            "label" => Self::Label { top: field(json, "top")? },
            "markdown" => Self::Markdown,
            "code" => Self::Code { language: field(json, "language")? },
            "tensor" => Self::Tensor { dtype: field(json, "dtype")?, shape: field(json, "shape")? },
            "color-picker" => Self::ColorPicker,
            "datetime" => {
                Self::DateTime { include_time: or(json, "include_time", true)?, timezone: field(json, "timezone")? }
            }
            "html" => Self::Html,
            "highlighted-text" => Self::HighlightedText {
                show_legend: or(json, "show_legend", true)?,
                combine_adjacent: or(json, "combine_adjacent", false)?,
            },
            "chatbot" => Self::Chatbot,
            "metric" => Self::Metric { unit: field(json, "unit")? },
            "plot" => Self::Plot,
            "map" => Self::Map,
            "line-plot" => Self::LinePlot(Wire::read(json)?),
            "bar-plot" => Self::BarPlot(Wire::read(json)?),
            "scatter-plot" => Self::ScatterPlot(Wire::read(json)?),
            "annotated-image" => Self::AnnotatedImage,
            "image-slider" => Self::ImageSlider,
            "download-button" => Self::DownloadButton,
            "model3d" => Self::Model3D,
            "updates" => Self::Updates,
            _ => return None,
        })
    }
}

impl Wire for NumberRange {
    fn read(json: &Json) -> Option<Self> {
        Some(Self { minimum: field(json, "minimum")?, maximum: field(json, "maximum")?, step: field(json, "step")? })
    }
}

impl Wire for Axes {
    fn read(json: &Json) -> Option<Self> {
        Some(Self { x: field(json, "x")?, y: field(json, "y")?, color: field(json, "color")? })
    }
}

impl Wire for TextType {
    fn read(json: &Json) -> Option<Self> {
        Some(match json.as_str()? {
            "text" => Self::Text,
            "password" => Self::Password,
            "email" => Self::Email,
            _ => return None,
        })
    }
}

impl Wire for Source {
    fn read(json: &Json) -> Option<Self> {
        Some(match json.as_str()? {
            "upload" => Self::Upload,
            "webcam" => Self::Webcam,
            "clipboard" => Self::Clipboard,
            "microphone" => Self::Microphone,
            _ => return None,
        })
    }
}

impl Wire for Datatype {
    fn read(json: &Json) -> Option<Self> {
        Some(match json.as_str()? {
            "str" => Self::Str,
            "number" => Self::Number,
            "bool" => Self::Bool,
            "date" => Self::Date,
            "markdown" => Self::Markdown,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The number of kinds; the compiler asks for a new one here.
    fn number(component: &Component) -> usize {
        match component {
            Component::Textbox { .. } => 0,
            Component::Number(_) => 1,
            Component::Slider(_) => 2,
            Component::Checkbox => 3,
            Component::CheckboxGroup { .. } => 4,
            Component::Radio { .. } => 5,
            Component::Dropdown { .. } => 6,
            Component::Image { .. } => 7,
            Component::Audio { .. } => 8,
            Component::Video => 9,
            Component::File { .. } => 10,
            Component::Gallery => 11,
            Component::Dataframe { .. } => 12,
            Component::Json => 13,
            Component::Label { .. } => 14,
            Component::Markdown => 15,
            Component::Code { .. } => 16,
            Component::Tensor { .. } => 17,
            Component::ColorPicker => 18,
            Component::DateTime { .. } => 19,
            Component::Html => 20,
            Component::HighlightedText { .. } => 21,
            Component::Chatbot => 22,
            Component::Metric { .. } => 23,
            Component::Plot => 24,
            Component::Map => 25,
            Component::LinePlot(_) => 26,
            Component::BarPlot(_) => 27,
            Component::ScatterPlot(_) => 28,
            Component::AnnotatedImage => 29,
            Component::ImageSlider => 30,
            Component::DownloadButton => 31,
            Component::Model3D => 32,
            Component::Updates => 33,
        }
    }
    const N_KINDS: usize = 34;

    #[test]
    fn every_component_is_read_as_serde_reads_it() {
        let given = [
            json!({ "kind": "textbox", "lines": 3, "placeholder": "p", "max_length": 9, "type": "email", "copy": true }),
            json!({ "kind": "textbox", "type": "password" }),
            json!({ "kind": "number", "minimum": null, "maximum": null, "step": null }),
            json!({ "kind": "slider", "minimum": 1.5, "maximum": 2.0, "step": 0.5 }),
            json!({ "kind": "checkbox" }),
            json!({ "kind": "checkbox-group", "choices": ["a", "b"] }),
            json!({ "kind": "radio", "choices": ["a"] }),
            json!({ "kind": "dropdown", "choices": ["a"] }),
            json!({ "kind": "dropdown", "choices": [], "multiselect": true, "allow_custom_value": true, "filterable": false }),
            json!({ "kind": "image", "sources": ["upload", "webcam", "clipboard"] }),
            json!({ "kind": "audio", "sources": ["microphone"] }),
            json!({ "kind": "video" }),
            json!({ "kind": "file", "file_types": [".csv"], "multiple": true }),
            json!({ "kind": "gallery" }),
            json!({ "kind": "dataframe", "headers": ["a"], "datatype": ["str", "number", "bool", "date", "markdown"], "editable": false }),
            json!({ "kind": "json" }),
            json!({ "kind": "label", "top": 3 }),
            json!({ "kind": "markdown" }),
            json!({ "kind": "code", "language": "python" }),
            json!({ "kind": "tensor", "dtype": "f32", "shape": [null, 4] }),
            json!({ "kind": "color-picker" }),
            json!({ "kind": "datetime", "include_time": false, "timezone": "Europe/Oslo" }),
            json!({ "kind": "html" }),
            json!({ "kind": "highlighted-text", "show_legend": false, "combine_adjacent": true }),
            json!({ "kind": "chatbot" }),
            json!({ "kind": "metric", "unit": "ms" }),
            json!({ "kind": "plot" }),
            json!({ "kind": "map" }),
            json!({ "kind": "line-plot", "x": "a", "y": "b", "color": "c" }),
            json!({ "kind": "bar-plot", "x": "a", "y": "b" }),
            json!({ "kind": "scatter-plot", "x": "a", "y": "b", "color": null }),
            json!({ "kind": "annotated-image" }),
            json!({ "kind": "image-slider" }),
            json!({ "kind": "download-button" }),
            json!({ "kind": "model3d" }),
            json!({ "kind": "updates" }),
        ];
        let mut seen = [false; N_KINDS];
        for json in given {
            let expected: Component = serde_json::from_value(json.clone()).expect("serde reads it");
            assert_eq!(Component::read(&json), Some(expected.clone()), "{json}");
            let written = serde_json::to_value(&expected).expect("it is written");
            assert_eq!(Component::read(&written), Some(expected.clone()), "{written}");
            seen[number(&expected)] = true;
        }
        assert_eq!(seen, [true; N_KINDS]);
        assert_eq!(Component::read(&json!({ "kind": "other" })), None);
        assert_eq!(Component::read(&json!({ "kind": "radio" })), None);
    }
}

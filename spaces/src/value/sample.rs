//! Values that show a component's form, for documentation and for lines to paste.

use serde_json::{Value as Json, json};

use crate::interface::{Component, ValueKind};

/// A value as the API takes or gives it; null where it is a file.
pub fn sample(component: &Component) -> Json {
    match component {
        Component::Number(range) | Component::Slider(range) => json!(range.minimum.unwrap_or(0.0)),
        Component::Tensor { dtype, shape } => {
            let shape: Vec<u64> = shape.iter().map(|length| length.unwrap_or(1)).collect();
            json!({ "dtype": dtype, "shape": shape, "data": [] })
        }
        Component::Dropdown { choices, multiselect: true, .. } => json!(choices.iter().take(1).collect::<Vec<_>>()),
        Component::Dropdown { choices, .. } => json!(choices.first()),
        Component::Markdown => json!("# Hello!"),
        Component::Html => json!("<p>Hello</p>"),
        Component::Code { .. } => json!("print('Hello World')"),
        Component::ColorPicker => json!("#1f77b4"),
        Component::DateTime { include_time: true, .. } => json!("2026-11-28 16:00:00"),
        Component::DateTime { include_time: false, .. } => json!("2026-11-28"),
        Component::HighlightedText { .. } => json!([
            { "token": "Ada", "class_or_confidence": "person" },
            { "token": " writes", "class_or_confidence": null },
        ]),
        Component::Chatbot => json!([{ "role": "user", "content": "Hello!" }]),
        Component::Metric { .. } => json!({ "value": 12.5, "delta": -0.5 }),
        Component::Plot => json!({ "mark": "bar", "data": { "values": [] }, "encoding": {} }),
        Component::Map => json!({ "type": "Point", "coordinates": [13.4, 52.5] }),
        Component::LinePlot(axes) | Component::BarPlot(axes) | Component::ScatterPlot(axes) => {
            json!({ "headers": [axes.x, axes.y], "data": [[1, 2]] })
        }
        _ => match component.value_kind() {
            ValueKind::Boolean => json!(true),
            ValueKind::Number => json!(0),
            ValueKind::Text => component.choices().map_or_else(|| json!("some text"), |choices| json!(choices.first())),
            ValueKind::Texts => json!(component.choices().unwrap_or_default().iter().take(1).collect::<Vec<_>>()),
            ValueKind::Json => json!({}),
            ValueKind::Table => {
                let headers = component.headers();
                json!({ "headers": headers, "data": [vec![Json::Null; headers.len()]] })
            }
            ValueKind::Label => json!({ "label": "cat", "confidences": [{ "label": "cat", "confidence": 0.9 }] }),
            ValueKind::Media | ValueKind::Medias | ValueKind::Tensor => Json::Null,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interface::{Axes, NumberRange};
    use crate::value::decode::{NoAssets, decode_json};

    #[test]
    fn samples_fit_their_components() {
        let axes = || Axes { x: "a".to_owned(), y: "b".to_owned(), color: None };
        let choices = || vec!["a".to_owned(), "b".to_owned()];
        let components = [
            Component::textbox(),
            Component::Number(NumberRange::default()),
            Component::Checkbox,
            Component::Radio { choices: choices() },
            Component::CheckboxGroup { choices: choices() },
            Component::dropdown(choices(), true),
            Component::dropdown(choices(), false),
            Component::dataframe(choices()),
            Component::Json,
            Component::Markdown,
            Component::Html,
            Component::Code { language: None },
            Component::ColorPicker,
            Component::DateTime { include_time: true, timezone: None },
            Component::DateTime { include_time: false, timezone: None },
            Component::HighlightedText { show_legend: true, combine_adjacent: false },
            Component::Chatbot,
            Component::Metric { unit: None },
            Component::Plot,
            Component::Map,
            Component::LinePlot(axes()),
            Component::BarPlot(axes()),
            Component::ScatterPlot(axes()),
        ];
        for component in components {
            decode_json(&component, sample(&component), &NoAssets).expect("the sample fits");
        }
    }
}

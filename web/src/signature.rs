//! Types as people read them.

use spaces::interface::{Component, NumberRange, ValueKind};
use spaces::value::Dtype;

/// The most choices that are listed.
const MAX_CHOICES: usize = 8;

/// The type of a component's value, as a caller thinks of it.
pub fn type_text(component: &Component) -> String {
    match component {
        Component::Textbox { max_length: Some(maximum), .. } => format!("text, at most {maximum} characters"),
        Component::Markdown => "text, Markdown".to_owned(),
        Component::Html => "text, HTML".to_owned(),
        Component::Code { language: Some(language) } => format!("text, {language}"),
        Component::Code { language: None } => "text, source code".to_owned(),
        Component::ColorPicker => "text, #rrggbb".to_owned(),
        Component::DateTime { include_time, timezone } => {
            let form = if *include_time { "text, YYYY-MM-DD HH:MM:SS" } else { "text, YYYY-MM-DD" };
            timezone.as_ref().map_or_else(|| form.to_owned(), |zone| format!("{form} in {zone}"))
        }
        Component::Number(range) | Component::Slider(range) => number(range),
        Component::File { file_types, multiple } => {
            let what = if *multiple { "files" } else { "file" };
            if file_types.is_empty() { what.to_owned() } else { format!("{what}: {}", file_types.join(", ")) }
        }
        Component::Dataframe { headers, .. } if !headers.is_empty() => format!("table with {}", headers.join(", ")),
        Component::Tensor { dtype, shape } => format!("tensor {}", tensor(*dtype, shape)),
        Component::Label { .. } => "classes with their confidences".to_owned(),
        Component::LinePlot(axes) | Component::BarPlot(axes) | Component::ScatterPlot(axes) => {
            format!("table with {}, {}", axes.x, axes.y)
        }
        _ => match (component.choices(), component.value_kind()) {
            (Some(choices), ValueKind::Texts) => format!("some of {}", listed(choices)),
            (Some(choices), _) => format!("one of {}", listed(choices)),
            (None, ValueKind::Texts) => "texts".to_owned(),
            (None, _) => {
                let noun = component.noun();
                noun.strip_prefix("an ").or_else(|| noun.strip_prefix("a ")).unwrap_or(noun).to_owned()
            }
        },
    }
}

/// `[1 × 3], f32`; an open dimension is `?`.
pub fn tensor(dtype: Dtype, shape: &[Option<u64>]) -> String {
    let dims: Vec<_> = shape.iter().map(|dim| dim.map_or_else(|| "?".to_owned(), |dim| dim.to_string())).collect();
    format!("[{}], {}", dims.join(" × "), format!("{dtype:?}").to_lowercase())
}

fn number(range: &NumberRange) -> String {
    match (range.minimum, range.maximum) {
        (Some(minimum), Some(maximum)) => format!("number from {minimum} to {maximum}"),
        (Some(minimum), None) => format!("number from {minimum}"),
        (None, Some(maximum)) => format!("number up to {maximum}"),
        (None, None) => "number".to_owned(),
    }
}

fn listed(choices: &[String]) -> String {
    let mut listed =
        choices.iter().take(MAX_CHOICES).map(|choice| format!("“{choice}”")).collect::<Vec<_>>().join(", ");
    if choices.len() > MAX_CHOICES {
        listed.push_str(&format!(" and {} more", choices.len() - MAX_CHOICES));
    }
    listed
}

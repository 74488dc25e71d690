//! Types as people read them.

use spaces::interface::{Component, NumberRange, ValueKind};
use spaces::value::Dtype;

use crate::texts::signature as texts;

/// The most choices that are listed.
const MAX_CHOICES: usize = 8;

/// The type of a component's value, as a caller thinks of it.
pub fn type_text(component: &Component) -> String {
    match component {
        Component::Textbox { max_length: Some(maximum), .. } => texts::text_up_to(*maximum),
        Component::Markdown => texts::MARKDOWN.to_owned(),
        Component::Html => texts::HTML.to_owned(),
        Component::Code { language: Some(language) } => texts::text_in(language),
        Component::Code { language: None } => texts::SOURCE_CODE.to_owned(),
        Component::ColorPicker => texts::COLOR.to_owned(),
        Component::DateTime { include_time, timezone } => {
            let form = if *include_time { texts::MOMENT } else { texts::DATE };
            timezone.as_ref().map_or_else(|| form.to_owned(), |zone| texts::in_zone(form, zone))
        }
        Component::Number(range) | Component::Slider(range) => number(range),
        Component::File { file_types, multiple } => {
            let what = if *multiple { texts::FILES } else { texts::FILE };
            if file_types.is_empty() { what.to_owned() } else { texts::of_types(what, &file_types.join(", ")) }
        }
        Component::Dataframe { headers, .. } if !headers.is_empty() => texts::table_with(&headers.join(", ")),
        Component::Tensor { dtype, shape } => texts::tensor(&tensor(*dtype, shape)),
        Component::Label { .. } => texts::CLASSES.to_owned(),
        Component::LinePlot(axes) | Component::BarPlot(axes) | Component::ScatterPlot(axes) => {
            texts::table_with(&format!("{}, {}", axes.x, axes.y))
        }
        _ => match (component.choices(), component.value_kind()) {
            (Some(choices), ValueKind::Texts) => texts::some_of(&listed(choices)),
            (Some(choices), _) => texts::one_of(&listed(choices)),
            (None, ValueKind::Texts) => texts::TEXTS.to_owned(),
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
        (Some(minimum), Some(maximum)) => texts::number_between(minimum, maximum),
        (Some(minimum), None) => texts::number_from(minimum),
        (None, Some(maximum)) => texts::number_up_to(maximum),
        (None, None) => texts::NUMBER.to_owned(),
    }
}

fn listed(choices: &[String]) -> String {
    let listed: Vec<String> = choices.iter().take(MAX_CHOICES).map(|choice| texts::choice(choice)).collect();
    let listed = listed.join(", ");
    match choices.len().saturating_sub(MAX_CHOICES) {
        0 => listed,
        n_more => texts::and_more(&listed, n_more),
    }
}

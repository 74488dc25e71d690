//! A number that people watch, with its change.

use leptos::prelude::*;
use serde_json::Value as Json;

use super::text::rounded;

pub(super) fn metric(value: &Json, unit: Option<&str>) -> Option<AnyView> {
    let shown = written(value.get("value")?)?;
    let unit = unit.map(|unit| view! { <span class="unit">{unit.to_owned()}</span> });
    let delta = value.get("delta").and_then(|delta| Some((written(delta)?, direction(delta))));
    let delta = delta.map(|(text, (class, arrow, word))| {
        view! {
            <p class=format!("delta {class}")>
                <span aria-hidden="true">{arrow}</span>
                <span class="visually-hidden">{word}</span>
                {text}
            </p>
        }
    });
    Some(view! { <div class="metric"><p class="figure">{shown}{unit}</p>{delta}</div> }.into_any())
}

fn written(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) if number.is_f64() => number.as_f64().map(rounded),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A style class, an arrow and a word: by sign, also of a text such as `-5 %`.
fn direction(delta: &Json) -> (&'static str, &'static str, &'static str) {
    let falls = match delta {
        Json::String(text) => text.trim_start().starts_with(['-', '−']),
        other => other.as_f64().is_some_and(|number| number < 0.0),
    };
    let is_level = delta.as_f64() == Some(0.0);
    match (is_level, falls) {
        (true, _) => ("level", "→", "Unchanged by"),
        (false, true) => ("down", "↓", "Down by"),
        (false, false) => ("up", "↑", "Up by"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_has_a_direction() {
        let check = |delta: Json, expected: &str| assert_eq!(direction(&delta).0, expected, "{delta}");
        check(json!(1.5), "up");
        check(json!(-2), "down");
        check(json!(0), "level");
        check(json!("-5 %"), "down");
        check(json!("4 °C"), "up");
    }
}

//! A number that people watch, with its change.

use serde_json::Value as Json;

use super::drawing::Drawing;
use super::text::rounded;
use crate::texts::outputs as texts;

pub(super) fn metric(value: &Json, unit: Option<&str>, out: &mut Drawing) -> Option<()> {
    out.raw("<div class=\"metric\"><p class=\"figure\">").text(&written(value.get("value")?)?);
    if let Some(unit) = unit {
        out.raw("<span class=\"unit\">").text(unit).raw("</span>");
    }
    out.raw("</p>");
    if let Some((delta, text)) = value.get("delta").and_then(|delta| Some((delta, written(delta)?))) {
        let (class, arrow, word) = direction(delta);
        out.raw("<p class=\"delta ").raw(class).raw("\"><span aria-hidden=\"true\">").raw(arrow);
        out.raw("</span><span class=\"visually-hidden\">").text(word).raw("</span>").text(&text).raw("</p>");
    }
    out.raw("</div>");
    Some(())
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
        (true, _) => ("level", "→", texts::LEVEL_BEFORE),
        (false, true) => ("down", "↓", texts::DOWN_BEFORE),
        (false, false) => ("up", "↑", texts::UP_BEFORE),
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

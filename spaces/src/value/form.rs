//! The forms of texts and JSON that single components ask for: colours, dates, spans of text, messages, metrics.

use serde_json::{Map, Value as Json};

use super::problem::{ValueError, quoted};
use crate::interface::Component;

/// A type of GeoJSON object.
const GEOJSON: [&str; 9] = [
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
    "Feature",
    "FeatureCollection",
];

/// Who speaks in a conversation.
const ROLES: [&str; 3] = ["user", "assistant", "system"];

/// Checks a text that `component` takes, whoever gives it.
pub(super) fn check_text(component: &Component, text: &str) -> Result<(), ValueError> {
    let (fits, expected) = match component {
        Component::ColorPicker => (is_color(text), "a colour like `#12ab9f`"),
        Component::DateTime { include_time, .. } => (
            normal_date(text, *include_time).as_deref() == Some(text),
            match include_time {
                true => "a date and time like `2026-11-28 16:00:00`",
                false => "a date like `2026-11-28`",
            },
        ),
        _ => return Ok(()),
    };
    if fits { Ok(()) } else { Err(ValueError::Text { text: quoted(text), expected }) }
}

/// Checks a JSON document that `component` takes, whoever gives it.
pub(super) fn check_json(component: &Component, json: &Json) -> Result<(), ValueError> {
    let problem = match component {
        Component::HighlightedText { .. } => spans(json),
        Component::Chatbot => messages(json),
        Component::Metric { .. } => metric(json),
        Component::Plot => object(json).map(drop),
        Component::Map => geojson(json),
        _ => return Ok(()),
    };
    problem.map_err(|problem| ValueError::Form { expected: component.noun(), problem })
}

/// A visitor's text as the component's values are written: dates may come with a `T`, and without seconds, as browsers
/// and RFC 3339 write them.
pub(super) fn normal_text(component: &Component, text: String) -> String {
    match component {
        Component::DateTime { include_time, .. } => normal_date(text.trim(), *include_time).unwrap_or(text),
        Component::ColorPicker => text.trim().to_ascii_lowercase(),
        _ => text,
    }
}

fn is_color(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// `2026-11-28 16:00:00`, or `2026-11-28` without the time; none where `text` is no such date.
fn normal_date(text: &str, include_time: bool) -> Option<String> {
    let (date, time) = match text.split_once([' ', 'T']) {
        Some((date, time)) if include_time => (date, time),
        None if include_time => (text, "00:00:00"),
        None => (text, ""),
        Some(_) => return None,
    };
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let n_days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if year == 0 || !(1..=n_days).contains(&day) {
        return None;
    }
    if !include_time {
        return Some(date.to_owned());
    }
    let time = if time.len() == 5 { format!("{time}:00") } else { time.to_owned() };
    let [hour, minute, second] = numbers(&time, ':', [2, 2, 2])?;
    (hour < 24 && minute < 60 && second < 60).then(|| format!("{date} {time}"))
}

/// Three numbers of so many digits each.
fn numbers(text: &str, separator: char, n_digits: [usize; 3]) -> Option<[u32; 3]> {
    let mut parts = text.split(separator);
    let mut found = [0; 3];
    for (number, n_digits) in found.iter_mut().zip(n_digits) {
        let part = parts.next()?;
        let is_number = part.len() == n_digits && part.bytes().all(|byte| byte.is_ascii_digit());
        *number = is_number.then(|| part.parse().ok()).flatten()?;
    }
    parts.next().is_none().then_some(found)
}

type Problem = &'static str;

fn object(json: &Json) -> Result<&Map<String, Json>, Problem> {
    json.as_object().ok_or("it is not an object")
}

fn array(json: &Json) -> Result<&[Json], Problem> {
    json.as_array().map(Vec::as_slice).ok_or("it is not an array")
}

fn spans(json: &Json) -> Result<(), Problem> {
    for span in array(json)? {
        let span = object(span)?;
        if !span.get("token").is_some_and(Json::is_string) {
            return Err("a span has no text `token`");
        }
        if !matches!(span.get("class_or_confidence"), None | Some(Json::Null | Json::String(_) | Json::Number(_))) {
            return Err("the `class_or_confidence` of a span is neither a text nor a number");
        }
        if span.keys().any(|key| key != "token" && key != "class_or_confidence") {
            return Err("a span has `token` and `class_or_confidence`, and nothing else");
        }
    }
    Ok(())
}

fn messages(json: &Json) -> Result<(), Problem> {
    for message in array(json)? {
        let message = object(message)?;
        if !message.get("role").and_then(Json::as_str).is_some_and(|role| ROLES.contains(&role)) {
            return Err("the `role` of a message is none of `user`, `assistant` and `system`");
        }
        if !message.get("content").is_some_and(Json::is_string) {
            return Err("a message has no text `content`");
        }
        if message.keys().any(|key| key != "role" && key != "content") {
            return Err("a message has `role` and `content`, and nothing else");
        }
    }
    Ok(())
}

fn metric(json: &Json) -> Result<(), Problem> {
    let metric = object(json)?;
    if !matches!(metric.get("value"), Some(Json::Number(_) | Json::String(_))) {
        return Err("its `value` is neither a number nor a text");
    }
    if !matches!(metric.get("delta"), None | Some(Json::Null | Json::Number(_) | Json::String(_))) {
        return Err("its `delta` is neither a number nor a text");
    }
    if metric.keys().any(|key| key != "value" && key != "delta") {
        return Err("it has `value` and `delta`, and nothing else");
    }
    Ok(())
}

fn geojson(json: &Json) -> Result<(), Problem> {
    let is_known = object(json)?.get("type").and_then(Json::as_str).is_some_and(|kind| GEOJSON.contains(&kind));
    if is_known { Ok(()) } else { Err("its `type` is none of GeoJSON") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn dates_are_written_one_way() {
        let check = |text: &str, include_time: bool, expected: Option<&str>| {
            assert_eq!(normal_date(text, include_time).as_deref(), expected, "{text}");
        };
        check("2026-11-28 16:00:00", true, Some("2026-11-28 16:00:00"));
        check("2026-11-28T16:00", true, Some("2026-11-28 16:00:00"));
        check("2026-11-28T16:00:59", true, Some("2026-11-28 16:00:59"));
        check("2026-11-28", true, Some("2026-11-28 00:00:00"));
        check("2026-11-28", false, Some("2026-11-28"));
        check("2024-02-29", false, Some("2024-02-29"));
        check("2000-02-29", false, Some("2000-02-29"));
        for wrong in
            ["2026-02-29", "2100-02-29", "2026-13-01", "2026-04-31", "0000-01-01", "26-1-1", "", "now", "2026-11-28-1"]
        {
            check(wrong, false, None);
        }
        // A clock's time has no offset: the component says where the clock is.
        for wrong in [
            "2026-11-28 24:00:00",
            "2026-11-28 16:60",
            "2026-11-28T16:00:00Z",
            "2026-11-28T16:00+01:00",
            "2026-11-28 1:0",
        ] {
            check(wrong, true, None);
        }
        check("2026-11-28 16:00:00", false, None);
    }

    #[test]
    fn colours_have_six_digits() {
        assert!(is_color("#00ffAA"));
        for wrong in ["00ffaa", "#0fa", "#00ffag", "#00ffaa00", "red", "#é0ffa"] {
            assert!(!is_color(wrong), "{wrong}");
        }
    }

    #[test]
    fn documents_say_what_is_wrong_with_them() {
        let check = |component: Component, json: Json, problem: Option<&str>| {
            let found = check_json(&component, &json).map_err(|error| error.to_string());
            let expected = match problem {
                None => Ok(()),
                Some(problem) => Err(format!("expected {}, but {problem}", component.noun())),
            };
            assert_eq!(found, expected, "{json}");
        };
        let spans = || Component::HighlightedText { show_legend: true, combine_adjacent: false };
        check(spans(), json!([{ "token": "a", "class_or_confidence": "noun" }, { "token": " " }]), None);
        check(spans(), json!([{ "token": "a", "class_or_confidence": 0.5 }]), None);
        check(spans(), json!({}), Some("it is not an array"));
        check(spans(), json!([{ "text": "a" }]), Some("a span has no text `token`"));
        check(Component::Chatbot, json!([{ "role": "user", "content": "hi" }]), None);
        check(
            Component::Chatbot,
            json!([{ "role": "admin", "content": "hi" }]),
            Some("the `role` of a message is none of `user`, `assistant` and `system`"),
        );
        check(
            Component::Chatbot,
            json!([{ "role": "user", "content": ["hi"] }]),
            Some("a message has no text `content`"),
        );
        check(Component::Metric { unit: None }, json!({ "value": 1, "delta": -0.5 }), None);
        check(
            Component::Metric { unit: None },
            json!({ "delta": 1 }),
            Some("its `value` is neither a number nor a text"),
        );
        check(Component::Plot, json!({ "mark": "bar" }), None);
        check(Component::Plot, json!("bar"), Some("it is not an object"));
        check(Component::Map, json!({ "type": "Point", "coordinates": [1, 2] }), None);
        check(Component::Map, json!({ "type": "Dot" }), Some("its `type` is none of GeoJSON"));
        check(Component::Json, json!(null), None);
    }
}

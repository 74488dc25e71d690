//! Python with Gradio's client, and how Python writes values.

use serde_json::Value as Json;

use super::Target;
use super::given::Given;
use super::gradio::{argument, imported, names, text};

pub(super) fn program(target: Target<'_>, given: &[Given]) -> String {
    let arguments: String = given
        .iter()
        .map(|given| format!("    {}={},\n", given.name, argument(target, &given.value, |json| literal(json, 1))))
        .collect();
    let (imported, (url, endpoint)) = (imported(given), names(target));
    format!(
        "from gradio_client import {imported}\n\nclient = Client({url})\nresult = client.predict(\n{arguments}    \
         api_name={endpoint},\n)\nprint(result)"
    )
}

/// A value as Python writes it, `depth` levels in.
pub(super) fn literal(json: &Json, depth: usize) -> String {
    match json {
        Json::Null => "None".to_owned(),
        Json::Bool(true) => "True".to_owned(),
        Json::Bool(false) => "False".to_owned(),
        Json::Number(number) => number.to_string(),
        Json::String(string) => text(string),
        Json::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| literal(item, depth)).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Object(object) if depth > 0 => {
            let items: Vec<_> =
                object.iter().map(|(key, value)| format!("{}: {}", text(key), literal(value, depth))).collect();
            format!("{{{}}}", items.join(", "))
        }
        Json::Object(object) => dictionary(object.iter().map(|(key, value)| (key.as_str(), literal(value, 1)))),
    }
}

/// A dictionary with a line for each entry, as the argument of a call.
pub(super) fn dictionary<'a>(entries: impl Iterator<Item = (&'a str, String)>) -> String {
    let lines: String = entries.map(|(key, value)| format!("        {}: {value},\n", text(key))).collect();
    if lines.is_empty() { "{}".to_owned() } else { format!("{{\n{lines}    }}") }
}

//! Python with Gradio's client, and how Python writes values.

use serde_json::Value as Json;

use super::Target;
use super::given::{File, Given, Sent};

pub(super) fn program(target: Target<'_>, given: &[Given]) -> String {
    let has_files = given.iter().any(|given| matches!(given.value, Sent::Files { .. }));
    let imported = if has_files { "Client, handle_file" } else { "Client" };
    let mut arguments = String::new();
    for Given { name, value } in given {
        let value = match value {
            Sent::Json(json) => literal(json, 1),
            Sent::Files { files, multiple: false } => {
                files.first().map_or_else(|| "None".to_owned(), |file| handled(target, file))
            }
            Sent::Files { files, multiple: true } => {
                let files: Vec<_> = files.iter().map(|file| handled(target, file)).collect();
                format!("[{}]", files.join(", "))
            }
        };
        arguments.push_str(&format!("    {name}={value},\n"));
    }
    let (url, endpoint) = (text(&format!("{}/", target.space_url)), text(&format!("/{}", target.endpoint)));
    format!(
        "from gradio_client import {imported}\n\nclient = Client({url})\nresult = client.predict(\n{arguments}    \
         api_name={endpoint},\n)\nprint(result)"
    )
}

fn handled(target: Target<'_>, file: &File) -> String {
    match file {
        File::Asset(name) => format!("handle_file({})", text(&target.asset_url(name))),
        File::Own(name) => format!("handle_file({})", text(name)),
    }
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

/// A string as Python and JavaScript write it: JSON's way is both of theirs.
pub(super) fn text(string: &str) -> String {
    Json::from(string).to_string()
}

//! Python with `requests` alone.

use serde_json::Value as Json;

use super::Target;
use super::given::{Given, form_text, object};
use super::gradio::text;
use super::python::{dictionary, literal};

pub(super) fn program(target: Target<'_>, given: &[Given]) -> String {
    let mut call = format!("    {},\n", text(&target.api_url()));
    match object(given) {
        Some(object) => call.push_str(&format!("    json={},\n", literal(&Json::Object(object), 0))),
        None => {
            let texts = given.iter().filter_map(|given| Some((given.name.as_str(), text(&form_text(&given.json()?)))));
            call.push_str(&format!("    data={},\n", dictionary(texts)));
            call.push_str("    files=[\n");
            for given in given {
                for file in given.own_files() {
                    call.push_str(&format!("        ({}, open({}, \"rb\")),\n", text(&given.name), text(file)));
                }
            }
            call.push_str("    ],\n");
        }
    }
    if target.streams {
        // Without it the answer comes in parts.
        call.push_str("    headers={\"accept\": \"application/json\"},\n");
    }
    format!(
        "import requests\n\nanswer = requests.post(\n{call})\nanswer.raise_for_status()\nprint(answer.json()[\"data\"])"
    )
}

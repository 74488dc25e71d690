//! What Gradio's clients in Python and JavaScript have in common.

use serde_json::Value as Json;

use super::Target;
use super::given::{File, Given, Sent};

/// What is imported of the client.
pub(super) fn imported(given: &[Given]) -> &'static str {
    let has_files = given.iter().any(|given| matches!(given.value, Sent::Files { .. }));
    if has_files { "Client, handle_file" } else { "Client" }
}

/// The address that a client connects to, and the name of the endpoint, as strings of either language.
pub(super) fn names(target: Target<'_>) -> (String, String) {
    (text(&format!("{}/", target.space_url)), text(&format!("/{}", target.endpoint)))
}

/// A value as an argument; `literal` writes JSON in the language.
pub(super) fn argument(target: Target<'_>, value: &Sent, literal: impl Fn(&Json) -> String) -> String {
    let (files, multiple) = match value {
        Sent::Json(json) => return literal(json),
        Sent::Files { files, multiple } => (files, *multiple),
    };
    let mut files = files.iter().map(|file| match file {
        File::Asset(name) => format!("handle_file({})", text(&target.asset_url(name))),
        File::Own(name) => format!("handle_file({})", text(name)),
    });
    match multiple {
        true => format!("[{}]", files.collect::<Vec<_>>().join(", ")),
        false => files.next().unwrap_or_else(|| literal(&Json::Null)),
    }
}

/// A string as Python and JavaScript write it: JSON's way is both of theirs.
pub(super) fn text(string: &str) -> String {
    Json::from(string).to_string()
}

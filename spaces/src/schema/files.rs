//! Files: as data URLs, as base64 beside their type, or by their name in the bundle.

use serde_json::{Value as Json, json};

use super::{Files, object, or_null, text};

/// A file that a request sends; `what` is for people.
pub(super) fn taken(what: &str, files: Files) -> Json {
    let (url, description) = match files {
        Files::Inline => {
            let url = json!({ "type": "string", "pattern": DATA_URL });
            (url, format!("{what}: a data URL, base64 with its type, or a file of the space"))
        }
        Files::Apart => {
            let text = format!(
                "{what}: a data URL (`data:TYPE;base64,…`), bare base64, or `asset:NAME` for a file of the space"
            );
            (super::text(), text)
        }
    };
    // What an answer says of a file may be sent back with it.
    let beside = || [("mime_type", or_null(text())), ("name", or_null(text())), ("size", json!({}))];
    let with = |key: &'static str, schema: Json| {
        let mut form = object([(key, schema)].into_iter().chain(beside()));
        form["required"] = json!([key]);
        form
    };
    json!({
        "description": description,
        "anyOf": [
            url,
            with("data", json!({ "type": "string", "contentEncoding": "base64" })),
            with("url", json!({ "type": "string", "pattern": DATA_URL })),
            with("asset", text()),
        ],
    })
}

/// A file of an answer.
pub(super) fn given(files: Files) -> Json {
    let size = json!({ "type": "integer", "minimum": 0, "description": "in bytes" });
    let about = [("mime_type", text()), ("name", or_null(text())), ("size", size)];
    let url = json!({ "type": "string", "pattern": DATA_URL });
    let (mut file, required) = match files {
        Files::Inline => (object([("url", url)].into_iter().chain(about)), json!(["url", "mime_type", "name", "size"])),
        Files::Apart => {
            let mut file = object(about);
            file["description"] = json!("what the file is; its bytes are in a content block of the result");
            (file, json!(["mime_type", "name", "size"]))
        }
    };
    file["required"] = required;
    file
}

/// Only what is in the request is read: the server fetches no address that a stranger names.
const DATA_URL: &str = "^data:[^,]*;base64,";

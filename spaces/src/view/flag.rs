//! What visitors flag.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// Letters of a value that a list shows.
const MAX_BRIEF_CHARS: usize = 200;

/// How visitors may flag answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Flagging {
    /// The reasons that the author offers; none where a flag says only that it is one.
    pub options: Vec<String>,
}

/// Inputs and outputs that a visitor has flagged, as the visitor's page sent them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FlagView {
    pub id: u64,
    /// RFC 3339.
    pub at: String,
    /// The revision that was live.
    pub revision: u64,
    pub endpoint: String,
    /// One of the author's, where the author gives any.
    pub reason: Option<String>,
    /// By name.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, Json>))]
    pub inputs: Map<String, Json>,
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, Json>))]
    pub outputs: Map<String, Json>,
}

impl FlagView {
    /// The same with short texts for all values, as a list shows them; files are named.
    pub fn brief(mut self) -> Self {
        for value in self.inputs.values_mut().chain(self.outputs.values_mut()) {
            *value = Json::String(brief(value));
        }
        self
    }
}

/// What people call the value where it is a file: its name, else its type.
pub fn file_name(value: &Json) -> Option<String> {
    match value {
        Json::String(url) => Some(url.strip_prefix("data:")?.split([';', ',']).next()?.to_owned()),
        Json::Object(file) => {
            let text = |key: &str| file.get(key).and_then(Json::as_str);
            if let (Some(asset), 1) = (text("asset"), file.len()) {
                return Some(asset.to_owned());
            }
            let holds_bytes = text("data").is_some() || text("url").is_some_and(|url| url.starts_with("data:"));
            let mime_type = text("mime_type").filter(|_| holds_bytes)?;
            Some(text("name").unwrap_or(mime_type).to_owned())
        }
        _ => None,
    }
}

fn brief(value: &Json) -> String {
    let text = match (file_name(value), value) {
        (Some(name), _) => name,
        (None, Json::String(text)) => text.clone(),
        (None, Json::Array(items)) if !items.is_empty() && items.iter().all(|item| file_name(item).is_some()) => {
            items.iter().filter_map(file_name).collect::<Vec<_>>().join(", ")
        }
        (None, other) => other.to_string(),
    };
    match text.char_indices().nth(MAX_BRIEF_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn files_are_named_by_their_name_or_their_type() {
        let check = |value: Json, expected: Option<&str>| assert_eq!(file_name(&value).as_deref(), expected, "{value}");
        check(json!("data:image/png;base64,AAAA"), Some("image/png"));
        check(json!("text"), None);
        check(json!({ "asset": "cat.png" }), Some("cat.png"));
        check(json!({ "asset": "cat.png", "more": 1 }), None);
        check(json!({ "data": "AA", "mime_type": "image/png", "name": "a.png" }), Some("a.png"));
        check(json!({ "url": "data:a/b,AA", "mime_type": "a/b", "name": null }), Some("a/b"));
        check(json!({ "url": "https://x", "mime_type": "a/b", "name": "x" }), None);
    }

    #[test]
    fn a_list_shows_short_texts() {
        assert_eq!(brief(&json!({ "a": [1, null] })), "{\"a\":[1,null]}");
        assert_eq!(brief(&json!(["data:a/b,AA", { "asset": "c" }])), "a/b, c");
        assert_eq!(brief(&json!("ä".repeat(500))).chars().count(), MAX_BRIEF_CHARS + 1);
    }
}

//! An address that brings back what was entered.
//!
//! Each input is a parameter of its endpoint's, `endpoint.input=…`, with its value as JSON. A visitor's own files cannot be
//! in an address and are left out.

use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::{Draft, EndpointState, PageState, Part};

/// The longest address that is made: more is cut off by programs through which links are sent.
const MAX_BYTES: usize = 8_000;

/// The address of the space with what `state` holds now; none where that does not fit into one.
pub fn link(page: PageState, state: EndpointState) -> Option<String> {
    let name = state.name();
    let mut query = String::new();
    for (field, draft) in state.with(|endpoint| endpoint.inputs.clone()).iter().zip(state.drafts()) {
        // A link is sent to others.
        if field.component.is_secret() {
            continue;
        }
        let value = match draft.part(field) {
            Ok(Part::Json(value)) => value,
            Ok(Part::Files { files, multiple }) => {
                let assets: Vec<_> =
                    files.iter().filter(|file| file.is_asset()).map(|file| json!({ "asset": file.name })).collect();
                match (multiple, assets.is_empty()) {
                    (_, true) => continue,
                    (true, false) => Json::Array(assets),
                    (false, false) => assets.into_iter().next()?,
                }
            }
            Ok(Part::Absent) | Err(_) => continue,
        };
        query.push(if query.is_empty() { '?' } else { '&' });
        query.push_str(&format!("{name}.{}={}", field.name, escaped(&value.to_string())));
    }
    let url = format!("{}{query}", page.with(|page| page.url()));
    (url.len() <= MAX_BYTES).then_some(url)
}

/// Enters what the query of an address holds; what fits no input is left out.
pub fn restore(page: PageState, query: &str) {
    for pair in query.trim_start_matches('?').split('&') {
        let Some((path, value)) = pair.split_once('=') else { continue };
        let Some((state, name)) = page.locate(path) else { continue };
        let Some((field, input)) = state.input_named(&name) else { continue };
        let value = unescaped(value).and_then(|text| serde_json::from_str::<Json>(&text).ok());
        if let Some(draft) = value.and_then(|value| Draft::from_json(&field, &value)) {
            input.set(draft);
        }
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => escaped.push(char::from(byte)),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            b'+' => b' ',
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_survive_an_address() {
        for text in ["", "a b", "100 % + 1 & 2 = ?", "Größe \"so\" \u{1f338}", "[[1,2],[3,4]]"] {
            let escaped = escaped(text);
            assert!(escaped.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~%".contains(&byte)), "{escaped}");
            assert_eq!(unescaped(&escaped).as_deref(), Some(text));
        }
        assert_eq!(unescaped("a+b").as_deref(), Some("a b"));
        for broken in ["%", "%2", "%zz", "%ff"] {
            assert_eq!(unescaped(broken), None, "{broken}");
        }
    }
}

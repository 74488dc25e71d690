//! The command line.

use serde_json::Value as Json;

use super::Target;
use super::given::{Given, form_text, object};

/// JSON where everything can be said in it, else a form with the reader's files.
pub(super) fn command(target: Target<'_>, given: &[Given]) -> String {
    let url = target.api_url();
    if let Some(object) = object(given) {
        let body = Json::Object(object).to_string();
        return format!("curl {} \\\n  -H 'content-type: application/json' \\\n  -d {}", quoted(&url), quoted(&body));
    }
    let mut command = format!("curl {}", quoted(&url));
    for given in given {
        match given.json() {
            Some(json) => {
                let part = format!("{}={}", given.name, form_text(&json));
                command.push_str(&format!(" \\\n  --form-string {}", quoted(&part)));
            }
            None => {
                for file in given.own_files() {
                    command.push_str(&format!(" \\\n  -F {}", quoted(&format!("{}=@{file}", given.name))));
                }
            }
        }
    }
    command
}

/// `text` as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@=".contains(&byte);
    match !text.is_empty() && text.bytes().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}

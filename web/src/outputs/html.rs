//! HTML of a guest, as the text that it is.

use leptos::prelude::*;
use serde_json::Value as Json;

use super::text;

pub(super) fn html(value: &Json) -> Option<AnyView> {
    text::code(value, Some("html"))
}

//! HTML of a guest, without what acts or fetches.

use leptos::prelude::*;
use serde_json::Value as Json;

pub(super) fn html(value: &Json) -> Option<AnyView> {
    Some(view! { <vitrine-html prop:value=value.as_str()?.to_owned()></vitrine-html> }.into_any())
}

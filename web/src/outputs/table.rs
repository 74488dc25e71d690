//! A table.

use leptos::prelude::*;
use serde_json::Value as Json;

/// Draws an answer of the form `{"headers": […], "data": [[row], …]}`; none where it has another.
pub(super) fn table(value: &Json) -> Option<AnyView> {
    value.get("headers")?.as_array()?;
    value.get("data")?.as_array()?.iter().all(Json::is_array).then_some(())?;
    Some(view! { <vitrine-dataframe prop:value=value.to_string()></vitrine-dataframe> }.into_any())
}

//! GeoJSON over an outline of the world.

use leptos::prelude::*;
use serde_json::Value as Json;

pub(super) fn map(value: &Json) -> Option<AnyView> {
    value.as_object()?;
    Some(view! { <vitrine-map prop:value=value.to_string()></vitrine-map> }.into_any())
}

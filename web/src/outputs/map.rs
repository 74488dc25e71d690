//! GeoJSON, as the JSON that it is.

use leptos::prelude::*;
use serde_json::Value as Json;

use super::json;

pub(super) fn map(value: &Json) -> Option<AnyView> {
    Some(json::json(value))
}

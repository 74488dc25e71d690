//! A file to keep, as a button.

use leptos::prelude::*;
use serde_json::Value as Json;

use super::media::{file_name, file_url};
use crate::state::picked::size_text;

pub(super) fn download(value: &Json) -> Option<AnyView> {
    let url = file_url(value)?;
    let name = file_name(value);
    let size = value.get("size").and_then(Json::as_u64).map(size_text);
    Some(view! { <p><a class="download" href=url download=name.clone()>{format!("Download {name}")}</a>" "<span class="muted">{size}</span></p> }.into_any())
}

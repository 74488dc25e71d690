//! A 3D model, as a file to keep.

use leptos::prelude::*;
use serde_json::Value as Json;

use super::download;

pub(super) fn model(value: &Json) -> Option<AnyView> {
    download::download(value)
}

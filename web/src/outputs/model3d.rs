//! A 3D model, to turn and to keep.

use leptos::prelude::*;
use serde_json::Value as Json;

use super::download;

pub(super) fn model(value: &Json) -> Option<AnyView> {
    let file = download::download(value)?;
    let url = value.get("url")?.as_str()?.to_owned();
    let name = value.get("name").and_then(Json::as_str).unwrap_or_default();
    let format = format(name, value.get("mime_type").and_then(Json::as_str).unwrap_or_default());
    Some(view! { <vitrine-model3d src=url format=format></vitrine-model3d>{file} }.into_any())
}

/// The format by the file's name, else by its media type.
fn format(name: &str, mime_type: &str) -> String {
    let by_name = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    by_name.unwrap_or_else(|| match mime_type {
        "model/gltf-binary" => "glb".to_owned(),
        "model/gltf+json" => "gltf".to_owned(),
        other => other.rsplit('/').next().unwrap_or_default().to_owned(),
    })
}

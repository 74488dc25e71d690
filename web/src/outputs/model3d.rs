//! A 3D model, to turn and to keep.

use serde_json::Value as Json;

use super::download;
use super::drawing::Drawing;
use super::media::file_url;

pub(super) fn model(value: &Json, out: &mut Drawing) -> Option<()> {
    let url = file_url(value)?;
    let name = value.get("name").and_then(Json::as_str).unwrap_or_default();
    let format = format(name, value.get("mime_type").and_then(Json::as_str).unwrap_or_default());
    // An attribute, so that the element has it with its format.
    out.raw("<vitrine-model3d format=\"").text(&format).raw("\" src=\"").text(&url).raw("\"></vitrine-model3d>");
    download::download(value, out)
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

//! Pictures, sounds, videos and files to download.

use serde_json::Value as Json;

use super::download::link;
use super::drawing::Drawing;

/// One file or a list of them.
pub(super) fn media(value: &Json, out: &mut Drawing) -> Option<()> {
    out.raw("<div class=\"media\">");
    match value {
        Json::Array(files) => files.iter().try_for_each(|file| one(file, out))?,
        file => one(file, out)?,
    }
    out.raw("</div>");
    Some(())
}

/// Where the bytes of a file are; none where they did not come with the answer: a link elsewhere would be the guest's to
/// choose.
pub(super) fn file_url(value: &Json) -> Option<String> {
    value.get("url")?.as_str().filter(|url| url.starts_with("data:")).map(str::to_owned)
}

/// What a file is called.
pub(super) fn file_name(value: &Json) -> String {
    let mime_type = value.get("mime_type").and_then(Json::as_str).unwrap_or_default();
    let name = value.get("name").and_then(Json::as_str);
    name.map_or_else(|| format!("output.{}", extension(mime_type)), str::to_owned)
}

fn one(value: &Json, out: &mut Drawing) -> Option<()> {
    let url = file_url(value)?;
    let mime_type = value.get("mime_type").and_then(Json::as_str).unwrap_or_default();
    out.raw("<figure class=\"preview\">");
    match mime_type.split('/').next() {
        Some("image") => {
            out.raw("<img alt=\"").text(&file_name(value)).raw("\"").slot("src", url.clone()).raw(">");
        }
        Some("audio") => {
            out.raw("<vitrine-audio src=\"").text(&url).raw("\"></vitrine-audio>");
        }
        Some("video") => {
            out.raw("<video controls").slot("src", url.clone()).raw("></video>");
        }
        _ => {}
    }
    out.raw("<figcaption>");
    link("file-name", url, value, out);
    out.raw("</figcaption></figure>");
    Some(())
}

fn extension(mime_type: &str) -> &str {
    match mime_type.rsplit('/').next().unwrap_or_default() {
        "jpeg" => "jpg",
        "mpeg" => "mp3",
        "plain" => "txt",
        "svg+xml" => "svg",
        other if other.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !other.is_empty() => other,
        _ => "bin",
    }
}

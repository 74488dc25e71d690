//! Pictures, sounds, videos and files to download.

use leptos::prelude::*;
use serde_json::Value as Json;

use crate::state::picked::size_text;

/// One file or a list of them.
pub(super) fn media(value: &Json) -> Option<AnyView> {
    let files = match value {
        Json::Array(files) => files.iter().map(one).collect::<Option<Vec<_>>>()?,
        file => vec![one(file)?],
    };
    Some(view! { <div class="media">{files}</div> }.into_any())
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

fn one(value: &Json) -> Option<AnyView> {
    let url = file_url(value)?;
    let mime_type = value.get("mime_type").and_then(Json::as_str).unwrap_or_default().to_owned();
    let name = file_name(value);
    let size = value.get("size").and_then(Json::as_u64).map(size_text);
    let shown = match mime_type.split('/').next() {
        Some("image") => view! { <img src=url.clone() alt=name.clone() /> }.into_any(),
        Some("audio") => view! { <vitrine-audio src=url.clone()></vitrine-audio> }.into_any(),
        Some("video") => view! { <video controls src=url.clone()></video> }.into_any(),
        _ => ().into_any(),
    };
    Some(
        view! {
            <figure class="preview">
                {shown}
                <figcaption>
                    <a class="file-name" href=url download=name.clone()>{format!("Download {name}")}</a>
                    <span class="muted">{size}</span>
                </figcaption>
            </figure>
        }
        .into_any(),
    )
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

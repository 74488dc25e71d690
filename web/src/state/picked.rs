//! A file that a visitor has chosen for an input.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use send_wrapper::SendWrapper;
use serde_json::{Value as Json, json};
use spaces::SpaceId;
use spaces::value::Media;
use wasm_bindgen_futures::JsFuture;

use crate::texts::errors as texts;

/// One file with where its bytes are.
#[derive(Debug, Clone)]
pub struct Picked {
    pub name: String,
    /// The IANA media type; empty where the browser does not know it.
    pub mime_type: String,
    pub size_bytes: Option<u64>,
    source: Source,
}

#[derive(Debug, Clone)]
enum Source {
    /// A file of the space's bundle, by name.
    Asset,
    /// A `data:` URL.
    Inline(String),
    /// A file of the visitor's machine, with the URL under which the page can show it.
    Local { file: SendWrapper<web_sys::File>, url: String },
}

impl Picked {
    /// The bundle's file `name`.
    pub fn asset(name: &str) -> Self {
        Self { name: name.to_owned(), mime_type: String::new(), size_bytes: None, source: Source::Asset }
    }

    /// A file whose bytes came with the interface.
    pub fn inline(media: &Media) -> Self {
        Self {
            name: media.name.clone().unwrap_or_else(|| "file".to_owned()),
            mime_type: media.mime_type.clone(),
            size_bytes: Some(media.bytes.len() as u64),
            source: Source::Inline(format!("data:{};base64,{}", media.mime_type, STANDARD.encode(&media.bytes))),
        }
    }

    /// A file that the visitor picked, dropped or pasted.
    pub fn local(file: web_sys::File) -> Self {
        let url = web_sys::Url::create_object_url_with_blob(&file).unwrap_or_default();
        Self {
            name: file.name(),
            mime_type: file.type_(),
            size_bytes: Some(file.size() as u64),
            source: Source::Local { file: SendWrapper::new(file), url },
        }
    }

    /// True for a file of the bundle.
    pub fn is_asset(&self) -> bool {
        matches!(self.source, Source::Asset)
    }

    /// The visitor's own file, where it is one.
    pub fn local_file(&self) -> Option<&web_sys::File> {
        match &self.source {
            Source::Local { file, .. } => Some(file),
            Source::Asset | Source::Inline(_) => None,
        }
    }

    /// An address under which a page can show the file; `base` is where the page finds those of its space.
    pub fn url(&self, base: &str) -> String {
        match &self.source {
            Source::Asset => format!("{base}/files/{}", escaped(&self.name)),
            Source::Inline(url) | Source::Local { url, .. } => url.clone(),
        }
    }

    /// The file as it is sent inside a JSON body.
    ///
    /// # Errors
    /// A sentence for the visitor when the browser cannot read the file.
    pub async fn to_json(&self) -> Result<Json, String> {
        match &self.source {
            Source::Asset => Ok(json!({ "asset": self.name })),
            Source::Inline(url) => Ok(Json::String(url.clone())),
            Source::Local { file, .. } => {
                let buffer = JsFuture::from(file.array_buffer()).await;
                let buffer = buffer.map_err(|_| texts::unreadable_file(&self.name))?;
                let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
                Ok(json!({ "data": STANDARD.encode(bytes), "mime_type": self.mime_type, "name": self.name }))
            }
        }
    }
}

/// The address of the bundle's file `name`.
pub fn asset_url(space: &SpaceId, name: &str) -> String {
    format!("/spaces/{space}/files/{}", escaped(name))
}

/// A path as a part of an address.
pub fn escaped(path: &str) -> String {
    let mut escaped = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                escaped.push(char::from(byte))
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

/// `bytes` as people say it.
pub fn size_text(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

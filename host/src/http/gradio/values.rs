//! Values in Gradio's form ↔ ours. They differ where files are: Gradio sends a file ahead and then only names it.

use std::sync::Arc;

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json, json};
use spaces::interface::{Component, Endpoint, Field};
use spaces::value::annotated::{self, Annotation, Annotations, Parts};
use spaces::value::decode::{ASSET_PREFIX, Part};
use spaces::value::encode::{Encoded, encode};
use spaces::value::{Media, Value, media_type};

use super::{ASSET_FOLDER, forms};
use crate::app::App;
use crate::http::call::decode;
use crate::http::error::ApiError;
use crate::live::LiveSpace;
use crate::temporary::{NewFile, TemporaryFile, Visitor};

/// Whose values they are: files are kept for a visitor, and named by URLs of the space.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) app: Arc<App>,
    pub(super) space: Arc<LiveSpace>,
    pub(super) visitor: Visitor,
    /// The space's URL, without a final slash.
    pub(super) space_url: String,
}

impl Desk {
    /// Reads the inputs of a call; files that were sent ahead come from the disk.
    ///
    /// # Errors
    /// Where a value does not fit, or a file is not (any more) here.
    pub(super) async fn read(&self, endpoint: usize, data: Vec<Json>) -> Result<Vec<Value>, ApiError> {
        let fields = &self.space.interface.endpoints[endpoint].inputs;
        if data.len() > fields.len() {
            let message = format!("{} values were given, but the endpoint has {} inputs", data.len(), fields.len());
            return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_input", message));
        }
        let mut named = Map::new();
        let mut parts = Vec::new();
        for (field, value) in fields.iter().zip(data) {
            if value.is_null() {
                // Left out, as in a form; only a document may itself be null.
                if matches!(field.component, Component::Json) {
                    named.insert(field.name.clone(), value);
                }
            } else if !field.component.takes_media() {
                named.insert(field.name.clone(), forms::taken(&field.component, value));
            } else {
                for (file, name) in references(value, field)? {
                    match self.locate(&file, field)? {
                        Located::Part(part) => parts.push(part.named(name)),
                        Located::Temporary(file) => {
                            let bytes = tokio::fs::read(file.path()).await.map_err(|_| expired(field))?;
                            let name = name.or_else(|| Some(file.name.clone()));
                            let mime_type = Some(file.mime_type.clone());
                            parts.push(Part { name: field.name.clone(), file_name: name, mime_type, bytes });
                        }
                        Located::Asset(path) => {
                            named.insert(field.name.clone(), json!({ "asset": path }));
                        }
                    }
                }
            }
        }
        decode(&self.space, endpoint, Json::Object(named), parts).await
    }

    /// The outputs of a call in Gradio's form; files are kept for the visitor to fetch.
    ///
    /// # Errors
    /// Where a file cannot be kept.
    pub(super) async fn write(&self, endpoint: &Endpoint, outputs: Vec<Value>) -> Result<Vec<Encoded>, ApiError> {
        let mut data = Vec::with_capacity(outputs.len());
        for (field, value) in endpoint.outputs.iter().zip(outputs) {
            data.push(match value {
                Value::Tensor(tensor) => Encoded::Tensor(tensor),
                Value::Media(media) => Encoded::Json(self.keep(media).await?),
                Value::Medias(medias) if field.component == Component::AnnotatedImage => {
                    Encoded::Json(self.keep_annotated(&medias).await?)
                }
                Value::Medias(medias) => {
                    let mut files = Vec::with_capacity(medias.len());
                    for media in medias {
                        let file = self.keep(media).await?;
                        let in_gallery = matches!(field.component, Component::Gallery);
                        files.push(if in_gallery { json!({ "image": file, "caption": null }) } else { file });
                    }
                    Encoded::Json(Json::Array(files))
                }
                value => Encoded::Json(forms::given(&field.component, encode(field, value))),
            });
        }
        Ok(data)
    }

    /// Gradio gives each annotation as a picture to lay over the image.
    async fn keep_annotated(&self, medias: &[Media]) -> Result<Json, ApiError> {
        let Ok(Parts { image, annotations, masks }) = annotated::parts(medias) else {
            // What a guest answers has been checked.
            return Ok(Json::Null);
        };
        let Annotations { width, height, annotations } = annotations;
        let mut overlays = Vec::with_capacity(annotations.len());
        for annotation in annotations {
            let (label, overlay) = match annotation {
                Annotation::Mask { label, mask } => (label, masks[mask].clone()),
                Annotation::Box { label, corners } => (label, frame(width, height, corners)),
            };
            overlays.push(json!({ "image": self.keep(overlay).await?, "label": label }));
        }
        Ok(json!({ "image": self.keep(image.clone()).await?, "annotations": overlays }))
    }

    async fn keep(&self, media: Media) -> Result<Json, ApiError> {
        let name = media.name.unwrap_or_else(|| default_name(&media.mime_type));
        let file = self.keep_file(NewFile { name, mime_type: media.mime_type, bytes: media.bytes }).await?;
        let token = token(&file);
        Ok(json!({
            "path": token,
            "url": file_url(&self.space_url, &token),
            "size": file.size_bytes,
            "orig_name": file.name,
            "mime_type": file.mime_type,
            "is_stream": false,
            "meta": { "_type": "gradio.FileData" },
        }))
    }

    /// Keeps a file for the visitor.
    ///
    /// # Errors
    /// Where there is no room.
    pub(super) async fn keep_file(&self, file: NewFile) -> Result<Arc<TemporaryFile>, ApiError> {
        let (app, space, visitor) = (Arc::clone(&self.app), self.space.id.clone(), self.visitor);
        let kept = crate::blocking::run(move || app.temporary.keep(&space, visitor, file)).await;
        Ok(kept?)
    }

    /// Where the bytes of a file are that a visitor names.
    fn locate(&self, path: &str, field: &Field) -> Result<Located, ApiError> {
        if let Some(data) = path.strip_prefix("data:") {
            return data_url(data, field).map(Located::Part);
        }
        // Clients may give back the URL of an earlier answer.
        let path = path.strip_prefix(&file_url(&self.space_url, "")).unwrap_or(path);
        if path.starts_with("http://") || path.starts_with("https://") {
            let message = "this server does not fetch addresses: download the file and send it itself";
            return Err(refused(field, message));
        }
        let (id, name) = path.split_once('/').unwrap_or((path, ""));
        if id == ASSET_FOLDER {
            return Ok(Located::Asset(name.to_owned()));
        }
        self.app.temporary.find(&self.space.id, id).map(Located::Temporary).ok_or_else(|| expired(field))
    }
}

/// A picture of the image's size with a frame in it.
fn frame(width: u32, height: u32, [left, top, right, bottom]: [f64; 4]) -> Media {
    let svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><rect x="{left}" y="{top}" width="{}" height="{}" fill="#f00" fill-opacity=".5" stroke="#f00" stroke-width="3"/></svg>"##,
        (right - left).max(0.0),
        (bottom - top).max(0.0),
    );
    Media { bytes: svg.into_bytes(), mime_type: "image/svg+xml".to_owned(), name: None }
}

enum Located {
    Part(Part),
    Temporary(Arc<TemporaryFile>),
    Asset(String),
}

trait Named {
    fn named(self, name: Option<String>) -> Self;
}

impl Named for Part {
    fn named(mut self, name: Option<String>) -> Self {
        self.file_name = name.or(self.file_name);
        self
    }
}

/// A file's name in Gradio's `path`: its id, and for people its name.
pub(super) fn token(file: &TemporaryFile) -> String {
    format!("{}/{}", file.id, file.name)
}

/// Where a file is fetched.
fn file_url(space_url: &str, token: &str) -> String {
    let mut url = format!("{space_url}{}/file=", super::API_PREFIX);
    for byte in token.bytes() {
        // RFC 3986 section 2.3, and the slash between id and name.
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url
}

/// The input's default in Gradio's form.
pub(super) fn default_value(space: &LiveSpace, field: &Field) -> Option<Json> {
    let default = field.default.as_ref()?;
    if !field.component.takes_media() {
        return Some(encode(field, default.clone()));
    }
    let asset = |text: &String| {
        let path = text.strip_prefix(ASSET_PREFIX)?;
        let token = format!("{ASSET_FOLDER}/{path}");
        let url = file_url(&format!("/spaces/{}", space.id), &token);
        Some(json!({ "path": token, "url": url, "orig_name": path, "meta": { "_type": "gradio.FileData" } }))
    };
    match default {
        Value::Text(text) => asset(text),
        Value::Texts(texts) => Some(texts.iter().filter_map(asset).collect()),
        _ => None,
    }
}

/// The files of a value: what names each, and what its sender called it.
fn references(value: Json, field: &Field) -> Result<Vec<(String, Option<String>)>, ApiError> {
    let items = match value {
        Json::Array(items) => items,
        single => vec![single],
    };
    items.into_iter().map(|item| reference(item, field)).collect()
}

fn reference(value: Json, field: &Field) -> Result<(String, Option<String>), ApiError> {
    let mut object = match value {
        Json::String(path) => return Ok((path, None)),
        Json::Object(object) => object,
        _ => return Err(refused(field, "a file is an object with the `path` that the upload answered")),
    };
    // A gallery's item, and a film with its subtitles.
    for wrapper in ["image", "video"] {
        if let Some(Json::Object(inner)) = object.get_mut(wrapper) {
            object = std::mem::take(inner);
            break;
        }
    }
    let mut text = |key: &str| match object.remove(key) {
        Some(Json::String(text)) => Some(text),
        _ => None,
    };
    let (path, url, name) = (text("path"), text("url"), text("orig_name"));
    let path = path.or(url).ok_or_else(|| refused(field, "the file has neither `path` nor `url`"))?;
    Ok((path, name.map(|name| base_name(&name).to_owned()).filter(|name| !name.is_empty())))
}

/// Some clients send the whole path of the sender's own file.
pub(super) fn base_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or_default()
}

fn data_url(data: &str, field: &Field) -> Result<Part, ApiError> {
    let wrong = || refused(field, "the data URL is not of the form `data:TYPE;base64,DATA`");
    let (mime_type, payload) = data.split_once(";base64,").ok_or_else(wrong)?;
    let bytes = STANDARD.decode(payload).map_err(|_| wrong())?;
    let mime_type = (!mime_type.is_empty()).then(|| mime_type.to_owned());
    // A name marks it as a file among the parts of a form.
    Ok(Part { name: field.name.clone(), file_name: Some("blob".to_owned()), mime_type, bytes })
}

fn default_name(mime_type: &str) -> String {
    media_type::extension(mime_type).map_or_else(|| "file".to_owned(), |extension| format!("file.{extension}"))
}

fn refused(field: &Field, message: &str) -> ApiError {
    let message = format!("input `{}`: {message}", field.name);
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_input", message).with_field(Some(&field.name))
}

fn expired(field: &Field) -> ApiError {
    refused(field, "the file is not here (any more): uploads are kept for a while only, so send it again")
}

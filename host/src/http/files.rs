//! `GET /spaces/{owner}/{name}/files/{path}`: the bundle's files, such as example pictures.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use tokio_util::io::ReaderStream;

use super::access::usable_space;
use super::error::ApiError;
use super::extract::{Admin, Path, Space};
use crate::app::App;
use crate::assets::media_type;
use crate::auth::Caller;
use crate::live::LiveSpace;

/// Bytes read and sent at once.
const CHUNK_BYTES: usize = 64 << 10;

#[derive(serde::Deserialize)]
pub(super) struct FilePath {
    path: String,
}

pub(super) async fn file(
    State(app): State<Arc<App>>,
    caller: Caller,
    Space(id): Space,
    Path(FilePath { path }): Path<FilePath>,
) -> Result<Response, ApiError> {
    let space = usable_space(&app, caller, &id).await?;
    send(&space, &path).await
}

#[derive(serde::Deserialize)]
pub(super) struct PreviewPath {
    number: u64,
    path: String,
}

/// `GET /spaces/{owner}/{name}/revisions/{number}/files/{path}`: those of a revision that need not be live.
pub(super) async fn preview_file(
    State(app): State<Arc<App>>,
    _: Admin,
    Space(id): Space,
    Path(PreviewPath { number, path }): Path<PreviewPath>,
) -> Result<Response, ApiError> {
    let space = app.preview_space(&id, number).await?;
    send(&space, &path).await
}

async fn send(space: &LiveSpace, path: &str) -> Result<Response, ApiError> {
    let Some(file) = space.assets.file(path) else {
        let message = format!("space `{}` has no file `{path}`", space.id);
        return Err(ApiError::new(StatusCode::NOT_FOUND, "unknown_file", message));
    };
    let file = tokio::fs::File::open(file).await.map_err(|error| ApiError::internal(&error))?;
    let size_bytes = file.metadata().await.map_err(|error| ApiError::internal(&error))?.len();
    let mime_type = media_type(path);
    // In pieces: a bundle may hold files of hundreds of megabytes, and anybody may ask for them.
    let mut response = Body::from_stream(ReaderStream::with_capacity(file, CHUNK_BYTES)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(size_bytes));
    // An author's page must not run as the site: only pictures, sound and film are shown in place.
    let shown = ["image/", "audio/", "video/"].iter().any(|family| mime_type.starts_with(family));
    let (mime_type, disposition) = match shown && mime_type != "image/svg+xml" {
        true => (mime_type.as_str(), "inline"),
        false => ("application/octet-stream", "attachment"),
    };
    if let Ok(value) = HeaderValue::from_str(mime_type) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=60"));
    Ok(response)
}

//! Files that are sent ahead of a call, and files to fetch after one.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use mime_guess::Mime;
use serde::Deserialize;
use spaces::value::media_type;
use tower::ServiceExt as _;
use tower_http::services::ServeFile;

use super::values::{base_name, token};
use super::visitor::{Guest, unprocessable};
use super::{ASSET_FOLDER, Detail};
use crate::assets;
use crate::http::body;
use crate::http::error::ApiError;
use crate::http::patience;
use crate::temporary::NewFile;

/// Where the clients put the files of an upload.
const FIELD: &str = "files";
/// What a client calls a file whose name it does not tell.
const UNNAMED: &str = "blob";
/// The longest name of a file, in characters.
const MAX_NAME_CHARS: usize = 200;

/// `POST upload`: keeps files and answers a name for each.
pub(super) async fn upload(Guest(desk): Guest, request: Request) -> Result<Json<Vec<String>>, Detail> {
    let (request, arrival) = patience::bound(request, desk.space.limits.max_body_bytes, &desk.app.bodies)?;
    let (_, parts) = body::read(request).await.map_err(|error| arrival.explain(error))?;
    let files: Vec<_> = parts.into_iter().filter(|part| part.name == FIELD).collect();
    if files.is_empty() {
        return Err(unprocessable("send the file as multipart/form-data in the field `files`").into());
    }
    let mut tokens = Vec::with_capacity(files.len());
    for part in files {
        let name = plain_name(part.file_name.as_deref().unwrap_or(UNNAMED));
        // Clients say what the name says, if anything; the first bytes know better.
        let mime_type = media_type::guess(Some(&name), &part.bytes).to_owned();
        let kept = desk.keep_file(NewFile { name, mime_type, bytes: part.bytes }).await?;
        tokens.push(token(&kept));
    }
    Ok(Json(tokens))
}

#[derive(Deserialize)]
pub(super) struct FilePath {
    /// `file=` and the file's id.
    file: String,
    /// Its name; of a file of the bundle, its path.
    path: String,
}

/// `GET file={id}/{name}`: whoever knows the id may read it.
pub(super) async fn file(
    Guest(desk): Guest,
    Path(FilePath { file, path }): Path<FilePath>,
    request: Request,
) -> Result<Response, Detail> {
    let Some(id) = file.strip_prefix("file=") else {
        let message = "there is nothing at this address below the space";
        return Err(ApiError::new(StatusCode::NOT_FOUND, "unknown_route", message).into());
    };
    let missing = || {
        let message = "there is no such file (any more): files are kept for a while only";
        ApiError::new(StatusCode::NOT_FOUND, "unknown_file", message)
    };
    let (place, mime_type, _held) = if id == ASSET_FOLDER {
        let place = desk.space.assets.file(&path).ok_or_else(missing)?;
        (place.clone(), assets::media_type(&path), None)
    } else {
        let file = desk.app.temporary.find(&desk.space.id, id).ok_or_else(missing)?;
        (file.path().to_owned(), file.mime_type.clone(), Some(file))
    };
    // A stranger's page must not run as the site: only pictures, sound and film are shown in place.
    let shown = ["image/", "audio/", "video/"].iter().any(|family| mime_type.starts_with(family));
    let shown = shown && !mime_type.starts_with("image/svg");
    let mime: Mime = mime_type.parse().unwrap_or(mime_guess::mime::APPLICATION_OCTET_STREAM);
    let mime =
        if shown || mime.type_() == mime_guess::mime::TEXT { mime } else { mime_guess::mime::APPLICATION_OCTET_STREAM };
    let mime = if mime == mime_guess::mime::TEXT_HTML { mime_guess::mime::TEXT_PLAIN } else { mime };
    let Ok(response) = ServeFile::new_with_mime(place, &mime).oneshot(request).await;
    let mut response = response.map(Body::new).into_response();
    let headers = response.headers_mut();
    let disposition = if shown { "inline" } else { "attachment" };
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=60"));
    Ok(response)
}

/// The bare name of a file: no folders, nothing that steers a terminal or ends a header, not endless.
fn plain_name(given: &str) -> String {
    let name: String = base_name(given).chars().filter(|c| !c.is_control()).take(MAX_NAME_CHARS).collect();
    if name.is_empty() || name.chars().all(|c| c == '.') { UNNAMED.to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_bare() {
        assert_eq!(plain_name("/home/ada/a b.wav"), "a b.wav");
        assert_eq!(plain_name("C:\\x\\y.png"), "y.png");
        assert_eq!(plain_name("../.."), UNNAMED);
        assert_eq!(plain_name("a\r\nb"), "ab");
        assert_eq!(plain_name(&"x".repeat(1_000)).len(), MAX_NAME_CHARS);
    }
}

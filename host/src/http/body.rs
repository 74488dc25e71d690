//! The body of a call, read: JSON, or the parts of a form.
//!
//! Everything in it is a stranger's. How many bytes are read is bounded by the route's `DefaultBodyLimit`.

use axum::body::Body;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::{StatusCode, header};
use bytes::Bytes;
use serde_json::{Map, Value as Json};
use spaces::value::decode::Part;

/// The most parts of a multipart body.
pub(crate) const MAX_PARTS: usize = 256;

/// The longest foreign text that a message repeats, in characters.
const MAX_QUOTED_CHARS: usize = 200;

/// Why a body cannot be read: the client's fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyError {
    #[error("the body is `{given}`; send `application/json` or `multipart/form-data`")]
    MediaType { given: String },
    #[error("the body is larger than this server takes; send a smaller file")]
    TooLarge,
    #[error("the body is not JSON that can be used: {problem}")]
    NotJson { problem: String },
    #[error("the body cannot be read: {problem}")]
    Unreadable { problem: String },
}

/// Reads a body: the JSON of one (`null` where it is a form), and the parts of a form.
///
/// An empty JSON body is an empty object: a call without inputs.
///
/// # Errors
/// [`BodyError`].
pub(crate) async fn read(request: Request) -> Result<(Json, Vec<Part>), BodyError> {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = content_type.unwrap_or("application/json").split(';').next().unwrap_or_default().trim();
    if media_type.eq_ignore_ascii_case("multipart/form-data") {
        return Ok((Json::Null, read_parts(request).await?));
    }
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err(BodyError::MediaType { given: quoted(media_type) });
    }
    let bytes = read_bytes(request).await?;
    if bytes.is_empty() {
        return Ok((Json::Object(Map::new()), Vec::new()));
    }
    match serde_json::from_slice(&bytes) {
        // Left out is no body at all, or an empty object.
        Ok(Json::Null) => Err(BodyError::NotJson { problem: "it is `null`; send an object".to_owned() }),
        Ok(body) => Ok((body, Vec::new())),
        Err(error) => Err(BodyError::NotJson { problem: error.to_string() }),
    }
}

/// Reads a body as it is.
///
/// # Errors
/// [`BodyError`].
pub(crate) async fn read_bytes(request: Request) -> Result<Bytes, BodyError> {
    Bytes::from_request(request, &()).await.map_err(|error| refused(error.status(), &error.body_text()))
}

async fn read_parts(request: Request) -> Result<Vec<Part>, BodyError> {
    // Whole before it is parsed: the parser looks for the end of a part's head from its beginning at each piece that
    // comes, which a client that sends a byte at a time could make expensive. The parts are slices of it.
    let (head, body) = request.into_parts();
    let body = read_bytes(Request::from_parts(head.clone(), body)).await?;
    let request = Request::from_parts(head, Body::from(body));
    let mut multipart =
        Multipart::from_request(request, &()).await.map_err(|error| refused(error.status(), &error.body_text()))?;
    let broken = |error: MultipartError| refused(error.status(), &error.body_text());
    let mut parts = Vec::new();
    while let Some(field) = multipart.next_field().await.map_err(broken)? {
        if parts.len() == MAX_PARTS {
            return Err(BodyError::Unreadable { problem: format!("it has more than {MAX_PARTS} parts") });
        }
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let mime_type = field.content_type().map(str::to_owned);
        let bytes = field.bytes().await.map_err(broken)?;
        parts.push(Part { name, file_name, mime_type, bytes: bytes.into() });
    }
    Ok(parts)
}

fn refused(status: StatusCode, reason: &str) -> BodyError {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => BodyError::TooLarge,
        _ => BodyError::Unreadable { problem: quoted(reason) },
    }
}

/// The beginning of a stranger's text, without characters that steer a terminal.
fn quoted(text: &str) -> String {
    let visible = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
    text.chars().take(MAX_QUOTED_CHARS).map(visible).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[tokio::test]
    async fn what_a_message_repeats_is_short_and_plain() {
        let given = format!("text/\tplain{}", "x".repeat(1000));
        let mut request = Request::new(Body::empty());
        request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_str(&given).unwrap());
        let error = read(request).await.unwrap_err().to_string();
        assert!(error.starts_with("the body is `text/\u{fffd}plainxxx"), "{error}");
        assert!(error.len() < 300, "{error}");
    }
}

//! The body of a call as the server reads it, whole and in pieces, and the inputs in it.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use futures::stream;
use serde_json::Value as Json;
use spaces::interface::{Component, Endpoint, Field, NumberRange, TextType};
use spaces::value::Value;
use spaces::value::decode::{NoAssets, Part, decode_inputs};

use super::message;
use crate::http::body::{self, BodyError, MAX_PARTS};

/// The largest body that this check's route takes, in bytes.
const MAX_BODY_BYTES: usize = 16 << 10;

/// The value of `Content-Type`, a line feed, the body.
pub(crate) fn check(data: &[u8]) {
    let mut lines = data.splitn(2, |byte| *byte == b'\n');
    let (content_type, body) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let Ok(content_type) = HeaderValue::from_bytes(content_type) else { return };

    let whole = read(&content_type, body, body.len());
    // Where the network cuts a body must not change what it means. Only of one that is too large and broken as well
    // does it decide which mistake is met first.
    let cuts: &[usize] = if body.len() <= MAX_BODY_BYTES { &[1, 7] } else { &[] };
    for &piece_bytes in cuts {
        let pieces = read(&content_type, body, piece_bytes);
        match (&whole, &pieces) {
            (Ok(whole), Ok(pieces)) => assert_eq!(whole, pieces, "in pieces of {piece_bytes}"),
            (Err(whole), Err(pieces)) => assert_eq!(
                std::mem::discriminant(whole),
                std::mem::discriminant(pieces),
                "{whole} is {pieces} in pieces of {piece_bytes}"
            ),
            _ => panic!("{whole:?} is {pieces:?} in pieces of {piece_bytes}"),
        }
    }
    match whole {
        Ok((json, parts)) => check_read(body, json, parts),
        Err(error) => message::check(&error),
    }
}

/// The reader waits between any two pieces: of what is there it would make one.
fn read(content_type: &HeaderValue, body: &[u8], piece_bytes: usize) -> Result<(Json, Vec<Part>), BodyError> {
    let mut pieces: VecDeque<Vec<u8>> = body.chunks(piece_bytes.max(1)).map(<[u8]>::to_vec).collect();
    let mut has_waited = false;
    let stream = stream::poll_fn(move |_| {
        has_waited = !has_waited;
        match has_waited {
            true => Poll::Pending,
            false => Poll::Ready(pieces.pop_front().map(Ok::<_, Infallible>)),
        }
    });
    let mut request = Request::new(Body::from_stream(stream));
    request.headers_mut().insert(CONTENT_TYPE, content_type.clone());
    DefaultBodyLimit::max(MAX_BODY_BYTES).apply(&mut request);
    let mut reading = pin!(body::read(request));
    loop {
        if let Poll::Ready(read) = reading.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return read;
        }
    }
}

fn check_read(body: &[u8], json: Json, parts: Vec<Part>) {
    // What follows the end of a form is not read.
    assert!(body.len() <= MAX_BODY_BYTES || json.is_null(), "a body over the limit was read");
    assert!(parts.len() <= MAX_PARTS);
    let n_bytes: usize = parts.iter().map(|part| part.bytes.len()).sum();
    assert!(n_bytes <= body.len(), "{n_bytes} bytes came out of {}", body.len());
    assert!(n_bytes <= MAX_BODY_BYTES);

    let endpoint = endpoint();
    match decode_inputs(&endpoint, json, parts, &NoAssets) {
        Ok(values) => {
            assert_eq!(values.len(), endpoint.inputs.len());
            for value in &values {
                check_value(value);
            }
        }
        Err(error) => {
            message::check(&error);
            let known = |name: &str| endpoint.inputs.iter().any(|field| field.name == name);
            let unknown = matches!(error, spaces::value::decode::DecodeError::Unknown { .. });
            assert!(unknown || error.field().is_none_or(known));
        }
    }
}

fn check_value(value: &Value) {
    let medias = match value {
        Value::Media(media) => std::slice::from_ref(media),
        Value::Medias(medias) => medias.as_slice(),
        _ => &[],
    };
    for media in medias {
        // Both go into headers, attributes and file names.
        assert!(HeaderValue::from_str(&media.mime_type).is_ok() && media.mime_type.contains('/'));
        let name = media.name.as_deref().unwrap_or("x");
        let is_bare = !name.is_empty() && !name.contains(['/', '\\']) && name != "." && name != "..";
        assert!(is_bare && !name.chars().any(char::is_control), "{name:?}");
    }
}

fn endpoint() -> Endpoint {
    let components = [
        (
            "text",
            Component::Textbox {
                lines: 1,
                placeholder: None,
                max_length: Some(64),
                text_type: TextType::Text,
                copy: false,
            },
        ),
        ("number", Component::Number(NumberRange::default())),
        ("flag", Component::Checkbox),
        ("some", Component::CheckboxGroup { choices: vec!["a".to_owned(), "b".to_owned()] }),
        ("image", Component::image()),
        ("files", Component::File { file_types: Vec::new(), multiple: true }),
        ("table", Component::dataframe(Vec::new())),
        ("json", Component::Json),
    ];
    let field = |(name, component): (&str, Component)| Field {
        name: name.to_owned(),
        label: name.to_owned(),
        info: None,
        component,
        default: None,
        optional: true,
    };
    Endpoint {
        name: "predict".to_owned(),
        title: String::new(),
        documentation: String::new(),
        inputs: components.into_iter().map(field).collect(),
        outputs: Vec::new(),
        examples: Vec::new(),
        streams: false,
    }
}

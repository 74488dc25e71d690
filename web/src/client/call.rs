//! One call of an endpoint: sent with `fetch`, answered as a stream of events.

use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use spaces::view::{CallAnswer, CallEvent, ErrorBody};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, ReadableStreamDefaultReader, Request, RequestInit, Response};

use super::body::Body;
use super::lines::LineReader;
use super::sse::EventReader;
use crate::texts::errors as texts;
use crate::wire::{Wire, field};

/// Why a call ended without an event of its own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    #[error("{}", texts::GIVEN_UP)]
    Aborted,
    #[error("{}", .0.message)]
    Failed(ErrorBody),
}

/// Posts `body` to `url` and hands over the events as they arrive, the last one included; before them, what such a call
/// usually takes in milliseconds, where the server knows.
///
/// # Errors
/// [`CallError::Failed`] when the server refuses the call or the connection breaks; no further event comes then.
pub async fn call(
    url: &str,
    body: Body,
    signal: Option<&AbortSignal>,
    on_usual: impl FnOnce(f64),
    on_event: impl Fn(CallEvent),
) -> Result<(), CallError> {
    let response = send(url, body, signal).await?;
    if !response.ok() {
        return Err(CallError::Failed(refusal(&response).await));
    }
    if let Some(usual_ms) = usual_ms(&response) {
        on_usual(usual_ms);
    }
    let content_type = response.headers().get("content-type").ok().flatten().unwrap_or_default();
    if !content_type.starts_with("text/event-stream") {
        let answer: CallAnswer = read(&response).await.ok_or_else(unreadable)?;
        on_event(CallEvent::Complete(answer));
        return Ok(());
    }
    let mut events = EventReader::default();
    let mut finished = false;
    read_stream(&response, |bytes| {
        for event in events.push(bytes) {
            finished |= matches!(event, CallEvent::Complete(_) | CallEvent::Error(_));
            on_event(event);
        }
    })
    .await?;
    match finished {
        true => Ok(()),
        false => Err(broken(texts::CONNECTION_ENDED)),
    }
}

/// Reads `url` as JSON; none when that fails for whatever reason.
pub async fn get<T: Wire>(url: &str) -> Option<T> {
    let response = JsFuture::from(leptos::prelude::window().fetch_with_str(url)).await.ok()?;
    let response: Response = response.unchecked_into();
    match response.ok() {
        true => read(&response).await,
        false => None,
    }
}

/// Reads `url` as JSON lines, and hands over those of each piece together, until the stream ends.
///
/// # Errors
/// [`CallError`] when the server refuses, the connection breaks, or `signal` gives it up.
pub async fn get_lines<T: DeserializeOwned>(
    url: &str,
    signal: Option<&AbortSignal>,
    mut on_lines: impl FnMut(Vec<T>),
) -> Result<(), CallError> {
    let init = RequestInit::new();
    init.set_signal(signal);
    let response = JsFuture::from(leptos::prelude::window().fetch_with_str_and_init(url, &init)).await;
    let response: Response = response.map(JsCast::unchecked_into).map_err(|error| connection_error(&error))?;
    if !response.ok() {
        return Err(CallError::Failed(refusal(&response).await));
    }
    let mut lines = LineReader::default();
    read_stream(&response, |bytes| {
        let whole = lines.push(bytes);
        if !whole.is_empty() {
            on_lines(whole);
        }
    })
    .await
}

/// A change of something on the server.
#[derive(Debug, Clone)]
pub enum Change {
    Post,
    /// A `POST` with a document.
    Send(serde_json::Value),
    Patch(serde_json::Value),
    Delete,
}

/// Makes a change; it is done once this returns.
///
/// # Errors
/// [`CallError::Failed`] when the server refuses or cannot be reached.
pub async fn change(url: &str, change: Change) -> Result<(), CallError> {
    let init = RequestInit::new();
    init.set_method(match change {
        Change::Post | Change::Send(_) => "POST",
        Change::Patch(_) => "PATCH",
        Change::Delete => "DELETE",
    });
    if let Change::Patch(body) | Change::Send(body) = &change {
        init.set_body(&JsValue::from_str(&body.to_string()));
    }
    let request = Request::new_with_str_and_init(url, &init).map_err(|error| connection_error(&error))?;
    if matches!(change, Change::Patch(_) | Change::Send(_)) {
        let _ = request.headers().set("content-type", "application/json");
    }
    let response = JsFuture::from(leptos::prelude::window().fetch_with_request(&request)).await;
    let response: Response = response.map(JsCast::unchecked_into).map_err(|error| connection_error(&error))?;
    if response.ok() { Ok(()) } else { Err(CallError::Failed(refusal(&response).await)) }
}

/// Hands over the bytes of an answer as they come.
pub(super) async fn read_stream(response: &Response, mut on_bytes: impl FnMut(&[u8])) -> Result<(), CallError> {
    let stream = response.body().ok_or_else(|| broken(texts::EMPTY_ANSWER))?;
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(|error| connection_error(&error))?;
        let field = |name: &str| js_sys::Reflect::get(&chunk, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED);
        if field("done").is_truthy() {
            return Ok(());
        }
        on_bytes(&js_sys::Uint8Array::new(&field("value")).to_vec());
    }
}

async fn send(url: &str, body: Body, signal: Option<&AbortSignal>) -> Result<Response, CallError> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_signal(signal);
    match &body {
        Body::Json(text) => init.set_body(&JsValue::from_str(text)),
        Body::Form(form) => init.set_body(form),
    }
    let request = Request::new_with_str_and_init(url, &init).map_err(|error| connection_error(&error))?;
    let headers = request.headers();
    let _ = headers.set("accept", "text/event-stream");
    if matches!(body, Body::Json(_)) {
        let _ = headers.set("content-type", "application/json");
    }
    let response = JsFuture::from(leptos::prelude::window().fetch_with_request(&request)).await;
    response.map(JsCast::unchecked_into).map_err(|error| connection_error(&error))
}

/// What the server says of calls before this one, in its header `Server-Timing`.
fn usual_ms(response: &Response) -> Option<f64> {
    let timing = response.headers().get("server-timing").ok().flatten()?;
    timing.split(',').find_map(|metric| metric.trim().strip_prefix("usual;dur=")?.parse().ok())
}

/// The server's own words where it gave any.
pub(super) async fn refusal(response: &Response) -> ErrorBody {
    let status = response.status();
    let answer: Option<Json> = read(response).await;
    if let Some(error) = answer.and_then(|answer| field(&answer, "error")) {
        return error;
    }
    let message = match status {
        413 => texts::TOO_LARGE.to_owned(),
        429 => texts::TOO_MANY.to_owned(),
        503 => texts::BUSY.to_owned(),
        status => texts::status(status),
    };
    ErrorBody { code: format!("http_{status}"), message, field: None, request_id: None }
}

async fn read<T: Wire>(response: &Response) -> Option<T> {
    T::read(&serde_json::from_str(&text(response).await?).ok()?)
}

/// The body of an answer; none when the connection broke.
pub(super) async fn text(response: &Response) -> Option<String> {
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

pub(super) fn connection_error(error: &JsValue) -> CallError {
    let name = js_sys::Reflect::get(error, &JsValue::from_str("name")).ok().and_then(|name| name.as_string());
    match name.as_deref() {
        Some("AbortError") => CallError::Aborted,
        _ => broken(texts::UNREACHABLE),
    }
}

pub(super) fn unreadable() -> CallError {
    broken(texts::UNREADABLE_ANSWER)
}

fn broken(message: &str) -> CallError {
    let code = "connection".to_owned();
    CallError::Failed(ErrorBody { code, message: message.to_owned(), field: None, request_id: None })
}

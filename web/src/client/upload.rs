//! Sends files as they are.

use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Request, RequestInit, Response};

use super::call::{CallError, connection_error, read_stream, refusal, text, unreadable};
use super::lines::LineReader;

/// Posts `body` and reads the answer as JSON.
///
/// # Errors
/// [`CallError::Failed`] when the server refuses or cannot be reached.
pub async fn post_json<T: DeserializeOwned>(url: &str, body: &Blob) -> Result<T, CallError> {
    let response = post(url, body).await?;
    let text = text(&response).await.ok_or_else(unreadable)?;
    serde_json::from_str(&text).map_err(|_| unreadable())
}

/// Posts `body` and reads the answer as JSON lines, which it hands over as they come.
///
/// # Errors
/// [`CallError`] when the server refuses or the connection breaks.
pub async fn post_lines<T: DeserializeOwned>(
    url: &str,
    body: &Blob,
    on_lines: impl Fn(Vec<T>),
) -> Result<(), CallError> {
    let response = post(url, body).await?;
    let mut lines = LineReader::default();
    read_stream(&response, |bytes| {
        let whole = lines.push(bytes);
        if !whole.is_empty() {
            on_lines(whole);
        }
    })
    .await
}

async fn post(url: &str, body: &Blob) -> Result<Response, CallError> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(body);
    let request = Request::new_with_str_and_init(url, &init).map_err(|error| connection_error(&error))?;
    // Else the browser would tell the file's own type.
    let _ = request.headers().set("content-type", "application/octet-stream");
    let response = JsFuture::from(leptos::prelude::window().fetch_with_request(&request)).await;
    let response: Response = response.map(JsCast::unchecked_into).map_err(|error| connection_error(&error))?;
    if response.ok() { Ok(response) } else { Err(CallError::Failed(refusal(&response).await)) }
}

//! Reads an address as text.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

use super::call::text;

/// What is at `url`; none when it cannot be had, for whatever reason.
pub async fn get_text(url: &str) -> Option<String> {
    let response = JsFuture::from(leptos::prelude::window().fetch_with_str(url)).await.ok()?;
    let response: Response = response.unchecked_into();
    match response.ok() {
        true => text(&response).await,
        false => None,
    }
}

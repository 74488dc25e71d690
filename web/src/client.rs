//! Talks to the server from the browser.

mod body;
mod call;
mod lines;
mod sse;
mod text;
mod upload;

pub use body::{NamedPart, body, inputs};
pub use call::{CallError, Change, call, change, get, get_lines};
pub use text::get_text;
pub use upload::{post_json, post_lines};

/// A clock in milliseconds that only moves forward.
pub fn now_ms() -> f64 {
    leptos::prelude::window().performance().map_or(0.0, |performance| performance.now())
}

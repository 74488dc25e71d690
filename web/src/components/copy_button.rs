//! A button that copies a text.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::texts::run as texts;

/// How long the button says that it worked.
const CONFIRMATION: Duration = Duration::from_secs(2);

/// Copies `text`, and calls `say` with true once it has, and later with false: time for a button to say that it worked.
pub(crate) fn copy(text: String, say: impl Fn(bool) + 'static) {
    leptos::task::spawn_local(async move {
        let clipboard = window().navigator().clipboard();
        // Absent where the page is served without TLS from another machine: then the text can be selected.
        if wasm_bindgen::JsValue::from(&clipboard).is_undefined() {
            return;
        }
        if JsFuture::from(clipboard.write_text(&text)).await.is_ok() {
            say(true);
            set_timeout(move || say(false), CONFIRMATION);
        }
    });
}

/// Copies what `text` is at the time; `what` says it to those who do not see the page.
#[component]
pub fn CopyButton(
    #[prop(into)] text: Signal<String>,
    what: String,
    #[prop(default = texts::COPY)] label: &'static str,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let copy = move |_| {
        copy(text.get_untracked(), move |is_fresh| {
            copied.try_set(is_fresh);
        });
    };
    view! {
        <button type="button" class="quiet small" on:click=copy>
            <span aria-live="polite">{move || if copied.get() { texts::COPIED } else { label }}</span>
            <span class="visually-hidden">{format!(" {what}")}</span>
        </button>
    }
    .into_any()
}

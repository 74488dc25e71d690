//! The gallery's search field.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::{PART, RESULTS_ID};
use crate::client;
use crate::texts::search as texts;

/// How long a visitor must pause before the list follows the search field.
const SEARCH_DEBOUNCE: Duration = Duration::from_millis(200);

/// An island: without script the form loads the page anew; with it the list follows as one types.
///
/// `kept` are the filters and the order, which a search leaves as they are.
#[island]
pub fn GallerySearch(path: String, text: String, kept: Vec<(String, String)>) -> impl IntoView {
    let (typed, said) = (RwSignal::new(text), RwSignal::new(String::new()));
    let failed = RwSignal::new(false);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let encode = |text: &str| String::from(js_sys::encode_uri_component(text));
    let (place, rest) = (path.clone(), kept.clone());
    let address = move |text: &str| {
        let text = (!text.is_empty()).then(|| format!("q={}", encode(text)));
        let rest = rest.iter().map(|(name, value)| format!("{name}={}", encode(value)));
        let pairs: Vec<String> = text.into_iter().chain(rest).collect();
        match pairs.is_empty() {
            true => place.clone(),
            false => format!("{place}?{}", pairs.join("&")),
        }
    };
    let address = StoredValue::new(address);
    let search = move || {
        let text = typed.get_untracked();
        let address = address.with_value(|address| address(text.trim()));
        let part = format!("{address}{}{PART}={RESULTS_ID}", if address.contains('?') { '&' } else { '?' });
        set_busy(true);
        leptos::task::spawn_local(async move {
            let html = client::get_text(&part).await;
            // An answer that comes after further typing is out of date.
            if typed.get_untracked() != text {
                return;
            }
            set_busy(false);
            failed.set(html.is_none());
            let Some((html, results)) = html.zip(document().get_element_by_id(RESULTS_ID)) else { return };
            results.set_inner_html(&html);
            let found = results.query_selector(".found").ok().flatten();
            said.set(found.and_then(|found| found.text_content()).unwrap_or_default());
            let history = window().history();
            let _ = history.and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&address)));
        });
    };
    let type_in = move |text: String| {
        typed.set(text);
        if let Some(handle) = waiting.get_value() {
            handle.clear();
        }
        waiting.set_value(set_timeout_with_handle(search, SEARCH_DEBOUNCE).ok());
    };
    let hidden = kept.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    view! {
        <form class="search" role="search" method="get" action=path>
            <label class="visually-hidden" for="q">{texts::SEARCH_LABEL}</label>
            <input
                class="control"
                type="search"
                id="q"
                name="q"
                placeholder=texts::SEARCH_HINT
                autocomplete="off"
                value=typed.get_untracked()
                prop:value=move || typed.get()
                on:input:target=move |event| type_in(event.target().value())
            />
            {hidden.collect_view()}
            <button type="submit" class="primary">{texts::SEARCH}</button>
        </form>
        <p class="visually-hidden" role="status">{move || said.get()}</p>
        <p class="field-error" role="alert">
            {move || failed.get().then_some(texts::SEARCH_FAILED)}
        </p>
    }
    .into_any()
}

fn set_busy(busy: bool) {
    if let Some(results) = document().get_element_by_id(RESULTS_ID) {
        let _ = results.set_attribute("aria-busy", if busy { "true" } else { "false" });
    }
}

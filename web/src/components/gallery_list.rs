//! The gallery's search field with what it finds.

use std::time::Duration;

use leptos::prelude::*;
use serde::Deserialize;
use spaces::view::SpaceSummary;
use wasm_bindgen::JsValue;

use super::SpaceCard;
use crate::client;

/// How long a visitor must pause before the list follows the search field.
const SEARCH_DEBOUNCE: Duration = Duration::from_millis(200);

#[derive(Deserialize)]
struct Found {
    spaces: Vec<SpaceSummary>,
}

/// An island: without script the form loads the page anew; with it the list follows as one types.
#[island]
pub fn GalleryList(query: String, spaces: Vec<SpaceSummary>, limit: usize) -> impl IntoView {
    let spaces = RwSignal::new(spaces);
    let query = RwSignal::new(query);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let search = move || {
        let typed = query.get_untracked();
        leptos::task::spawn_local(async move {
            let encoded = String::from(js_sys::encode_uri_component(typed.trim()));
            let found = client::get_json::<Found>(&format!("/api/v1/spaces?q={encoded}&limit={limit}")).await;
            // An answer that comes after further typing is out of date.
            if let (Some(found), true) = (found, query.get_untracked() == typed) {
                spaces.set(found.spaces);
                let address = if encoded.is_empty() { "/".to_owned() } else { format!("/?q={encoded}") };
                let history = window().history();
                let _ = history.and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&address)));
            }
        });
    };
    let type_in = move |text: String| {
        query.set(text);
        if let Some(handle) = waiting.get_value() {
            handle.clear();
        }
        waiting.set_value(set_timeout_with_handle(search, SEARCH_DEBOUNCE).ok());
    };
    let outcome = move || match (spaces.with(Vec::len), query.get().trim()) {
        (0, "") => "No space has been published yet.".to_owned(),
        (0, query) => format!("No space matches “{query}”."),
        (1, _) => "1 space".to_owned(),
        (n_spaces, _) if n_spaces == limit => format!("The {n_spaces} newest"),
        (n_spaces, _) => format!("{n_spaces} spaces"),
    };
    view! {
        <form class="search" role="search" method="get" action="/">
            <label class="visually-hidden" for="q">"Search spaces"</label>
            <input
                class="control"
                type="search"
                id="q"
                name="q"
                placeholder="Search by title, owner or tag"
                autocomplete="off"
                value=query.get_untracked()
                prop:value=move || query.get()
                on:input:target=move |event| type_in(event.target().value())
            />
            <button type="submit" class="primary">"Search"</button>
        </form>
        <p class="muted found" role="status">{outcome}</p>
        <ul class="cards">
            {move || spaces.get().into_iter().map(|space| view! { <SpaceCard space=space /> }).collect_view()}
        </ul>
    }
}

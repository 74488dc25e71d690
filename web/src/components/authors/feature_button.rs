//! Puts a space in the gallery's first row, and takes it out again.

use leptos::prelude::*;
use serde_json::json;
use spaces::SpaceId;

use crate::client::{self, Change};
use crate::texts::authors as texts;

/// An island, for who has signed in.
#[island]
pub fn FeatureButton(id: SpaceId, featured: bool) -> impl IntoView {
    let featured = RwSignal::new(featured);
    let (busy, refused) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let url = format!("/api/v1/spaces/{id}");
    let toggle = move |_| {
        busy.set(true);
        let (url, wanted) = (url.clone(), !featured.get_untracked());
        leptos::task::spawn_local(async move {
            let result = client::change(&url, Change::Patch(json!({ "featured": wanted }))).await;
            busy.set(false);
            if result.is_ok() {
                featured.set(wanted);
            }
            refused.set(result.err().map(|error| error.to_string()));
        });
    };
    view! {
        <button
            type="button"
            class="quiet small"
            aria-pressed=move || featured.get().to_string()
            title=texts::FEATURED_HELP
            disabled=move || busy.get()
            on:click=toggle
        >
            <span aria-hidden="true">{move || if featured.get() { "★" } else { "☆" }}</span>
            {texts::FEATURED}
        </button>
        <span class="field-error" role="alert">{move || refused.get()}</span>
    }
    .into_any()
}

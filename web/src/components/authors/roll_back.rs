//! Makes an older revision serve again.

use leptos::prelude::*;
use spaces::SpaceId;

use crate::client::{self, Change};

/// An island: a button that makes a revision the live one, and shows the list anew.
#[island]
pub fn RollBack(id: SpaceId, number: u64) -> impl IntoView {
    let (busy, refused) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let url = format!("/api/v1/spaces/{id}/revisions/{number}/activate");
    let roll_back = move |_| {
        busy.set(true);
        let url = url.clone();
        leptos::task::spawn_local(async move {
            match client::change(&url, Change::Post).await {
                Ok(()) => {
                    let _ = window().location().reload();
                }
                Err(error) => {
                    busy.set(false);
                    refused.set(Some(error.to_string()));
                }
            }
        });
    };
    view! {
        <button
            type="button"
            class="quiet small"
            aria-label=format!("Make live: revision {number}")
            disabled=move || busy.get()
            on:click=roll_back
        >
            "Make live"
        </button>
        <span class="field-error" role="alert">{move || refused.get()}</span>
    }
}

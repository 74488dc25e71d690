//! Deletes what visitors have flagged.

use leptos::prelude::*;

use crate::client::{self, Change};
use crate::texts::authors as texts;

/// An island: deletes what is at `url` after a second click, and shows the list anew.
#[island]
pub fn FlagDelete(
    url: String,
    label: String,
    /// Says it to those who do not see where the button stands.
    what: String,
) -> impl IntoView {
    let (is_meant, refused) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let delete = move |_| {
        if !is_meant.get_untracked() {
            is_meant.set(true);
            return;
        }
        let url = url.clone();
        leptos::task::spawn_local(async move {
            match client::change(&url, Change::Delete).await {
                Ok(()) => {
                    let _ = window().location().reload();
                }
                Err(error) => refused.set(Some(error.to_string())),
            }
        });
    };
    view! {
        <button type="button" class="quiet small" on:click=delete on:blur=move |_| is_meant.set(false)>
            {move || if is_meant.get() { texts::REALLY_DELETE.to_owned() } else { label.clone() }}
            <span class="visually-hidden">{format!(" {what}")}</span>
        </button>
        <span class="field-error" role="alert">{move || refused.get()}</span>
    }
}

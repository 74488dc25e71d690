//! What the holder of the token may change of a space.

use leptos::prelude::*;
use serde_json::json;
use spaces::SpaceId;
use spaces::manifest::Visibility;

use crate::client::{self, Change};

/// Who sees a space, with what it means.
const VISIBILITIES: [(Visibility, &str, &str); 3] = [
    (Visibility::Public, "Public", "Everybody finds it in the gallery."),
    (Visibility::Unlisted, "Unlisted", "Who knows its address can use it; the gallery does not show it."),
    (Visibility::Private, "Private", "Only who has signed in, or has the token, can use it."),
];

/// An island: who may see the space, and its end.
#[island]
pub fn SettingsForm(id: SpaceId, visibility: Visibility) -> impl IntoView {
    let url = format!("/api/v1/spaces/{id}");
    view! {
        <div class="settings">
            <VisibilityForm url=url.clone() visibility=visibility />
            <DeleteForm url=url id=id />
        </div>
    }
}

#[component]
fn VisibilityForm(url: String, visibility: Visibility) -> impl IntoView {
    let (chosen, kept) = (RwSignal::new(visibility), RwSignal::new(visibility));
    let (saved, refused) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let (url, wanted) = (url.clone(), chosen.get_untracked());
        leptos::task::spawn_local(async move {
            let result = client::change(&url, Change::Patch(json!({ "visibility": wanted }))).await;
            saved.set(result.is_ok());
            refused.set(result.err().map(|error| error.to_string()));
            if saved.get_untracked() {
                kept.set(wanted);
            }
        });
    };
    let choice = |(visibility, title, meaning): (Visibility, &'static str, &'static str)| {
        view! {
            <label class="choice wide-choice">
                <input
                    type="radio"
                    name="visibility"
                    checked=chosen.get_untracked() == visibility
                    prop:checked=move || chosen.get() == visibility
                    on:change=move |_| { chosen.set(visibility); saved.set(false) }
                />
                <span><strong>{title}</strong><span class="muted">{meaning}</span></span>
            </label>
        }
    };
    view! {
        <form class="panel setting" on:submit=save>
            <fieldset>
                <legend>"Who may see it"</legend>
                {VISIBILITIES.map(choice).into_iter().collect_view()}
            </fieldset>
            <div class="run">
                <button type="submit" class="primary" disabled=move || chosen.get() == kept.get()>"Save"</button>
                <span class="muted" role="status">{move || saved.get().then_some("Saved.")}</span>
                <span class="field-error" role="alert">{move || refused.get()}</span>
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn DeleteForm(url: String, id: SpaceId) -> impl IntoView {
    let (typed, refused) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let name = StoredValue::new(id.to_string());
    let is_meant = move || name.with_value(|name| typed.with(|typed| typed.trim() == name));
    let owner = id.owner().to_owned();
    let delete = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if !untrack(is_meant) {
            return;
        }
        let (url, owner) = (url.clone(), owner.clone());
        leptos::task::spawn_local(async move {
            match client::change(&url, Change::Delete).await {
                // The owner's other spaces; or the page that says that there are none.
                Ok(()) => {
                    let _ = window().location().set_href(&format!("/?q={owner}"));
                }
                Err(error) => refused.set(Some(error.to_string())),
            }
        });
    };
    view! {
        <form class="panel setting" on:submit=delete>
            <fieldset>
                <legend>"Delete the space"</legend>
                <p class="muted">"All its revisions, files and logs go, for good."</p>
                <div class="field">
                    <label class="field-label" for="delete-name">"Type " <code>{id.to_string()}</code> " to go on"</label>
                    <input
                        class="control"
                        type="text"
                        id="delete-name"
                        autocomplete="off"
                        prop:value=move || typed.get()
                        on:input:target=move |event| typed.set(event.target().value())
                    />
                </div>
            </fieldset>
            <div class="run">
                <button type="submit" class="danger" disabled=move || !is_meant()>"Delete"</button>
                <span class="field-error" role="alert">{move || refused.get()}</span>
            </div>
        </form>
    }
    .into_any()
}

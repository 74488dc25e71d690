//! The end of a space.

use leptos::prelude::*;
use spaces::SpaceId;

use super::{SentForm, action};

/// Confirmed by its name, which the server compares too.
#[component]
pub fn DeleteForm(id: SpaceId, sent: SentForm) -> impl IntoView {
    let refused = sent.refused.clone().filter(|_| sent.is("delete"));
    view! {
        <form class="panel setting" id="delete" method="post" action=action(&id)>
            <input type="hidden" name="form" value="delete" />
            <fieldset>
                <legend>"Delete the space"</legend>
                <p class="muted">"All its revisions, files, logs and metrics go, for good."</p>
                <div class="field">
                    <label class="field-label" for="delete-name">"Type " <code>{id.to_string()}</code> " to go on"</label>
                    <input
                        class="control" type="text" id="delete-name" name="name" autocomplete="off" required
                        pattern=id.to_string() title=format!("Type {id}")
                    />
                </div>
            </fieldset>
            <div class="run">
                <button type="submit" class="danger">"Delete"</button>
                <span class="field-error" role="alert">{refused}</span>
            </div>
        </form>
    }
    .into_any()
}

//! The end of a space.

use leptos::prelude::*;
use spaces::SpaceId;

use super::{SentForm, action};
use crate::components::marked;
use crate::texts::settings as texts;

/// Confirmed by its name, which the server compares too.
#[component]
pub fn DeleteForm(id: SpaceId, sent: SentForm) -> impl IntoView {
    let refused = sent.refused.clone().filter(|_| sent.is("delete"));
    view! {
        <form class="panel setting" id="delete" method="post" action=action(&id)>
            <input type="hidden" name="form" value="delete" />
            <fieldset>
                <legend>{texts::DELETE_SPACE}</legend>
                <p class="muted">{texts::DELETE_HELP}</p>
                <div class="field">
                    <label class="field-label" for="delete-name">{marked(&texts::type_to_delete(&id.to_string()))}</label>
                    <input
                        class="control" type="text" id="delete-name" name="name" autocomplete="off" required
                        pattern=id.to_string() title=texts::type_id(&id.to_string())
                    />
                </div>
            </fieldset>
            <div class="run">
                <button type="submit" class="danger">{texts::DELETE}</button>
                <span class="field-error" role="alert">{refused}</span>
            </div>
        </form>
    }
    .into_any()
}

//! A copy of the space under another name.

use leptos::prelude::*;
use spaces::SpaceId;

use super::{SentForm, SettingForm, TextField};
use crate::texts::{settings as texts, space_head};

#[component]
pub fn DuplicateForm(id: SpaceId, sent: SentForm) -> impl IntoView {
    let value = sent.value("duplicate", "to", &format!("{}/{}-copy", id.owner(), id.name()));
    view! {
        <SettingForm id=id form="duplicate" legend=texts::DUPLICATE_SPACE button=space_head::DUPLICATE sent=sent>
            <p class="muted">{texts::DUPLICATE_HELP}</p>
            <TextField name="to" label=texts::NEW_ID info=texts::NEW_ID_HELP value=value />
        </SettingForm>
    }
    .into_any()
}

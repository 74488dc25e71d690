//! A copy of the space under another name.

use leptos::prelude::*;
use spaces::SpaceId;

use super::{SentForm, SettingForm, TextField};

#[component]
pub fn DuplicateForm(id: SpaceId, sent: SentForm) -> impl IntoView {
    let value = sent.value("duplicate", "to", &format!("{}/{}-copy", id.owner(), id.name()));
    view! {
        <SettingForm id=id form="duplicate" legend="Duplicate the space" button="Duplicate" sent=sent>
            <p class="muted">"The live revision under another name, ready at once. Config and secrets stay here; the copy is private until you say otherwise."</p>
            <TextField name="to" label="New owner and name" info="OWNER/NAME, of which there is no space yet." value=value />
        </SettingForm>
    }
    .into_any()
}

//! Title, description and tags.

use leptos::prelude::*;
use spaces::SpaceId;
use spaces::view::SettingsView;

use super::{SentForm, SettingForm, TextField};
use crate::texts::settings as texts;

/// Left empty, the live revision's own are shown.
#[component]
pub fn DetailsForm(id: SpaceId, settings: SettingsView, sent: SentForm) -> impl IntoView {
    let SettingsView { title, description, tags, published, .. } = settings;
    let value = |field: &str, kept: Option<String>| sent.value("details", field, &kept.unwrap_or_default());
    let (title, description) = (value("title", title), value("description", description));
    // A dash, since none at all would be the revision's own.
    let tags = tags.map(|tags| if tags.is_empty() { "-".to_owned() } else { tags.join(", ") });
    let tags = value("tags", tags);
    let or_none = |text: &str, none: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
    view! {
        <SettingForm id=id form="details" legend=texts::DETAILS button=texts::SAVE_DETAILS sent=sent.clone()>
            <p class="muted">{texts::DETAILS_HELP}</p>
            <TextField
                name="title" label=texts::TITLE info=texts::TITLE_HELP
                value=title placeholder=or_none(&published.title, texts::TITLE_NONE)
            />
            <TextField
                name="description" label=texts::DESCRIPTION info=texts::DESCRIPTION_HELP
                value=description placeholder=published.description.clone() lines=6
            />
            <TextField
                name="tags" label=texts::TAGS info=texts::TAGS_HELP
                value=tags
                placeholder=or_none(&published.tags.join(", "), texts::TAGS_NONE)
            />
        </SettingForm>
    }
    .into_any()
}

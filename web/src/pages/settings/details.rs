//! Title, description and tags.

use leptos::prelude::*;
use spaces::SpaceId;
use spaces::view::SettingsView;

use super::{SentForm, SettingForm, TextField};

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
        <SettingForm id=id form="details" legend="Title and description" button="Save title and description" sent=sent.clone()>
            <p class="muted">"Over what the live revision says, at once and without a new publish. An empty field shows the revision's own."</p>
            <TextField
                name="title" label="Title" info="On the page, in the gallery and for programs."
                value=title placeholder=or_none(&published.title, "The name of the space")
            />
            <TextField
                name="description" label="Description" info="Markdown. Its first paragraph is the text of the card."
                value=description placeholder=published.description.clone() lines=6
            />
            <TextField
                name="tags" label="Tags" info="Separated by commas; a single dash for none."
                value=tags
                placeholder=or_none(&published.tags.join(", "), "None")
            />
        </SettingForm>
    }
    .into_any()
}

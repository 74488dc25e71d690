//! Who may see the space.

use leptos::prelude::*;
use spaces::SpaceId;
use spaces::manifest::Visibility;

use super::{SentForm, SettingForm};

/// Who sees a space, with what it means.
const VISIBILITIES: [(Visibility, &str, &str); 3] = [
    (Visibility::Public, "Public", "Everybody finds it in the gallery."),
    (Visibility::Unlisted, "Unlisted", "Who knows its address can use it; the gallery does not show it."),
    (Visibility::Private, "Private", "Only who has signed in, or has the token, can use it."),
];

#[component]
pub fn VisibilityForm(id: SpaceId, visibility: Visibility, sent: SentForm) -> impl IntoView {
    let choice = |(choice, title, meaning): (Visibility, &'static str, &'static str)| {
        view! {
            <label class="choice wide-choice">
                <input type="radio" name="visibility" value=choice.as_str() checked=choice == visibility />
                <span><strong>{title}</strong><span class="muted">{meaning}</span></span>
            </label>
        }
    };
    let choices = VISIBILITIES.map(choice).into_iter().collect_view();
    view! {
        <SettingForm id=id form="visibility" legend="Who may see it" button="Save visibility" sent=sent>
            {choices}
        </SettingForm>
    }
    .into_any()
}

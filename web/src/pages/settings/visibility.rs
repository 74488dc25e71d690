//! Who may see the space.

use leptos::prelude::*;
use spaces::SpaceId;
use spaces::manifest::Visibility;

use super::{SentForm, SettingForm};
use crate::texts::{settings as texts, visibility as words};

/// Who sees a space, with what it means.
const VISIBILITIES: [(Visibility, &str, &str); 3] = [
    (Visibility::Public, words::PUBLIC, texts::PUBLIC_MEANS),
    (Visibility::Unlisted, words::UNLISTED, texts::UNLISTED_MEANS),
    (Visibility::Private, words::PRIVATE, texts::PRIVATE_MEANS),
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
        <SettingForm id=id form="visibility" legend=words::WHO_MAY_SEE button=texts::SAVE_VISIBILITY sent=sent>
            {choices}
        </SettingForm>
    }
    .into_any()
}

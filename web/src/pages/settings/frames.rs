//! Whose pages may show the space in a frame.

use leptos::prelude::*;
use spaces::SpaceId;

use super::{SentForm, SettingForm, TextField};

#[component]
pub fn FramesForm(id: SpaceId, origins: Vec<String>, sent: SentForm) -> impl IntoView {
    let value = sent.value("frames", "frame_origins", &origins.join("\n"));
    view! {
        <SettingForm id=id form="frames" legend="Embedding" button="Save origins" sent=sent>
            <TextField
                name="frame_origins"
                label="Sites that may show it in a frame"
                info="One a line, such as https://example.org or https://*.example.org. Empty: every site."
                value=value
                placeholder="Every site"
                lines=3
            />
        </SettingForm>
    }
    .into_any()
}

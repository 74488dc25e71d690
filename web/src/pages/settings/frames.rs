//! Whose pages may show the space in a frame.

use leptos::prelude::*;
use spaces::SpaceId;

use super::{SentForm, SettingForm, TextField};
use crate::texts::settings as texts;

#[component]
pub fn FramesForm(id: SpaceId, origins: Vec<String>, sent: SentForm) -> impl IntoView {
    let value = sent.value("frames", "frame_origins", &origins.join("\n"));
    view! {
        <SettingForm id=id form="frames" legend=texts::FRAMES button=texts::SAVE_FRAMES sent=sent>
            <TextField
                name="frame_origins"
                label=texts::FRAME_ORIGINS
                info=texts::FRAME_ORIGINS_HELP
                value=value
                placeholder=texts::FRAME_ORIGINS_NONE
                lines=3
            />
        </SettingForm>
    }
    .into_any()
}

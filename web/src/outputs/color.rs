//! A colour: a patch of it and its text.

use leptos::prelude::*;
use serde_json::Value as Json;

use crate::components::CopyButton;

pub(super) fn color(value: &Json) -> Option<AnyView> {
    let color = value.as_str()?.to_owned();
    Some(
        view! {
            <p class="color">
                // An attribute of the picture and not a style, which the content policy forbids.
                <svg class="patch" viewBox="0 0 1 1" aria-hidden="true"><rect width="1" height="1" fill=color.clone() /></svg>
                <code>{color.clone()}</code>
                <CopyButton text=color what="the colour".to_owned() />
            </p>
        }
        .into_any(),
    )
}

//! A button that copies a text of the page.

use leptos::prelude::*;

use super::CopyButton;

/// An island around [`CopyButton`]: for pages that are not alive themselves.
#[island]
pub fn CopyText(text: String, what: String) -> impl IntoView {
    view! { <CopyButton text=Signal::stored(text) what=what /> }
}

//! Text as it is typed.

use leptos::prelude::*;
use spaces::interface::TextType;

use super::Widget;
use crate::escape::escaped;
use crate::state::Draft;

/// How a text is entered.
#[derive(Default)]
pub(super) struct Form {
    pub(super) lines: u32,
    pub(super) placeholder: Option<String>,
    /// In characters.
    pub(super) max_length: Option<u32>,
    pub(super) text_type: TextType,
}

/// A line of text, or several.
pub(super) fn textbox(widget: Widget, form: Form) -> AnyView {
    let Widget { id, draft, error, described_by, .. } = widget;
    let Form { lines, placeholder, max_length, text_type } = form;
    let (kind, autocomplete) = match text_type {
        TextType::Text => ("text", None),
        // It is a secret of the visitor's, but not that of this page's.
        TextType::Password => ("password", Some("off")),
        TextType::Email => ("email", Some("email")),
    };
    if lines > 1 && text_type == TextType::Text {
        return area(Widget { id, draft, error, described_by, ..widget }, lines, placeholder, max_length, "control");
    }
    view! {
        <input
            class="control"
            type=kind
            autocomplete=autocomplete
            id=id
            placeholder=placeholder
            maxlength=max_length
            aria-describedby=described_by
            aria-invalid=move || error.get().map(|_| "true")
            value=draft.with_untracked(Draft::text)
            prop:value=move || draft.with(Draft::text)
            on:input:target=move |event| draft.set(Draft::Text(event.target().value()))
        />
    }
    .into_any()
}

/// Code, JSON or numbers, in a fixed-width font.
pub(super) fn source(widget: Widget, lines: u32) -> AnyView {
    area(widget, lines, None, None, "control source")
}

fn area(
    widget: Widget,
    lines: u32,
    placeholder: Option<String>,
    max_length: Option<u32>,
    class: &'static str,
) -> AnyView {
    let Widget { id, draft, error, described_by, .. } = widget;
    let spellcheck = (class != "control").then_some("false");
    // Set as markup: an empty child would leave a marker, which a text area shows.
    let initial = escaped(&draft.with_untracked(Draft::text));
    view! {
        <textarea
            class=class
            id=id
            rows=lines
            spellcheck=spellcheck
            placeholder=placeholder
            maxlength=max_length
            aria-describedby=described_by
            aria-invalid=move || error.get().map(|_| "true")
            prop:value=move || draft.with(Draft::text)
            on:input:target=move |event| draft.set(Draft::Text(event.target().value()))
            inner_html=initial
        ></textarea>
    }
    .into_any()
}

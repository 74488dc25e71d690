//! Documents that are entered by pointing: a text by marking its parts, a map by clicking on it. What they hold can be
//! typed as JSON too.

use leptos::ev::CustomEvent;
use leptos::prelude::*;

use super::{Widget, text};
use crate::state::Draft;
use crate::texts::inputs as texts;

/// Lines of the JSON below.
const LINES: u32 = 6;

/// A text of which parts can be marked.
pub(super) fn highlighted(widget: Widget) -> AnyView {
    let (draft, label) = (widget.draft, widget.field.label.clone());
    let element = view! {
        <vitrine-marker label=label prop:value=move || draft.with(Draft::text) on:edit=move |event| take(draft, &event)></vitrine-marker>
    };
    above_source(element.into_any(), widget)
}

/// A map on which points can be set.
pub(super) fn map(widget: Widget) -> AnyView {
    let (draft, label) = (widget.draft, widget.field.label.clone());
    let element = view! {
        <vitrine-map editable="" label=label prop:value=move || draft.with(Draft::text) on:edit=move |event| take(draft, &event)></vitrine-map>
    };
    above_source(element.into_any(), widget)
}

fn take(draft: RwSignal<Draft>, event: &CustomEvent) {
    if let Some(json) = event.detail().as_string() {
        draft.set(Draft::Text(json));
    }
}

/// Who cannot point finds the document itself here, and who is without scripts, it alone.
fn above_source(element: AnyView, widget: Widget) -> AnyView {
    view! {
        {element}
        <details class="fold"><summary>{texts::AS_JSON}</summary>{text::source(widget, LINES)}</details>
    }
    .into_any()
}

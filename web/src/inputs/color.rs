//! A colour, by the browser's own picker.

use leptos::prelude::*;

use super::Widget;
use crate::state::Draft;
use crate::texts::inputs as texts;

/// The picker, and the colour as text beside it.
pub(super) fn color(widget: Widget) -> AnyView {
    let Widget { id, field, draft, error, described_by, .. } = widget;
    let type_in = move |text: String| draft.set(Draft::Text(text.trim().to_ascii_lowercase()));
    view! {
        <div class="color">
            <input
                type="color"
                id=id
                aria-describedby=described_by
                value=draft.with_untracked(Draft::text)
                prop:value=move || draft.with(Draft::text)
                on:input:target=move |event| type_in(event.target().value())
            />
            <input
                class="control source"
                type="text"
                maxlength="7"
                spellcheck="false"
                autocomplete="off"
                aria-label=texts::as_rrggbb(&field.label)
                aria-invalid=move || error.get().map(|_| "true")
                value=draft.with_untracked(Draft::text)
                prop:value=move || draft.with(Draft::text)
                on:change:target=move |event| type_in(event.target().value())
            />
        </div>
    }
    .into_any()
}

//! Numbers: a field, or a slider with the number beside it.
//!
//! The fields are text fields with the keys of numbers. In a number field the browser hides what is not yet a number: of
//! `1.` on the way to `1.4` it tells nothing, and the page would take the visitor's dot away again.

use leptos::prelude::*;
use spaces::interface::NumberRange;

use super::Widget;
use crate::state::Draft;
use crate::texts::inputs as texts;

/// Slider positions where the range names no step.
const SLIDER_STEPS: f64 = 100.0;

/// A number field.
pub(super) fn number(widget: Widget) -> AnyView {
    let Widget { id, draft, error, described_by, .. } = widget;
    view! {
        <input
            class="control number"
            type="text"
            inputmode="decimal"
            autocomplete="off"
            id=id
            aria-describedby=described_by
            aria-invalid=move || error.get().map(|_| "true")
            value=draft.with_untracked(Draft::text)
            prop:value=move || draft.with(Draft::text)
            on:input:target=move |event| draft.set(Draft::Text(event.target().value()))
        />
    }
    .into_any()
}

/// A slider; the number beside it can be typed too.
pub(super) fn slider(widget: Widget, range: NumberRange) -> AnyView {
    let Widget { id, field, draft, error, described_by, .. } = widget;
    let (minimum, maximum) = (range.minimum.unwrap_or(0.0), range.maximum.unwrap_or(100.0));
    let slide_step = range.step.unwrap_or((maximum - minimum) / SLIDER_STEPS);
    view! {
        <div class="slider">
            <span class="bound" aria-hidden="true">{minimum}</span>
            <input
                type="range"
                id=id
                min=minimum
                max=maximum
                step=slide_step
                aria-describedby=described_by
                value=draft.with_untracked(Draft::text)
                prop:value=move || draft.with(Draft::text)
                on:input:target=move |event| draft.set(Draft::Text(event.target().value()))
            />
            <span class="bound" aria-hidden="true">{maximum}</span>
            <input
                class="control number"
                type="text"
                inputmode="decimal"
                autocomplete="off"
                aria-label=texts::as_number(&field.label)
                aria-invalid=move || error.get().map(|_| "true")
                value=draft.with_untracked(Draft::text)
                prop:value=move || draft.with(Draft::text)
                on:input:target=move |event| draft.set(Draft::Text(event.target().value()))
            />
        </div>
    }
    .into_any()
}

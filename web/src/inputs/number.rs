//! Numbers: a field, or a slider with the number beside it.

use leptos::prelude::*;
use spaces::interface::NumberRange;

use super::Widget;
use crate::state::Draft;

/// Slider positions where the range names no step.
const SLIDER_STEPS: f64 = 100.0;

/// A number field.
pub(super) fn number(widget: Widget, range: NumberRange) -> AnyView {
    let Widget { id, draft, error, described_by, .. } = widget;
    view! {
        <input
            class="control number"
            type="number"
            inputmode="decimal"
            id=id
            min=range.minimum
            max=range.maximum
            step=step(range)
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
    let Widget { id, field, draft, error, described_by } = widget;
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
                type="number"
                inputmode="decimal"
                aria-label=format!("{}, as a number", field.label)
                min=minimum
                max=maximum
                step=step(range)
                aria-invalid=move || error.get().map(|_| "true")
                value=draft.with_untracked(Draft::text)
                prop:value=move || draft.with(Draft::text)
                on:input:target=move |event| draft.set(Draft::Text(event.target().value()))
            />
        </div>
    }
    .into_any()
}

fn step(range: NumberRange) -> String {
    range.step.map_or_else(|| "any".to_owned(), |step| step.to_string())
}

//! Ticks, radio buttons and menus.

use leptos::prelude::*;

use super::Widget;
use crate::state::Draft;

/// One tick.
pub(super) fn checkbox(widget: Widget) -> AnyView {
    let Widget { id, field, draft, described_by, .. } = widget;
    view! {
        <label class="choice">
            <input
                type="checkbox"
                id=id
                aria-describedby=described_by
                checked=draft.with_untracked(Draft::is_set)
                prop:checked=move || draft.with(Draft::is_set)
                on:change:target=move |event| draft.set(Draft::Flag(event.target().checked()))
            />
            <span>{field.label}</span>
        </label>
    }
    .into_any()
}

/// Any number of the choices.
pub(super) fn group(widget: Widget, choices: Vec<String>) -> AnyView {
    let Widget { id, draft, described_by, .. } = widget;
    let order = StoredValue::new(choices.clone());
    let toggle = move |choice: &str, on: bool| {
        draft.update(|draft| {
            let chosen = |other: &String| {
                if other == choice { on } else { draft.choices().contains(other) }
            };
            // The server sees the choices in the author's order, whatever order they were ticked in.
            *draft =
                Draft::Choices(order.with_value(|order| order.iter().filter(|other| chosen(other)).cloned().collect()));
        });
    };
    let item = |choice: String| {
        let has = {
            let choice = choice.clone();
            move |draft: &Draft| draft.choices().contains(&choice)
        };
        let has_now = has.clone();
        let name = choice.clone();
        view! {
            <label class="choice">
                <input
                    type="checkbox"
                    checked=draft.with_untracked(&has)
                    prop:checked=move || draft.with(&has_now)
                    on:change:target=move |event| toggle(&name, event.target().checked())
                />
                <span>{choice}</span>
            </label>
        }
    };
    view! {
        <div class="choices" role="group" aria-labelledby=format!("{id}-label") aria-describedby=described_by>
            {choices.into_iter().map(item).collect_view()}
        </div>
    }
    .into_any()
}

/// One of the choices, all in sight.
pub(super) fn radio(widget: Widget, choices: Vec<String>) -> AnyView {
    let Widget { id, draft, described_by, .. } = widget;
    let name = id.clone();
    let item = |choice: String| {
        let is = {
            let choice = choice.clone();
            move |draft: &Draft| draft.text() == choice
        };
        let is_now = is.clone();
        let value = choice.clone();
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name=name.clone()
                    value=choice.clone()
                    checked=draft.with_untracked(&is)
                    prop:checked=move || draft.with(&is_now)
                    on:change=move |_| draft.set(Draft::Text(value.clone()))
                />
                <span>{choice}</span>
            </label>
        }
    };
    view! {
        <div class="choices" role="radiogroup" aria-labelledby=format!("{id}-label") aria-describedby=described_by>
            {choices.into_iter().map(item).collect_view()}
        </div>
    }
    .into_any()
}

/// One of the choices, in a menu.
pub(super) fn menu(widget: Widget, choices: Vec<String>) -> AnyView {
    let Widget { id, draft, error, described_by, .. } = widget;
    let option = |choice: String| {
        let is = {
            let choice = choice.clone();
            move |draft: &Draft| draft.text() == choice
        };
        let is_now = is.clone();
        view! {
            <option value=choice.clone() selected=draft.with_untracked(&is) prop:selected=move || draft.with(&is_now)>
                {choice.clone()}
            </option>
        }
    };
    view! {
        <select
            class="control"
            id=id
            aria-describedby=described_by
            aria-invalid=move || error.get().map(|_| "true")
            on:change:target=move |event| draft.set(Draft::Text(event.target().value()))
        >
            {choices.into_iter().map(option).collect_view()}
        </select>
    }
    .into_any()
}

//! Menus that are searched by typing: one choice, or several as chips.
//!
//! The list is the browser's own (`datalist`), which works by keyboard, by touch and with screen readers.

use leptos::prelude::*;

use super::Widget;
use crate::state::Draft;
use crate::texts::{common, inputs as texts};

/// One of many choices, or any text where `custom` values are allowed.
pub(super) fn search(widget: Widget, choices: Vec<String>) -> AnyView {
    let Widget { id, draft, error, described_by, .. } = widget;
    let list = format!("{id}-list");
    view! {
        <input
            class="control"
            type="text"
            autocomplete="off"
            id=id
            list=list.clone()
            placeholder=texts::SEARCH_HINT
            aria-describedby=described_by
            aria-invalid=move || error.get().map(|_| "true")
            value=draft.with_untracked(Draft::text)
            prop:value=move || draft.with(Draft::text)
            // Browsers list what begins like the text that stands there, so the next search begins with none.
            on:focus:target=|event| event.target().select()
            on:input:target=move |event| draft.set(Draft::Text(event.target().value()))
        />
        {options(list, choices)}
    }
    .into_any()
}

/// Several of the choices; each can be taken away again.
pub(super) fn chips(widget: Widget, choices: Vec<String>, custom: bool) -> AnyView {
    let Widget { id, field, draft, error, described_by, .. } = widget;
    let (list, label) = (format!("{id}-list"), format!("{id}-label"));
    let known = StoredValue::new(choices.clone());
    let add = move |text: String| {
        let is_known = custom || known.with_value(|known| known.contains(&text));
        let is_new = draft.with_untracked(|draft| !draft.choices().contains(&text));
        if is_known && is_new && !text.is_empty() {
            draft.update(|draft| {
                let chosen = draft.choices().iter().cloned().chain([text]).collect();
                *draft = Draft::Choices(chosen);
            });
        }
        is_known
    };
    let remove = move |text: &str| {
        draft.update(|draft| {
            *draft = Draft::Choices(draft.choices().iter().filter(|chosen| *chosen != text).cloned().collect());
        });
    };
    let chip = move |text: String| {
        let removed = text.clone();
        view! {
            <li class="pick">
                <span>{text.clone()}</span>
                <button type="button" class="icon" aria-label=common::remove(&text) on:click=move |_| remove(&removed)>"×"</button>
            </li>
        }
    };
    let chosen = move || draft.with(|draft| draft.choices().to_vec()).into_iter().map(chip).collect_view();
    view! {
        <div class="chips" role="group" aria-labelledby=label>
            <ul aria-label=texts::chosen(&field.label)>{chosen}</ul>
            <input
                class="control"
                type="text"
                autocomplete="off"
                id=id
                list=list.clone()
                placeholder=if custom { texts::SEARCH_OR_ADD_HINT } else { texts::SEARCH_HINT }
                aria-label=texts::add_to(&field.label)
                aria-describedby=described_by
                aria-invalid=move || error.get().map(|_| "true")
                on:keydown:target=move |event| {
                    // Not the form's button: a choice is being made.
                    if event.key() == "Enter" {
                        event.prevent_default();
                        if add(event.target().value()) {
                            event.target().set_value("");
                        }
                    }
                }
                on:input:target=move |event| {
                    let text = event.target().value();
                    // Picked from the list, a choice stands there whole.
                    if known.with_value(|known| known.contains(&text)) && add(text) {
                        event.target().set_value("");
                    }
                }
                on:blur:target=move |event| {
                    if add(event.target().value()) {
                        event.target().set_value("");
                    }
                }
            />
            {options(list, choices)}
        </div>
    }
    .into_any()
}

fn options(id: String, choices: Vec<String>) -> AnyView {
    let option = |choice: String| view! { <option value=choice></option> };
    view! { <datalist id=id>{choices.into_iter().map(option).collect_view()}</datalist> }.into_any()
}

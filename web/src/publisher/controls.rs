//! The plain controls of the form.

use leptos::prelude::*;

use crate::escape::escaped;

/// A line of text with its label; `info` helps.
pub fn line(id: &str, label: &str, info: &'static str, text: RwSignal<String>) -> AnyView {
    let (id, described_by) = (id.to_owned(), format!("{id}-info"));
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label.to_owned()}</label>
            <p class="field-info" id=described_by.clone()>{info}</p>
            <input
                class="control"
                type="text"
                autocomplete="off"
                id=id
                aria-describedby=described_by
                prop:value=move || text.get()
                on:input:target=move |event| text.set(event.target().value())
            />
        </div>
    }
    .into_any()
}

/// Several lines of text.
pub fn area(id: &str, label: &str, info: &'static str, rows: u32, text: RwSignal<String>) -> AnyView {
    let (id, described_by) = (id.to_owned(), format!("{id}-info"));
    // Set as markup: an empty child would leave a marker, which a text area shows.
    let initial = escaped(&text.get_untracked());
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label.to_owned()}</label>
            <p class="field-info" id=described_by.clone()>{info}</p>
            <textarea
                class="control"
                rows=rows
                id=id
                aria-describedby=described_by
                prop:value=move || text.get()
                on:input:target=move |event| text.set(event.target().value())
                inner_html=initial
            ></textarea>
        </div>
    }
    .into_any()
}

/// A menu; each choice is a word and what it says.
pub fn menu(
    id: &str,
    label: &str,
    choices: &'static [(&'static str, &'static str)],
    chosen: RwSignal<String>,
) -> AnyView {
    let id = id.to_owned();
    let options = choices.iter().map(|(word, title)| {
        view! { <option value=*word selected=move || chosen.get() == *word>{*title}</option> }
    });
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>{label.to_owned()}</label>
            <select class="control" id=id on:change:target=move |event| chosen.set(event.target().value())>
                {options.collect_view()}
            </select>
        </div>
    }
    .into_any()
}

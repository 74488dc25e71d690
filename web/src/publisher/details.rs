//! Where the space will be, and what its card says.

use leptos::prelude::*;
use spaces::manifest::{Accent, Visibility};

use super::controls::{area, line};
use super::form::Form;
use crate::texts::publisher::form as texts;
use crate::texts::visibility as words;

const VISIBILITIES: [(Visibility, &str); 3] = [
    (Visibility::Public, words::PUBLIC),
    (Visibility::Unlisted, words::UNLISTED),
    (Visibility::Private, words::PRIVATE),
];

/// Owner, name, title and the rest of what is not about the model; `tasks` are suggestions.
pub fn details(form: Form, tasks: Vec<String>) -> AnyView {
    let options = tasks.into_iter().map(|task| view! { <option value=task></option> }).collect_view();
    let choice = |(visibility, title): (Visibility, &'static str)| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="new-visibility"
                    prop:checked=move || form.visibility.get() == visibility
                    on:change=move |_| form.visibility.set(visibility)
                />
                {title}
            </label>
        }
    };
    view! {
        <fieldset class="panel part">
            <legend>{texts::SPACE}</legend>
            <div class="pair">
                {line("new-owner", texts::OWNER, texts::OWNER_HELP, form.owner)}
                {line("new-name", texts::NAME, texts::NAME_HELP, form.name)}
            </div>
            {line("new-title", texts::TITLE, "", form.title)}
            {area("new-description", texts::DESCRIPTION, texts::DESCRIPTION_HELP, 3, form.description)}
            <div class="pair">
                {line("new-emoji", texts::EMOJI, texts::EMOJI_HELP, form.emoji)}
                {line("new-license", texts::LICENCE, texts::LICENCE_HELP, form.license)}
            </div>
            <div class="pair">
                <div class="field">
                    <label class="field-label" for="new-task">{texts::TASK}</label>
                    <p class="field-info" id="new-task-info">{texts::TASK_HELP}</p>
                    <input
                        class="control"
                        type="text"
                        id="new-task"
                        list="new-tasks"
                        autocomplete="off"
                        aria-describedby="new-task-info"
                        prop:value=move || form.task.get()
                        on:input:target=move |event| form.task.set(event.target().value())
                    />
                    <datalist id="new-tasks">{options}</datalist>
                </div>
                {line("new-tags", texts::TAGS, texts::TAGS_HELP, form.tags)}
            </div>
            {accents(form)}
            <div class="field" role="radiogroup" aria-labelledby="new-visibility">
                <span class="field-label" id="new-visibility">{words::WHO_MAY_SEE}</span>
                <div class="choices">{VISIBILITIES.map(choice).into_iter().collect_view()}</div>
            </div>
        </fieldset>
    }
    .into_any()
}

/// The colours, each beside its name.
fn accents(form: Form) -> AnyView {
    let choice = |accent: Option<Accent>| {
        view! {
            <label class="choice" data-accent=accent.map(Accent::as_str)>
                <input
                    type="radio"
                    name="new-accent"
                    prop:checked=move || form.accent.get() == accent
                    on:change=move |_| form.accent.set(accent)
                />
                <span class="swatch" aria-hidden="true"></span>
                {texts::accent(accent)}
            </label>
        }
    };
    let choices = [None].into_iter().chain(Accent::ALL.map(Some)).map(choice).collect_view();
    view! {
        <div class="field" role="radiogroup" aria-labelledby="new-accent">
            <span class="field-label" id="new-accent">{texts::ACCENT}</span>
            <div class="choices">{choices}</div>
        </div>
    }
    .into_any()
}

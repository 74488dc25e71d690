//! Where the space will be, and what its card says.

use leptos::prelude::*;
use spaces::manifest::Visibility;

use super::controls::{area, line};
use super::form::Form;

const VISIBILITIES: [(Visibility, &str); 3] =
    [(Visibility::Public, "Public"), (Visibility::Unlisted, "Unlisted"), (Visibility::Private, "Private")];

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
            <legend>"The space"</legend>
            <div class="pair">
                {line("new-owner", "Owner", "A person or team.", form.owner)}
                {line("new-name", "Name", "Lower case, with hyphens.", form.name)}
            </div>
            {line("new-title", "Title", "", form.title)}
            {area("new-description", "Description", "Markdown. The first paragraph is on its card.", 3, form.description)}
            <div class="pair">
                {line("new-emoji", "Emoji", "One, for its card.", form.emoji)}
                {line("new-license", "Licence", "Such as Apache-2.0.", form.license)}
            </div>
            <div class="pair">
                <div class="field">
                    <label class="field-label" for="new-task">"Task"</label>
                    <p class="field-info" id="new-task-info">"Hugging Face's word for it."</p>
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
                {line("new-tags", "Tags", "With commas between them.", form.tags)}
            </div>
            <div class="field" role="radiogroup" aria-labelledby="new-visibility">
                <span class="field-label" id="new-visibility">"Who may see it"</span>
                <div class="choices">{VISIBILITIES.map(choice).into_iter().collect_view()}</div>
            </div>
        </fieldset>
    }
    .into_any()
}

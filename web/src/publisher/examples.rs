//! Sets of inputs that visitors load with a click: taken from what the preview holds.

use std::collections::BTreeMap;

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use serde_json::Value as Json;
use spaces::manifest::ExampleSpec;

use super::form::Form;
use crate::state::{EndpointState, PageState, Part, Picked};
use crate::texts::{common, errors, publisher::form as texts};

/// Files that examples need and that lie in no folder yet, with their paths in the bundle.
pub type Files = RwSignal<SendWrapper<Vec<(String, web_sys::File)>>>;

/// The examples, and a button that makes one of the preview's inputs.
pub fn examples(form: Form, files: Files, page: Signal<Option<PageState>>) -> AnyView {
    let refused = RwSignal::new(None::<String>);
    let add = move |_| {
        let Some(state) = page.get_untracked().and_then(|page| page.endpoints().into_iter().next()) else { return };
        match example(state, files) {
            Ok(example) => {
                form.examples.update(|examples| examples.push(example));
                refused.set(None);
            }
            Err(message) => refused.set(Some(message)),
        }
    };
    let item = move |(index, example): (usize, ExampleSpec)| {
        let title = example.title.clone().unwrap_or_default();
        let set_title = move |text: String| {
            form.examples.update(|examples| {
                if let Some(example) = examples.get_mut(index) {
                    example.title = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
                }
            });
        };
        let remove = move |_| form.examples.update(|examples| drop(examples.remove(index)));
        let values: Vec<String> =
            example.inputs.iter().map(|(name, value)| format!("{name} {}", shown(value))).collect();
        view! {
            <li class="example-row">
                <input
                    class="control"
                    type="text"
                    autocomplete="off"
                    placeholder=texts::TITLE
                    aria-label=texts::example_title(index + 1)
                    value=title
                    on:change:target=move |event| set_title(event.target().value())
                />
                <span class="muted">{values.join(" · ")}</span>
                <button type="button" class="quiet icon" aria-label=texts::remove_example(index + 1) on:click=remove>"×"</button>
            </li>
        }
    };
    view! {
        <fieldset class="panel part">
            <legend>{common::EXAMPLES}</legend>
            <p class="field-info">{texts::EXAMPLES_HELP}</p>
            <ul>{move || form.examples.get().into_iter().enumerate().map(item).collect_view()}</ul>
            <div class="run">
                <button type="button" class="quiet" on:click=add>{texts::ADD_EXAMPLE}</button>
                <span class="field-error" role="alert">{move || refused.get()}</span>
            </div>
        </fieldset>
    }
    .into_any()
}

/// What is entered now, as an example; the author's own files go into the bundle.
fn example(state: EndpointState, files: Files) -> Result<ExampleSpec, String> {
    let mut inputs = BTreeMap::new();
    for (position, field) in state.with(|endpoint| endpoint.inputs.clone()).iter().enumerate() {
        let Some(draft) = state.input(position) else { continue };
        let part = draft.with_untracked(|draft| draft.part(field));
        let value = match part.map_err(|message| errors::of_input(&field.label, &message))? {
            Part::Absent => continue,
            Part::Json(value) => value,
            Part::Files { files: picked, multiple } => {
                let paths: Vec<Json> = picked.iter().map(|file| Json::String(kept(file, files))).collect();
                match multiple {
                    true => Json::Array(paths),
                    false => paths.into_iter().next().unwrap_or(Json::Null),
                }
            }
        };
        inputs.insert(field.name.clone(), value);
    }
    Ok(ExampleSpec { title: None, endpoint: None, inputs })
}

/// The file as an example names it.
fn kept(picked: &Picked, files: Files) -> String {
    let Some(file) = picked.local_file() else { return format!("@{}", picked.name) };
    let path = format!("examples/{}", picked.name);
    files.update(|files| {
        if !files.iter().any(|(other, _)| *other == path) {
            files.push((path.clone(), file.clone()));
        }
    });
    format!("@{path}")
}

fn shown(value: &Json) -> String {
    match value {
        Json::String(text) => text.chars().take(40).collect(),
        other => other.to_string().chars().take(40).collect(),
    }
}

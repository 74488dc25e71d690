//! What calls change of the page besides their own outputs: values, choices, and what is seen.

use serde_json::Value as Json;

use leptos::prelude::*;

use super::{Draft, EndpointState, PageState, Part};

/// What is changed of an input or output.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldChange {
    pub hidden: bool,
    /// In place of the component's own.
    pub choices: Option<Vec<String>>,
}

/// Makes the changes of an answer, `{"endpoint.field": {"value", "visible", "choices"}}`; what is not there is left out.
pub fn apply(page: PageState, updates: &Json) {
    let Some(targets) = updates.as_object() else { return };
    for (path, change) in targets {
        let Some((state, name)) = page.locate(path) else { continue };
        let Some(changed) = state.change(&name) else { continue };
        let choices = change.get("choices").and_then(Json::as_array);
        let choices: Option<Vec<String>> =
            choices.map(|choices| choices.iter().filter_map(|choice| Some(choice.as_str()?.to_owned())).collect());
        if choices.is_some() && changed.with_untracked(|changed| changed.choices != choices) {
            changed.update(|changed| changed.choices = choices);
        }
        let hidden = change.get("visible").and_then(Json::as_bool).map(|visible| !visible);
        if let Some(hidden) = hidden.filter(|hidden| changed.with_untracked(|changed| changed.hidden != *hidden)) {
            changed.update(|changed| changed.hidden = hidden);
        }
        if let Some(value) = change.get("value") {
            set(state, &name, value);
        }
    }
}

/// Enters a value, or shows it. An input that has it already is left alone: its change may be what has made the call.
fn set(state: EndpointState, name: &str, value: &Json) {
    let Some((field, input)) = state.input_named(name) else {
        if let Some((_, output)) = state.output_named(name) {
            output.set(Some(value.clone()).filter(|value| !value.is_null()));
        }
        return;
    };
    let is_there = input.with_untracked(|draft| matches!(draft.part(&field), Ok(Part::Json(now)) if now == *value));
    let draft = match value {
        Json::Null => Some(Draft::initial(&field)),
        value => Draft::from_json(&field, value),
    };
    if let (false, Some(draft)) = (is_there, draft) {
        input.set(draft);
    }
}

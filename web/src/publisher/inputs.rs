//! The inputs of an ONNX model in the form.

use leptos::prelude::*;

use super::controls::{area, line, menu};
use super::input_form::{FEATURE_KINDS, InputForm, PIXEL_RANGES};

const YES_OR_NO: [(&str, &str); 2] = [("", "Off"), ("yes", "On")];

/// One fold for each input.
pub fn inputs(inputs: Vec<InputForm>) -> Option<AnyView> {
    if inputs.is_empty() {
        return None;
    }
    // A long row of numbers folds, so that one sees which there are.
    let open = inputs.len() <= 2;
    let folds = inputs.into_iter().enumerate().map(|(index, input)| fold(index, input, open)).collect_view();
    Some(view! { <fieldset class="panel part"><legend>"Inputs"</legend>{folds}</fieldset> }.into_any())
}

fn fold(index: usize, input: InputForm, open: bool) -> AnyView {
    let id = |key: &str| format!("new-input-{index}-{key}");
    let title = move || match input.label.get() {
        label if label.trim().is_empty() => input.name.get(),
        label => label,
    };
    let kind = input.is_feature().then(|| menu(&id("kind"), "Drawn as", &FEATURE_KINDS, input.kind));
    let pixels = input.is_picture().then(|| menu(&id("pixels"), "Pixel values", &PIXEL_RANGES, input.pixels));
    let range = {
        let (minimum, maximum) =
            (line(&id("minimum"), "Minimum", "", input.minimum), line(&id("maximum"), "Maximum", "", input.maximum));
        let (step, default) =
            (line(&id("step"), "Step", "", input.step), line(&id("default"), "Default", "", input.default));
        let hidden = move || !matches!(input.kind.get().as_str(), "number" | "slider");
        view! { <div class="quad" hidden=hidden>{minimum}{maximum}{step}{default}</div> }
    };
    let choices = {
        let hidden = move || input.kind.get() != "dropdown";
        let area = area(
            &id("choices"),
            "Choices",
            "One a line. The model gets 0, 1, 2 …; or write: choice = number.",
            3,
            input.choices,
        );
        view! { <div hidden=hidden>{area}</div> }
    };
    let tick = {
        let hidden = move || input.kind.get() != "checkbox";
        view! { <div hidden=hidden>{menu(&id("tick"), "At first", &YES_OR_NO, input.default)}</div> }
    };
    let features = input.is_feature().then(|| view! { {range}{choices}{tick} });
    view! {
        <details class="fold" open=open>
            <summary>{title}</summary>
            <div class="pair">
                {line(&id("name"), "Name", "For programs.", input.name)}
                {line(&id("label"), "Label", "For people.", input.label)}
            </div>
            {line(&id("info"), "Help", "", input.info)}
            {kind}
            {features}
            {pixels}
        </details>
    }
    .into_any()
}

//! The inputs of an ONNX model in the form.

use leptos::prelude::*;

use super::controls::{area, line, menu};
use super::input_form::{FEATURE_KINDS, InputForm, PIXEL_RANGES};
use crate::texts::publisher::form as texts;

const YES_OR_NO: [(&str, &str); 2] = [("", texts::OFF), ("yes", texts::ON)];

/// One fold for each input.
pub fn inputs(inputs: Vec<InputForm>) -> Option<AnyView> {
    if inputs.is_empty() {
        return None;
    }
    // A long row of numbers folds, so that one sees which there are.
    let open = inputs.len() <= 2;
    let folds = inputs.into_iter().enumerate().map(|(index, input)| fold(index, input, open)).collect_view();
    Some(view! { <fieldset class="panel part"><legend>{texts::INPUTS}</legend>{folds}</fieldset> }.into_any())
}

fn fold(index: usize, input: InputForm, open: bool) -> AnyView {
    let id = |key: &str| format!("new-input-{index}-{key}");
    let title = move || match input.label.get() {
        label if label.trim().is_empty() => input.name.get(),
        label => label,
    };
    let kind = input.is_feature().then(|| menu(&id("kind"), texts::DRAWN_AS, &FEATURE_KINDS, input.kind));
    let pixels = input.is_picture().then(|| menu(&id("pixels"), texts::PIXEL_VALUES, &PIXEL_RANGES, input.pixels));
    let range = {
        let (minimum, maximum) = (
            line(&id("minimum"), texts::MINIMUM, "", input.minimum),
            line(&id("maximum"), texts::MAXIMUM, "", input.maximum),
        );
        let (step, default) =
            (line(&id("step"), texts::STEP, "", input.step), line(&id("default"), texts::DEFAULT, "", input.default));
        let hidden = move || !matches!(input.kind.get().as_str(), "number" | "slider");
        view! { <div class="quad" hidden=hidden>{minimum}{maximum}{step}{default}</div> }
    };
    let choices = {
        let hidden = move || input.kind.get() != "dropdown";
        let area = area(&id("choices"), texts::CHOICES, texts::CHOICES_HELP, 3, input.choices);
        view! { <div hidden=hidden>{area}</div> }
    };
    let tick = {
        let hidden = move || input.kind.get() != "checkbox";
        view! { <div hidden=hidden>{menu(&id("tick"), texts::AT_FIRST, &YES_OR_NO, input.default)}</div> }
    };
    let features = input.is_feature().then(|| view! { {range}{choices}{tick} });
    view! {
        <details class="fold" open=open>
            <summary>{title}</summary>
            <div class="pair">
                {line(&id("name"), texts::NAME, texts::FIELD_NAME_HELP, input.name)}
                {line(&id("label"), texts::LABEL, texts::LABEL_HELP, input.label)}
            </div>
            {line(&id("info"), texts::HELP, "", input.info)}
            {kind}
            {features}
            {pixels}
        </details>
    }
    .into_any()
}

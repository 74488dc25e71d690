//! The outputs of an ONNX model in the form.

use leptos::prelude::*;

use super::controls::{area, line, menu};
use super::output_form::{OutputForm, TENSOR_KINDS};
use crate::texts::publisher::form as texts;

/// One fold for each output.
pub fn outputs(outputs: Vec<OutputForm>) -> Option<AnyView> {
    if outputs.is_empty() {
        return None;
    }
    let open = outputs.len() <= 2;
    let folds = outputs.into_iter().enumerate().map(|(index, output)| fold(index, output, open)).collect_view();
    Some(view! { <fieldset class="panel part"><legend>{texts::OUTPUTS}</legend>{folds}</fieldset> }.into_any())
}

fn fold(index: usize, output: OutputForm, open: bool) -> AnyView {
    let id = |key: &str| format!("new-output-{index}-{key}");
    let title = move || match output.label.get() {
        label if label.trim().is_empty() => output.name.get(),
        label => label,
    };
    let kind = (!output.kind.with_untracked(String::is_empty))
        .then(|| menu(&id("kind"), texts::DRAWN_AS, &TENSOR_KINDS, output.kind));
    let words = area(&id("words"), texts::NAMES, texts::NAMES_HELP, 3, output.words);
    let is_label = move || output.kind.get() == "label";
    view! {
        <details class="fold" open=open>
            <summary>{title}</summary>
            <div class="pair">
                {line(&id("name"), texts::NAME, texts::FIELD_NAME_HELP, output.name)}
                {line(&id("label"), texts::LABEL, texts::LABEL_HELP, output.label)}
            </div>
            {line(&id("info"), texts::HELP, "", output.info)}
            {kind}
            <div hidden=move || !matches!(output.kind.get().as_str(), "label" | "table")>{words}</div>
            <div class="pair" hidden=move || !is_label()>
                {line(&id("top"), texts::CLASSES_SHOWN, texts::CLASSES_SHOWN_HELP, output.top)}
                <label class="choice">
                    <input
                        type="checkbox"
                        prop:checked=move || output.softmax.get()
                        on:change:target=move |event| output.softmax.set(event.target().checked())
                    />
                    {texts::GIVES_LOGITS}
                </label>
            </div>
        </details>
    }
    .into_any()
}

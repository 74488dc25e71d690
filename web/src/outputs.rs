//! Draws any output from its field and the JSON of the answer.

mod json;
mod label;
mod media;
mod table;
mod tensor;
mod text;

use leptos::prelude::*;
use serde_json::Value as Json;
use spaces::interface::{Component, Field};

/// One output of an endpoint; a dashed place before the first answer.
#[component]
pub fn OutputView(field: Field, value: RwSignal<Option<Json>>) -> impl IntoView {
    let component = field.component.clone();
    let shown = move || match value.get() {
        None => view! { <p class="nothing">{waiting(&component)}</p> }.into_any(),
        Some(value) => draw(&component, &value),
    };
    view! {
        <section class="field output" aria-label=field.label.clone()>
            <span class="field-label">{field.label.clone()}</span>
            <p class="field-info">{field.info.clone()}</p>
            {shown}
        </section>
    }
    .into_any()
}

/// An answer that does not fit its component is shown as the JSON that it is.
fn draw(component: &Component, value: &Json) -> AnyView {
    let drawn = match component {
        Component::Label { top } => label::label(value, *top),
        Component::Number(_) | Component::Slider(_) => text::number(value),
        Component::Checkbox => text::flag(value),
        Component::Textbox { .. } | Component::Radio { .. } | Component::Dropdown { multiselect: false, .. } => {
            text::text(value)
        }
        Component::CheckboxGroup { .. } | Component::Dropdown { multiselect: true, .. } => text::list(value),
        Component::Markdown => text::markdown(value),
        Component::Code { language } => text::code(value, language.as_deref()),
        Component::Dataframe { .. } => table::table(value),
        Component::Tensor { .. } => tensor::tensor(value),
        Component::Image | Component::Audio | Component::Video | Component::File { .. } | Component::Gallery => {
            media::media(value)
        }
        Component::Json => None,
    };
    drawn.unwrap_or_else(|| json::json(value))
}

fn waiting(component: &Component) -> &'static str {
    match component {
        Component::Image => "The image will appear here.",
        Component::Label { .. } => "The answer will appear here, most likely first.",
        Component::Dataframe { .. } => "The table will appear here.",
        _ => "The answer will appear here.",
    }
}

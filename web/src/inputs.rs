//! Draws any input from its field: label, help, the widget of its kind, and the message when it is wrong.

mod chat;
mod choices;
mod color;
mod datetime;
mod drawn;
mod grid;
mod media;
mod number;
mod search;
mod text;

use leptos::prelude::*;
use spaces::interface::{Component, Field, ValueKind};

use crate::signature;
use crate::state::{Draft, EndpointState};
use crate::texts::{common, inputs as texts};

/// Menus with more choices are searched by typing.
const MAX_MENU_CHOICES: usize = 12;

/// What every widget is given.
#[derive(Clone)]
struct Widget {
    /// The element's id, to which label, help and message refer.
    id: String,
    state: EndpointState,
    field: Field,
    draft: RwSignal<Draft>,
    /// The message to show, where the input is wrong.
    error: Signal<Option<String>>,
    /// The ids of help and message.
    described_by: String,
}

/// One input of an endpoint.
#[component]
pub fn InputView(state: EndpointState, field: Field, draft: RwSignal<Draft>) -> impl IntoView {
    let name = field.name.clone();
    let id = format!("{}-{}", state.name(), field.name);
    let widget = Widget {
        error: Signal::derive(move || state.field_error(&name)),
        described_by: format!("{id}-info {id}-error"),
        id: id.clone(),
        state,
        field: field.clone(),
        draft,
    };
    let error = widget.error;
    let info = field.info.clone().or_else(|| hint(&field.component));
    let mark = field.optional.then(|| view! { <span class="optional">{common::OPTIONAL}</span> });
    let label = field.label.clone();
    let heading = match field.component {
        // Its label stands beside the tick.
        Component::Checkbox => ().into_any(),
        ref component if has_single_control(component) => {
            view! { <label class="field-label" for=id.clone()>{label}{mark}</label> }.into_any()
        }
        _ => view! { <span class="field-label" id=format!("{id}-label")>{label}{mark}</span> }.into_any(),
    };
    let change = state.change(&field.name);
    let hidden = move || change.is_some_and(|change| change.with(|change| change.hidden));
    let control = match change.filter(|_| has_choices(&field.component)) {
        None => control(widget),
        Some(change) => {
            let choices = Memo::new(move |_| change.with(|change| change.choices.clone()));
            let changed = move || {
                let mut widget = widget.clone();
                if let Some(choices) = choices.get() {
                    set_choices(&mut widget.field.component, choices);
                }
                control(widget)
            };
            changed.into_any()
        }
    };
    view! {
        <div class="field" class:invalid=move || error.get().is_some() hidden=hidden>
            {heading}
            <p class="field-info" id=format!("{id}-info")>{info}</p>
            {control}
            <p class="field-error" id=format!("{id}-error") role="alert">{move || error.get()}</p>
        </div>
    }
    .into_any()
}

fn has_choices(component: &Component) -> bool {
    matches!(component, Component::CheckboxGroup { .. } | Component::Dropdown { .. } | Component::Radio { .. })
}

fn set_choices(component: &mut Component, new: Vec<String>) {
    if let Component::CheckboxGroup { choices } | Component::Dropdown { choices, .. } | Component::Radio { choices } =
        component
    {
        *choices = new;
    }
}

fn control(widget: Widget) -> AnyView {
    match widget.field.component.clone() {
        Component::Textbox { lines, placeholder, max_length, text_type, .. } => {
            text::textbox(widget, text::Form { lines, placeholder, max_length, text_type })
        }
        Component::Number(_) => number::number(widget),
        Component::Slider(range) => number::slider(widget, range),
        Component::Checkbox => choices::checkbox(widget),
        Component::CheckboxGroup { choices } => choices::group(widget, choices),
        Component::Dropdown { choices, multiselect: true, allow_custom_value, .. } => {
            search::chips(widget, choices, allow_custom_value)
        }
        Component::Dropdown { choices, allow_custom_value, filterable, .. } => {
            match allow_custom_value || (filterable && choices.len() > MAX_MENU_CHOICES) {
                true => search::search(widget, choices),
                false => choices::menu(widget, choices),
            }
        }
        Component::Radio { choices } => choices::radio(widget, choices),
        Component::ColorPicker => color::color(widget),
        Component::DateTime { include_time, timezone } => datetime::datetime(widget, include_time, timezone),
        Component::Chatbot => chat::message(widget),
        Component::Dataframe { .. } => grid::grid(widget),
        Component::HighlightedText { .. } => drawn::highlighted(widget),
        Component::Map => drawn::map(widget),
        Component::Code { .. } => text::source(widget, 8),
        Component::Tensor { .. } => text::source(widget, 4),
        component if component.takes_media() => media::files(widget),
        component if component.value_kind() == ValueKind::Json => text::source(widget, 6),
        // A classification makes no sense as an input; it is taken as text.
        _ => text::textbox(widget, text::Form { lines: 6, ..text::Form::default() }),
    }
}

/// True where one element takes the label; groups and drop zones label themselves.
fn has_single_control(component: &Component) -> bool {
    let is_group = matches!(
        component,
        Component::Radio { .. } | Component::Dataframe { .. } | Component::HighlightedText { .. } | Component::Map
    );
    !is_group && component.value_kind() != ValueKind::Texts
}

/// Help that follows from the component itself.
fn hint(component: &Component) -> Option<String> {
    match component {
        Component::Tensor { dtype, shape } => Some(texts::tensor_help(&signature::tensor(*dtype, shape))),
        _ => None,
    }
}

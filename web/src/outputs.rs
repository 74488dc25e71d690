//! Draws any output from its field and the JSON of the answer.

mod annotated;
mod chat;
mod color;
mod compare;
mod download;
mod drawing;
mod gallery;
mod highlighted;
mod html;
mod json;
mod label;
mod map;
mod media;
mod metric;
mod model3d;
mod palette;
mod place;
mod plot;
mod table;
mod tensor;
mod text;

use leptos::html::Div;
use leptos::prelude::*;
use serde_json::Value as Json;
use spaces::interface::{Component, Field, ValueKind};

use self::drawing::Drawing;
use self::place::{Action, Place};
use crate::state::{EndpointState, PageState, events, selection};
use crate::texts::outputs as texts;

/// One output of an endpoint; a dashed place before the first answer.
#[component]
pub fn OutputView(state: EndpointState, field: Field, value: RwSignal<Option<Json>>) -> impl IntoView {
    if field.component == Component::Updates {
        return ().into_any();
    }
    let component = field.component;
    let path = StoredValue::new(format!("{}.{}", state.name(), field.name));
    let page = use_context::<PageState>();
    let selectable = page.filter(|page| path.with_value(|path| page.has_select(path)));
    let select = move |selection: Option<Json>| {
        if let (Some(page), Some(selection)) = (selectable, selection) {
            path.with_value(|path| events::select(page, path, &selection));
        }
    };
    let change = state.change(&field.name);
    let hidden = move || change.is_some_and(|change| change.with(|change| change.hidden));

    let answer = NodeRef::<Div>::new();
    let nothing = waiting(&component);
    let place = StoredValue::new_local(Place::of(nothing.clone()));
    let before = nothing.markup.clone();
    Effect::new(move || {
        let drawing = value.with(|value| match value {
            Some(value) => draw(&component, value, state),
            None => nothing.clone(),
        });
        if let Some(answer) = answer.get() {
            place.update_value(|place| place.show(&answer, drawing));
        }
    });
    let on_click = move |event: web_sys::MouseEvent| {
        let action = place.with_value(|place| place.click(&event));
        if let (Some(Action::Retry), Some(page), false) = (action, page, state.is_running()) {
            state.ask_again(page);
        }
        if selectable.is_some() {
            select(selection::of_click(&event));
        }
    };
    let on_select = move |event: web_sys::Event| {
        if selectable.is_some() {
            select(value.with_untracked(|value| selection::of_element(&event, value.as_ref())));
        }
    };
    view! {
        <section
            class="field output"
            class:selectable=selectable.is_some()
            aria-label=field.label.clone()
            hidden=hidden
            on:click=on_click
            on:select=on_select
        >
            <span class="field-label">{field.label.clone()}</span>
            <p class="field-info">{field.info.clone()}</p>
            <div class="drawing" node_ref=answer inner_html=before></div>
        </section>
    }
    .into_any()
}

/// An answer that does not fit its component is shown as the JSON that it is.
fn draw(component: &Component, value: &Json, state: EndpointState) -> Drawing {
    let mut drawing = Drawing::default();
    if draw_component(component, value, state, &mut drawing).is_none() {
        drawing = Drawing::default();
        json::json(value, &mut drawing);
    }
    drawing
}

fn draw_component(component: &Component, value: &Json, state: EndpointState, out: &mut Drawing) -> Option<()> {
    match component {
        Component::Textbox { copy, text_type, .. } => text::textbox(value, *copy, *text_type, out),
        Component::Markdown => text::markdown(value, out),
        Component::Code { language } => text::code(value, language.as_deref(), out),
        Component::Html => html::html(value, out),
        Component::ColorPicker => color::color(value, out),
        Component::HighlightedText { show_legend, combine_adjacent } => {
            highlighted::highlighted(value, *show_legend, *combine_adjacent, out)
        }
        Component::Chatbot => chat::chat(value, state.has_chat_input(), out),
        Component::Metric { unit } => metric::metric(value, unit.as_deref(), out),
        Component::Plot => plot::plot(value, out),
        Component::LinePlot(axes) => plot::chart(value, axes, "line", out),
        Component::BarPlot(axes) => plot::chart(value, axes, "bar", out),
        Component::ScatterPlot(axes) => plot::chart(value, axes, "point", out),
        Component::Map => map::map(value, out),
        Component::AnnotatedImage => annotated::annotated(value, out),
        Component::ImageSlider => compare::compare(value, out),
        Component::Gallery => gallery::gallery(value, out),
        Component::DownloadButton => download::download(value, out),
        Component::Model3D => model3d::model(value, out),
        Component::Label { top } => label::label(value, *top, out),
        _ => match component.value_kind() {
            ValueKind::Text => text::text(value, out),
            ValueKind::Texts => text::list(value, out),
            ValueKind::Number => text::number(value, out),
            ValueKind::Boolean => text::flag(value, out),
            ValueKind::Media | ValueKind::Medias => media::media(value, out),
            ValueKind::Table => table::table(value, out),
            ValueKind::Tensor => tensor::tensor(value, out),
            ValueKind::Json | ValueKind::Label => None,
        },
    }
}

/// What stands in the place of an answer that has not come yet.
fn waiting(component: &Component) -> Drawing {
    let text = match component {
        Component::Image { .. } => texts::IMAGE_TO_COME,
        Component::Label { .. } => texts::CLASSES_TO_COME,
        Component::Chatbot => texts::CONVERSATION_TO_COME,
        component if component.value_kind() == ValueKind::Table => texts::TABLE_TO_COME,
        _ => texts::ANSWER_TO_COME,
    };
    // As high as what will come, which then moves nothing.
    let is_tall = matches!(
        component,
        Component::Plot | Component::LinePlot(_) | Component::BarPlot(_) | Component::ScatterPlot(_) | Component::Map
    );
    let mut drawing = Drawing::default();
    drawing.raw(if is_tall { "<p class=\"nothing tall\">" } else { "<p class=\"nothing\">" });
    drawing.text(text).raw("</p>");
    drawing
}

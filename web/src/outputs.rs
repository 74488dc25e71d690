//! Draws any output from its field and the JSON of the answer.

mod annotated;
mod chat;
mod color;
mod compare;
mod download;
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
mod plot;
mod table;
mod tensor;
mod text;

use leptos::prelude::*;
use serde_json::Value as Json;
use spaces::interface::{Component, Field, ValueKind};

use crate::state::{EndpointState, PageState, events, selection};

/// One output of an endpoint; a dashed place before the first answer.
#[component]
pub fn OutputView(state: EndpointState, field: Field, value: RwSignal<Option<Json>>) -> impl IntoView {
    if field.component == Component::Updates {
        return ().into_any();
    }
    let component = field.component.clone();
    let path = StoredValue::new(format!("{}.{}", state.name(), field.name));
    let page = use_context::<PageState>().filter(|page| path.with_value(|path| page.has_select(path)));
    let select = move |selection: Option<Json>| {
        if let (Some(page), Some(selection)) = (page, selection) {
            path.with_value(|path| events::select(page, path, &selection));
        }
    };
    let on_click = move |event: web_sys::MouseEvent| {
        if page.is_some() {
            select(selection::of_click(&event));
        }
    };
    let on_select = move |event: web_sys::Event| {
        if page.is_some() {
            select(value.with_untracked(|value| selection::of_element(&event, value.as_ref())));
        }
    };
    let change = state.change(&field.name);
    let hidden = move || change.is_some_and(|change| change.with(|change| change.hidden));
    let shown = move || match value.get() {
        None => view! { <p class="nothing">{waiting(&component)}</p> }.into_any(),
        Some(value) => draw(&component, &value, state),
    };
    view! {
        <section
            class="field output"
            class:selectable=page.is_some()
            aria-label=field.label.clone()
            hidden=hidden
            on:click=on_click
            on:select=on_select
        >
            <span class="field-label">{field.label.clone()}</span>
            <p class="field-info">{field.info.clone()}</p>
            {shown}
        </section>
    }
    .into_any()
}

/// An answer that does not fit its component is shown as the JSON that it is.
fn draw(component: &Component, value: &Json, state: EndpointState) -> AnyView {
    let drawn = match component {
        Component::Textbox { copy, text_type, .. } => text::textbox(value, *copy, *text_type),
        Component::Markdown => text::markdown(value),
        Component::Code { language } => text::code(value, language.as_deref()),
        Component::Html => html::html(value),
        Component::ColorPicker => color::color(value),
        Component::HighlightedText { show_legend, combine_adjacent } => {
            highlighted::highlighted(value, *show_legend, *combine_adjacent)
        }
        Component::Chatbot => chat::chat(value, state),
        Component::Metric { unit } => metric::metric(value, unit.as_deref()),
        Component::Plot => plot::plot(value),
        Component::LinePlot(axes) => plot::chart(value, axes, "line"),
        Component::BarPlot(axes) => plot::chart(value, axes, "bar"),
        Component::ScatterPlot(axes) => plot::chart(value, axes, "point"),
        Component::Map => map::map(value),
        Component::AnnotatedImage => annotated::annotated(value),
        Component::ImageSlider => compare::compare(value),
        Component::Gallery => gallery::gallery(value),
        Component::DownloadButton => download::download(value),
        Component::Model3D => model3d::model(value),
        Component::Label { top } => label::label(value, *top),
        _ => match component.value_kind() {
            ValueKind::Text => text::text(value),
            ValueKind::Texts => text::list(value),
            ValueKind::Number => text::number(value),
            ValueKind::Boolean => text::flag(value),
            ValueKind::Media | ValueKind::Medias => media::media(value),
            ValueKind::Table => table::table(value),
            ValueKind::Tensor => tensor::tensor(value),
            ValueKind::Json | ValueKind::Label => None,
        },
    };
    drawn.unwrap_or_else(|| json::json(value))
}

fn waiting(component: &Component) -> &'static str {
    match component {
        Component::Image { .. } => "The image will appear here.",
        Component::Label { .. } => "The answer will appear here, most likely first.",
        Component::Chatbot => "The conversation will appear here.",
        component if component.value_kind() == ValueKind::Table => "The table will appear here.",
        _ => "The answer will appear here.",
    }
}

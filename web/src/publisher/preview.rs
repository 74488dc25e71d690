//! The page as it will be.

use leptos::prelude::*;
use spaces::SpaceId;
use spaces::interface::{Component, Field, Interface, NumberRange};
use spaces::limits::Limits;
use spaces::manifest::{InputKind, InputSpec, Manifest, OutputKind, OutputSpec};
use spaces::value::Value;

use crate::components::{EndpointForm, Layout};
use crate::state::{PageState, SpacePage, SpaceTab};

/// Draws the interface with the components of the space's own page; nothing can be run before it is published.
pub fn preview(page: PageState, interface: &Interface) -> AnyView {
    provide_context(page);
    let app = match interface.layout.is_empty() {
        false => view! { <Layout nodes=interface.layout.clone() /> }.into_any(),
        true => {
            page.endpoints().into_iter().map(|state| view! { <EndpointForm state=state /> }).collect_view().into_any()
        }
    };
    view! {
        <h3 class="preview-title">{interface.title.clone()}</h3>
        <vitrine-markdown prop:value=interface.documentation.clone()></vitrine-markdown>
        {app}
    }
    .into_any()
}

/// The state behind a preview.
pub fn page_state(id: Option<SpaceId>, interface: Interface) -> Option<PageState> {
    let limits = Limits {
        memory_bytes: 0,
        deadline_seconds: 0.0,
        concurrency: 1,
        max_body_bytes: u64::from(u32::MAX),
        max_log_bytes: 0,
    };
    let id = id.or_else(|| SpaceId::new("you", "untitled").ok())?;
    Some(PageState::new(SpacePage {
        id,
        interface,
        limits,
        flagging: None,
        origin: String::new(),
        tab: SpaceTab::App,
        admin: false,
        embedded: true,
        preview: None,
    }))
}

/// The interface that `manifest` would make of the one that was inspected.
pub fn interface(inspected: &Interface, manifest: &Manifest) -> Interface {
    let mut interface = inspected.clone();
    if let Some(title) = &manifest.title {
        interface.title.clone_from(title);
    }
    if let Some(description) = &manifest.description {
        interface.documentation.clone_from(description);
    }
    for endpoint in &mut interface.endpoints {
        // They stand in the form, and their files are not on the server yet.
        endpoint.examples.clear();
        for (field, spec) in endpoint.inputs.iter_mut().zip(&manifest.inputs) {
            input(field, spec);
        }
        for (field, spec) in endpoint.outputs.iter_mut().zip(&manifest.outputs) {
            output(field, spec);
        }
    }
    interface
}

fn input(field: &mut Field, spec: &InputSpec) {
    name(field, &spec.name, spec.label.as_ref(), spec.info.as_ref());
    let range = |minimum: Option<f64>, maximum: Option<f64>, step: Option<f64>| NumberRange { minimum, maximum, step };
    match &spec.kind {
        InputKind::Number { minimum, maximum, step, default } => {
            field.component = Component::Number(range(*minimum, *maximum, *step));
            field.default = default.map(Value::Number);
        }
        InputKind::Slider { minimum, maximum, step, default } => {
            field.component = Component::Slider(range(Some(*minimum), Some(*maximum), *step));
            field.default = default.map(Value::Number);
        }
        InputKind::Dropdown { choices, default, .. } => {
            field.component = Component::dropdown(choices.clone(), false);
            field.default = default.clone().map(Value::Text);
        }
        InputKind::Checkbox { default } => {
            field.component = Component::Checkbox;
            field.default = Some(Value::Boolean(*default));
        }
        InputKind::Image(_) | InputKind::Text(_) | InputKind::Tensor {} => {}
    }
}

fn output(field: &mut Field, spec: &OutputSpec) {
    name(field, &spec.name, spec.label.as_ref(), spec.info.as_ref());
    match (&spec.kind, &field.component) {
        (OutputKind::Label { top, .. }, _) => field.component = Component::Label { top: *top },
        (OutputKind::Number { .. }, _) => field.component = Component::Number(NumberRange::default()),
        (OutputKind::Table { headers }, _) => field.component = Component::dataframe(headers.clone()),
        (OutputKind::Image { .. }, _) => field.component = Component::image(),
        (OutputKind::Tensor {} | OutputKind::Embedding { .. } | OutputKind::Similarity { .. }, _) => {}
    }
}

fn name(field: &mut Field, name: &str, label: Option<&String>, info: Option<&String>) {
    name.clone_into(&mut field.name);
    field.label = label.cloned().unwrap_or_else(|| label_for(name));
    field.info = info.cloned();
}

/// `sepal_length` → `Sepal length`, as the runner does it.
fn label_for(name: &str) -> String {
    let text = name.replace('_', " ");
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

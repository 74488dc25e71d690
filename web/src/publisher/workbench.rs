//! The form beside the page that comes of it.

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use spaces::inspection::Inspection;
use spaces::manifest::Accent;

use super::details::details;
use super::dropped::Dropped;
use super::examples::{Files, examples};
use super::form::Form;
use super::inputs::inputs;
use super::outputs::outputs;
use super::preview::{interface, page_state, preview};
use super::run::Publish;
use crate::texts::publisher as texts;

/// Everything between a look and a space. `published` is set once it is live.
#[component]
pub fn Workbench(
    inspection: Inspection,
    dropped: Dropped,
    tasks: Vec<String>,
    published: RwSignal<bool>,
) -> impl IntoView {
    let form = Form::new(&inspection, &dropped.name);
    let files: Files = RwSignal::new(SendWrapper::new(Vec::new()));
    let inspected = StoredValue::new(inspection.interface.unwrap_or_default());
    let shown = Memo::new(move |_| {
        let manifest = form.manifest();
        (form.id().ok(), inspected.with_value(|inspected| interface(inspected, &manifest)))
    });
    let page = Signal::derive(move || {
        let (id, interface) = shown.get();
        page_state(id, interface)
    });
    // One state for the preview and for the examples that are taken from it.
    let current = RwSignal::new(None);
    let drawn = move || {
        let page = page.get();
        current.set(page);
        page.map(|page| preview(page, &shown.get_untracked().1))
    };
    let toml = Memo::new(move |_| form.manifest().to_toml());
    view! {
        <div class="describe">
            <div class="describe-form">
                {details(form, tasks)}
                {inputs(form.inputs.get_value())}
                {outputs(form.outputs.get_value())}
                {examples(form, files, current.into())}
                <Publish form=form dropped=dropped files=files toml=toml published=published />
            </div>
            <section class="describe-preview" aria-labelledby="preview-title">
                <h2 id="preview-title">{texts::PREVIEW}</h2>
                <p class="muted">{texts::PREVIEW_HELP}</p>
                <div class="preview-page" data-accent=move || form.accent.get().map(Accent::as_str)>{drawn}</div>
            </section>
        </div>
    }
    .into_any()
}

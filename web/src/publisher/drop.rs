//! Where a file or a folder is dropped, or chosen.

use js_sys::Reflect;
use leptos::attr::custom::custom_attribute;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::dropped::Dropped;
use crate::components::marked;
use crate::texts::common::CHOOSE_FILE;
use crate::texts::publisher as texts;

/// A drop zone with a button for files and one for folders.
#[component]
pub fn DropZone(
    on_drop: Callback<Dropped>,
    /// False until the browser has taken over: nothing happens before.
    ready: RwSignal<bool>,
    /// Whether something has been dropped already.
    small: Signal<bool>,
) -> impl IntoView {
    let over = RwSignal::new(false);
    let take = move |event: ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        let Some(transfer) = event.data_transfer() else { return };
        // Both are gone once the event is over.
        let (entries, files) = (entries(&transfer), transfer.files());
        leptos::task::spawn_local(async move {
            if let Some(dropped) = Dropped::from_drop(entries, files).await {
                on_drop.run(dropped);
            }
        });
    };
    let choose = move |input: web_sys::HtmlInputElement| {
        if let Some(dropped) = input.files().as_ref().and_then(Dropped::from_list) {
            on_drop.run(dropped);
        }
        // So that choosing the same file again counts as a change.
        input.set_value("");
    };
    view! {
        <section
            class="drop drop-app"
            class:over=move || over.get()
            class:small=move || small.get()
            aria-label=texts::DROP_LABEL
            on:dragover=move |event| { event.prevent_default(); over.set(true) }
            on:dragleave=move |_| over.set(false)
            on:drop=take
        >
            <p class="drop-title">{move || if small.get() { texts::DROP_ANOTHER } else { texts::DROP_FIRST }}</p>
            <p class="muted" hidden=move || small.get()>
                {marked(texts::DROP_HELP)}
            </p>
            <div class="drop-buttons">
                <label class="step primary" class:waiting=move || !ready.get()>
                    {CHOOSE_FILE}
                    <input
                        class="visually-hidden"
                        type="file"
                        accept=".onnx,.wasm,.zip"
                        disabled=move || !ready.get()
                        on:change:target=move |event| choose(event.target())
                    />
                </label>
                <label class="step quiet" class:waiting=move || !ready.get()>
                    {texts::CHOOSE_FOLDER}
                    <input
                        class="visually-hidden"
                        type="file"
                        {..custom_attribute("webkitdirectory", "")}
                        disabled=move || !ready.get()
                        on:change:target=move |event| choose(event.target())
                    />
                </label>
            </div>
        </section>
    }
    .into_any()
}

/// The files and folders of a drop, where the browser tells them apart.
fn entries(transfer: &web_sys::DataTransfer) -> Vec<JsValue> {
    let get = |target: &JsValue, name: &str| Reflect::get(target, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let items = get(transfer, "items");
    let n_items = get(&items, "length").as_f64().unwrap_or(0.0) as u32;
    let entry = |index: u32| {
        let item = Reflect::get_u32(&items, index).ok()?;
        let method: js_sys::Function = get(&item, "webkitGetAsEntry").dyn_into().ok()?;
        method.call0(&item).ok().filter(JsValue::is_object)
    };
    (0..n_items).filter_map(entry).collect()
}

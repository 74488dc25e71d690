//! Tabs, by the keyboard pattern of the ARIA authoring guide.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Draws one panel a tab. `id` sets the tabs of one page apart.
///
/// All panels are in the page; without script the style sheet shows them one below the other.
#[component]
pub fn Tabs(id: String, tabs: Vec<(String, AnyView)>) -> impl IntoView {
    let n_tabs = tabs.len();
    let chosen = RwSignal::new(0);
    let mut buttons = Vec::with_capacity(n_tabs);
    let mut panels = Vec::with_capacity(n_tabs);
    for (index, (title, content)) in tabs.into_iter().enumerate() {
        let tab_id = format!("{id}-tab-{index}");
        let panel_id = format!("{id}-panel-{index}");
        let stem = id.clone();
        let on_key = move |event: web_sys::KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowRight" => (index + 1) % n_tabs,
                "ArrowLeft" => (index + n_tabs - 1) % n_tabs,
                "Home" => 0,
                "End" => n_tabs - 1,
                _ => return,
            };
            event.prevent_default();
            chosen.set(next);
            let tab = document().get_element_by_id(&format!("{stem}-tab-{next}"));
            if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = tab.focus();
            }
        };
        buttons.push(view! {
            <button
                type="button"
                role="tab"
                id=tab_id.clone()
                aria-controls=panel_id.clone()
                aria-selected=move || (chosen.get() == index).to_string()
                tabindex=move || if chosen.get() == index { "0" } else { "-1" }
                on:click=move |_| chosen.set(index)
                on:keydown=on_key
            >
                {title}
            </button>
        });
        panels.push(view! {
            <div role="tabpanel" id=panel_id aria-labelledby=tab_id hidden=move || chosen.get() != index>
                {content}
            </div>
        });
    }
    view! {
        <div class="tabs">
            <div class="tablist" role="tablist">{buttons}</div>
            {panels}
        </div>
    }
    .into_any()
}

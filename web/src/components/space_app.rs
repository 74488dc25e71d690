//! The app of a space and how to call it: everything a visitor uses.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::{ApiPanel, EndpointForm, Layout, SpaceNav, Tabs};
use crate::state::{PageState, SpacePage, SpaceTab, events, history, permalink};
use crate::texts::space as texts;

/// An island: draws the interface and keeps its state.
#[island]
pub fn SpaceApp(page: SpacePage) -> impl IntoView {
    let layout = page.interface.layout.clone();
    let id = page.id.clone();
    let (tab, admin, embedded) = (RwSignal::new(page.tab), page.admin, page.embedded);
    let state = PageState::new(page);
    provide_context(state);
    // Effects run in the browser only, once the page is alive.
    Effect::new(move || {
        untrack(|| {
            for endpoint in state.endpoints() {
                endpoint.runs.set(history::load(&state.id(), &endpoint.name()));
            }
            permalink::restore(state, &window().location().search().unwrap_or_default());
            events::start(state);
        });
        state.ready.set(true);
        let back = window_event_listener_untyped("popstate", move |_| {
            if let Some(now) = window().location().search().ok().and_then(|query| SpaceTab::of_query(&query)) {
                tab.set(now);
            }
        });
        on_cleanup(move || back.remove());
    });
    let nav_id = id.clone();
    // Within one page, so that what was entered stays and the snippets can show it.
    let choose = Callback::new(move |(event, target): (web_sys::MouseEvent, SpaceTab)| {
        let is_plain = event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key());
        if is_plain && target.is_app() {
            event.prevent_default();
            if tab.get_untracked() != target {
                let history = window().history();
                let _ =
                    history.and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(&target.url(&id))));
                tab.set(target);
            }
        }
    });
    let app = app(state, layout);
    let nav = (!embedded).then(|| view! { <SpaceNav id=nav_id tab=tab admin=admin on_choose=choose /> });
    let api =
        (!embedded).then(|| view! { <div class="view" hidden=move || tab.get() != SpaceTab::Api><ApiPanel /></div> });
    view! {
        {nav}
        <div class="view" hidden=move || tab.get() != SpaceTab::App>
            <noscript>
                <p class="notice">{texts::NEEDS_SCRIPT}</p>
            </noscript>
            {app}
        </div>
        {api}
    }
}

fn app(state: PageState, layout: Vec<spaces::interface::LayoutNode>) -> AnyView {
    if !layout.is_empty() {
        return view! { <Layout nodes=layout /> }.into_any();
    }
    let mut endpoints = state.endpoints();
    if endpoints.len() == 1 {
        return endpoints.pop().map(|endpoint| view! { <EndpointForm state=endpoint /> }).into_any();
    }
    let tab = |endpoint: crate::state::EndpointState| {
        let title = endpoint.with(|endpoint| endpoint.title.clone());
        (title, view! { <EndpointForm state=endpoint /> }.into_any())
    };
    view! { <Tabs id="endpoints".to_owned() tabs=endpoints.into_iter().map(tab).collect() /> }.into_any()
}

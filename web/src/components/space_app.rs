//! The app of a space: everything a visitor uses.

use leptos::prelude::*;

use super::{EndpointForm, Layout, Tabs};
use crate::state::{PageState, SpacePage, events};

/// An island: draws the interface and keeps its state.
#[island]
pub fn SpaceApp(page: SpacePage) -> impl IntoView {
    let layout = page.interface.layout.clone();
    let state = PageState::new(page);
    provide_context(state);
    // Effects run in the browser only, once the page is alive.
    Effect::new(move || {
        untrack(|| events::start(state));
        state.ready.set(true);
    });
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

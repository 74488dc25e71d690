//! The app of a space in a frame of another site.

use leptos::prelude::*;
use spaces::view::SpaceDetail;

use crate::components::SpaceApp;
use crate::state::{SpacePage, SpaceTab};
use crate::texts::pages::page_title;

/// The app, and below it a way to its own page.
#[component]
pub fn EmbedView(space: SpaceDetail, origin: String) -> impl IntoView {
    let SpaceDetail { summary, limits, flagging, interface, .. } = space;
    let id = summary.id.clone();
    let page = SpacePage {
        id,
        interface,
        limits,
        flagging,
        origin,
        tab: SpaceTab::App,
        admin: false,
        embedded: true,
        preview: None,
    };
    let url = page.url();
    view! {
        <h1 class="visually-hidden">{summary.title.clone()}</h1>
        <SpaceApp page=page />
        <p class="embed-foot"><a href=url target="_blank" rel="noopener">{page_title(&summary.title)}</a></p>
    }
}

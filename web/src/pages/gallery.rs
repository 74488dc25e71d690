//! The gallery: all public spaces, with search.

use leptos::prelude::*;
use spaces::view::SpaceSummary;

use crate::components::GalleryList;

/// `spaces` are what `query` found; at most `limit`.
#[component]
pub fn GalleryPage(query: String, spaces: Vec<SpaceSummary>, limit: usize) -> impl IntoView {
    view! {
        <div class="hero">
            <h1>"Models you can touch"</h1>
            <p>"Try any of them here, or call it from a program. Nothing to install."</p>
        </div>
        <GalleryList query=query spaces=spaces limit=limit />
    }
}

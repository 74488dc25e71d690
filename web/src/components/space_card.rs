//! A space in the gallery.

use leptos::prelude::*;
use spaces::view::SpaceSummary;

/// Shown for spaces whose author chose no emoji.
const DEFAULT_EMOJI: &str = "🔹";

/// A card that leads to the space.
#[component]
pub fn SpaceCard(space: SpaceSummary) -> impl IntoView {
    let tags = space.tags.iter().take(4).map(|tag| view! { <li class="tag">{tag.clone()}</li> }).collect_view();
    view! {
        <li class="card">
            <span class="emoji" aria-hidden="true">{space.emoji.clone().unwrap_or_else(|| DEFAULT_EMOJI.to_owned())}</span>
            <h2><a href=format!("/spaces/{}", space.id)>{space.title.clone()}</a></h2>
            <p class="card-id">{space.id.to_string()}</p>
            <p class="card-summary">{space.summary.clone()}</p>
            <ul class="tags">{tags}</ul>
        </li>
    }
    .into_any()
}

//! The page of a space.

use leptos::prelude::*;
use spaces::manifest::Visibility;
use spaces::view::SpaceDetail;

use crate::components::{ApiPanel, Prose, SpaceApp};
use crate::state::SpacePage;

/// `origin` is the address of this server as the visitor sees it: `https://example.org`.
#[component]
pub fn SpaceView(space: SpaceDetail, origin: String) -> impl IntoView {
    let SpaceDetail { summary, license, limits, interface } = space;
    let id = summary.id.clone();
    // The documentation of the only endpoint stands above its form; the same text twice helps nobody.
    let documentation = match interface.endpoints.as_slice() {
        [only] if only.documentation.trim() == interface.documentation.trim() => String::new(),
        _ => interface.documentation.clone(),
    };
    let tags = summary
        .tags
        .iter()
        .map(|tag| view! { <li><a class="tag" href=format!("/?q={tag}")>{tag.clone()}</a></li> })
        .collect_view();
    let unlisted = (summary.visibility != Visibility::Public).then(|| view! { <li>"not listed"</li> });
    let day = summary.updated_at.get(..10).unwrap_or(&summary.updated_at).to_owned();
    view! {
        <div class="space-head">
            <p class="crumbs"><a href=format!("/{}", id.owner())>{id.owner().to_owned()}</a>" / "{id.name().to_owned()}</p>
            <h1>
                {summary.emoji.clone().map(|emoji| view! { <span class="emoji" aria-hidden="true">{emoji}</span> })}
                <span>{summary.title.clone()}</span>
            </h1>
            <Prose text=documentation />
            <ul class="meta">
                {license.map(|license| view! { <li>{license}</li> })}
                <li>"revision " {summary.revision}</li>
                <li>"updated " <time datetime=summary.updated_at.clone()>{day}</time></li>
                {unlisted}
                <li><a href="#api">"API"</a></li>
            </ul>
            <ul class="tags">{tags}</ul>
        </div>
        <noscript><p class="notice">"Running the model on this page needs JavaScript. Programs need none: see below."</p></noscript>
        <SpaceApp page=SpacePage { id: id.clone(), interface: interface.clone(), max_upload_bytes: limits.max_body_bytes } />
        <ApiPanel id=id interface=interface limits=limits origin=origin />
    }
}

//! A space in the gallery.

use std::time::SystemTime;

use leptos::prelude::*;
use spaces::manifest::{Accent, Visibility};
use spaces::view::{AppKind, SpaceSummary};

use super::filters::task_title;
use super::request::GalleryRequest;
use crate::pages::age::ago;
use crate::state::picked::asset_url;
use crate::texts::{gallery as texts, space_head};

/// Shown for spaces whose author chose no emoji.
const DEFAULT_EMOJI: &str = "🔹";

/// Tags of one card; its own page shows them all.
const MAX_TAGS: usize = 3;

/// A card that leads to the space; its tags and task lead to those that share them.
#[component]
pub fn SpaceCard(space: SpaceSummary) -> impl IntoView {
    let url = format!("/spaces/{}", space.id);
    let picture = match &space.thumbnail {
        Some(path) => {
            view! { <img class="thumbnail" src=asset_url(&space.id, path) alt="" loading="lazy" /> }.into_any()
        }
        None => {
            let emoji = space.emoji.clone().unwrap_or_else(|| DEFAULT_EMOJI.to_owned());
            view! { <span class="emoji" aria-hidden="true">{emoji}</span> }.into_any()
        }
    };
    let filter =
        |request: GalleryRequest, text: String| view! { <li><a class="tag" href=request.url()>{text}</a></li> };
    let task = space.task.clone().map(|task| {
        let title = task_title(&task);
        filter(GalleryRequest { task: Some(task), ..GalleryRequest::default() }, title)
    });
    let tags =
        space.tags.iter().take(MAX_TAGS).map(|tag| {
            filter(GalleryRequest { tag: Some(tag.to_lowercase()), ..GalleryRequest::default() }, tag.clone())
        });
    let hidden = match space.visibility {
        Visibility::Public => None,
        Visibility::Unlisted => Some(texts::UNLISTED),
        Visibility::Private => Some(space_head::PRIVATE),
    };
    let hidden = hidden.map(|word| view! { <span class="badge">{word}</span> });
    let kind = match space.app {
        AppKind::Onnx => "ONNX",
        AppKind::Component => "WebAssembly",
    };
    let owner = space.id.owner().to_owned();
    view! {
        <li class="card" data-accent=space.accent.map(Accent::as_str)>
            {picture}
            <h2><a href=url>{space.title.clone()}</a></h2>
            <p class="card-id"><a href=format!("/{}", space.id.owner())>{owner}</a>"/"{space.id.name().to_owned()}" "{hidden}</p>
            <p class="card-summary">{space.summary.clone()}</p>
            <ul class="tags">{task}{tags.collect_view()}</ul>
            <p class="card-state">
                <span class="live">{texts::LIVE}</span>
                <span>{kind}</span>
                <time datetime=space.updated_at.clone() title=space.updated_at.clone()>
                    {ago(&space.updated_at, SystemTime::now())}
                </time>
            </p>
        </li>
    }
    .into_any()
}

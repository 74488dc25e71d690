//! The gallery: all public spaces, or those of one owner, with search, filters and pages.

use leptos::prelude::*;
use spaces::catalog::{Audience, Facets, SearchPage, Sort};
use spaces::view::SpaceSummary;

use crate::gallery::RESULTS_ID;
use crate::gallery::card::SpaceCard;
use crate::gallery::filters::Filters;
use crate::gallery::request::GalleryRequest;
use crate::gallery::results::Results;
use crate::gallery::search::GallerySearch;
use crate::texts::gallery as texts;
use crate::texts::pages::SPACES;

/// What the gallery shows.
pub struct Gallery {
    pub request: GalleryRequest,
    pub found: SearchPage,
    pub facets: Facets,
    /// What the operator recommends; empty where something else is asked for.
    pub featured: Vec<SpaceSummary>,
    pub audience: Audience,
}

/// A page of the gallery.
#[component]
pub fn GalleryPage(gallery: Gallery) -> impl IntoView {
    let request = &gallery.request;
    let head = match &request.owner {
        None => view! {
            <h1>{texts::HEADING}</h1>
            <p>{texts::INTRODUCTION}</p>
        }
        .into_any(),
        Some(owner) => view! { <h1>{owner.clone()}</h1><p>{texts::spaces_of(owner)}</p> }.into_any(),
    };
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let sort = Some(request.sort).filter(|sort| *sort != Sort::default());
    let kept = [
        request.task.as_deref().map(|task| pair("task", task)),
        request.tag.as_deref().map(|tag| pair("tag", tag)),
        sort.map(|sort| pair("sort", sort.as_str())),
    ];
    let (path, text) = (request.path(), request.text.clone());
    view! {
        <div class="hero">{head}</div>
        <GallerySearch path=path text=text kept=kept.into_iter().flatten().collect() />
        <section id=RESULTS_ID aria-label=SPACES><GalleryList gallery=gallery /></section>
    }
    .into_any()
}

/// What follows the search field as one types: filters, what is featured, and what was found.
#[component]
pub fn GalleryList(gallery: Gallery) -> impl IntoView {
    let Gallery { request, found, facets, featured, audience } = gallery;
    let featured = (!featured.is_empty()).then(|| {
        let cards = featured.into_iter().map(|space| view! { <SpaceCard space=space /> }).collect_view();
        view! {
            <section class="featured" aria-labelledby="featured">
                <h2 id="featured">{texts::FEATURED}</h2>
                <ul class="cards">{cards}</ul>
            </section>
        }
    });
    view! {
        <Filters request=request.clone() facets=facets />
        {featured}
        <div class="listed"><Results request=request found=found audience=audience /></div>
    }
    .into_any()
}

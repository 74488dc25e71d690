//! What spaces are filtered by: tasks and tags, as links.

use leptos::prelude::*;
use spaces::catalog::{Facet, Facets};

use super::request::GalleryRequest;
use crate::texts::gallery as texts;

/// Words that are always in sight; the others unfold.
const MAX_SHOWN: usize = 8;

/// Tasks and tags with how many spaces have them; a chosen one is taken back by a click.
#[component]
pub fn Filters(request: GalleryRequest, facets: Facets) -> impl IntoView {
    let Facets { tasks, tags } = facets;
    let tasks = row((texts::TASK, texts::TASKS), tasks, request.task.clone(), task_title, |chosen| {
        request.with(|changed| changed.task = chosen)
    });
    let tags =
        row((texts::TAG, texts::TAGS), tags, request.tag.as_deref().map(str::to_lowercase), str::to_owned, |chosen| {
            request.with(|changed| changed.tag = chosen)
        });
    view! { <div class="filters">{tasks}{tags}</div> }.into_any()
}

/// `title` is the word for one, and for all of them.
fn row(
    title: (&'static str, &'static str),
    mut facets: Vec<Facet>,
    chosen: Option<String>,
    word: fn(&str) -> String,
    request: impl Fn(Option<String>) -> GalleryRequest,
) -> Option<AnyView> {
    // What is chosen stays in sight, however rare it is.
    if let Some(chosen) = &chosen {
        let position = facets.iter().position(|facet| facet.name == *chosen);
        let facet = position.map(|position| facets.remove(position));
        facets.insert(0, facet.unwrap_or_else(|| Facet { name: chosen.clone(), n_spaces: 0 }));
    }
    if facets.is_empty() {
        return None;
    }
    let link = |facet: Facet| {
        let is_chosen = chosen.as_ref() == Some(&facet.name);
        let url = request((!is_chosen).then(|| facet.name.clone())).url();
        let count = (facet.n_spaces > 0).then(|| view! { <span class="count">{facet.n_spaces}</span> });
        let (mark, hint) = match is_chosen {
            true => (Some(view! { <span aria-hidden="true">"×"</span> }), Some(texts::CHOSEN_HINT)),
            false => (None, None),
        };
        view! {
            <li>
                <a class="chip" class:chosen=is_chosen href=url aria-current=is_chosen.then_some("true")>
                    {word(&facet.name)}
                    <span class="visually-hidden">{hint}</span>
                    {count}
                    {mark}
                </a>
            </li>
        }
    };
    let rest = facets.split_off(facets.len().min(MAX_SHOWN));
    let shown = facets.into_iter().map(link).collect_view();
    let more = (!rest.is_empty()).then(|| {
        let label = texts::n_more(rest.len());
        let rest = rest.into_iter().map(link).collect_view();
        view! { <details class="filter-more"><summary class="chip">{label}</summary><ul>{rest}</ul></details> }
    });
    Some(
        view! {
            <nav class="filter" aria-label=title.1>
                <span class="filter-title">{title.0}</span>
                <ul>{shown}</ul>
                {more}
            </nav>
        }
        .into_any(),
    )
}

/// `image-classification` → `Image classification`
pub fn task_title(task: &str) -> String {
    let text = task.replace('-', " ");
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

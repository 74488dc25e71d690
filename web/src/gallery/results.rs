//! What a search has found.

use leptos::prelude::*;
use spaces::catalog::{Audience, SearchPage, Sort};

use super::PAGE_SIZE;
use super::card::SpaceCard;
use super::pager::Pager;
use super::request::GalleryRequest;

/// How many there are, in which order, and this page of them.
#[component]
pub fn Results(request: GalleryRequest, found: SearchPage, audience: Audience) -> impl IntoView {
    let SearchPage { spaces, total } = found;
    if spaces.is_empty() {
        return nothing(&request, total, audience);
    }
    let n_pages = usize::try_from(total).unwrap_or(usize::MAX).div_ceil(PAGE_SIZE);
    let count = match total {
        1 => "1 space".to_owned(),
        total => format!("{total} spaces"),
    };
    let place = (n_pages > 1).then(|| format!(", page {} of {n_pages}", request.page + 1));
    let orders = Sort::ALL.map(|sort| {
        let (url, current) = (request.with(|changed| changed.sort = sort).url(), sort == request.sort);
        view! { <a href=url aria-current=current.then_some("true")>{sort_title(sort)}</a> }
    });
    view! {
        <div class="list-head">
            <p class="muted found">{count}{place}</p>
            <nav class="orders" aria-label="Order">{orders.into_iter().collect_view()}</nav>
        </div>
        <ul class="cards">{spaces.into_iter().map(|space| view! { <SpaceCard space=space /> }).collect_view()}</ul>
        <Pager request=request n_pages=n_pages />
    }
    .into_any()
}

fn sort_title(sort: Sort) -> &'static str {
    match sort {
        Sort::Newest => "Newest",
        Sort::Trending => "Trending",
        Sort::Name => "Name",
    }
}

/// Why there is nothing, and what to do.
fn nothing(request: &GalleryRequest, total: u64, audience: Audience) -> AnyView {
    if total > 0 {
        return view! {
            <div class="empty">
                <p class="found">"The list is shorter than that."</p>
                <p><a href=request.at(0).url()>"To its first page"</a></p>
            </div>
        }
        .into_any();
    }
    if request.is_plain() {
        let way = match audience {
            Audience::Admin => view! { <p><a class="primary step" href="/new">"Publish the first one"</a></p> }.into_any(),
            Audience::Anyone => {
                view! { <p class="muted">"Who runs this server can: "<code>"vitrine publish model.onnx --to you/name"</code></p> }
                    .into_any()
            }
        };
        return view! {
            <div class="empty"><p class="found">"No space has been published yet."</p>{way}</div>
        }
        .into_any();
    }
    let what = match request.text.as_str() {
        "" => "No space fits this choice.".to_owned(),
        text => format!("No space matches “{text}”."),
    };
    let is_filtered = request.tag.is_some() || request.task.is_some();
    let wider = (is_filtered && !request.text.is_empty()).then(|| {
        let url = request.with(|changed| (changed.tag, changed.task) = (None, None)).url();
        view! { <a href=url>"Search without filters"</a>" · " }
    });
    let path = request.path();
    view! {
        <div class="empty">
            <p class="found">{what}</p>
            <p>{wider}<a href=path>"Show all"</a></p>
        </div>
    }
    .into_any()
}

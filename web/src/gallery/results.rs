//! What a search has found.

use leptos::prelude::*;
use spaces::catalog::{Audience, SearchPage, Sort};

use super::PAGE_SIZE;
use super::card::SpaceCard;
use super::pager::Pager;
use super::request::GalleryRequest;
use crate::components::marked;
use crate::texts::gallery as texts;

/// How many there are, in which order, and this page of them.
#[component]
pub fn Results(request: GalleryRequest, found: SearchPage, audience: Audience) -> impl IntoView {
    let SearchPage { spaces, total } = found;
    if spaces.is_empty() {
        return nothing(&request, total, audience);
    }
    let n_pages = usize::try_from(total).unwrap_or(usize::MAX).div_ceil(PAGE_SIZE);
    let count = match n_pages {
        1 => texts::n_spaces(total),
        n_pages => texts::n_spaces_on_page(total, request.page + 1, n_pages),
    };
    let orders = Sort::ALL.map(|sort| {
        let (url, current) = (request.with(|changed| changed.sort = sort).url(), sort == request.sort);
        view! { <a href=url aria-current=current.then_some("true")>{sort_title(sort)}</a> }
    });
    view! {
        <div class="list-head">
            <p class="muted found">{count}</p>
            <nav class="orders" aria-label=texts::ORDER>{orders.into_iter().collect_view()}</nav>
        </div>
        <ul class="cards">{spaces.into_iter().map(|space| view! { <SpaceCard space=space /> }).collect_view()}</ul>
        <Pager request=request n_pages=n_pages />
    }
    .into_any()
}

fn sort_title(sort: Sort) -> &'static str {
    match sort {
        Sort::Newest => texts::NEWEST,
        Sort::Trending => texts::TRENDING,
        Sort::Name => texts::BY_NAME,
    }
}

/// Why there is nothing, and what to do.
fn nothing(request: &GalleryRequest, total: u64, audience: Audience) -> AnyView {
    if total > 0 {
        return view! {
            <div class="empty">
                <p class="found">{texts::LIST_IS_SHORTER}</p>
                <p><a href=request.at(0).url()>{texts::TO_FIRST_PAGE}</a></p>
            </div>
        }
        .into_any();
    }
    if request.is_plain() {
        let way = match audience {
            Audience::Admin => {
                view! { <p><a class="primary step" href="/new">{texts::PUBLISH_FIRST_ONE}</a></p> }.into_any()
            }
            Audience::Anyone => view! { <p class="muted">{marked(texts::WHO_CAN_PUBLISH)}</p> }.into_any(),
        };
        return view! {
            <div class="empty"><p class="found">{texts::NONE_PUBLISHED}</p>{way}</div>
        }
        .into_any();
    }
    let what = match request.text.as_str() {
        "" => texts::NONE_FITS.to_owned(),
        text => texts::none_matches(text),
    };
    let is_filtered = request.tag.is_some() || request.task.is_some();
    let wider = (is_filtered && !request.text.is_empty()).then(|| {
        let url = request.with(|changed| (changed.tag, changed.task) = (None, None)).url();
        view! { <a href=url>{texts::WITHOUT_FILTERS}</a>" · " }
    });
    let path = request.path();
    view! {
        <div class="empty">
            <p class="found">{what}</p>
            <p>{wider}<a href=path>{texts::SHOW_ALL}</a></p>
        </div>
    }
    .into_any()
}

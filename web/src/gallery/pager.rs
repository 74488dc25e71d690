//! The pages of a long list.

use leptos::prelude::*;

use super::request::GalleryRequest;
use crate::texts::gallery as texts;

/// Pages in sight on each side of this one.
const N_AROUND: usize = 2;

/// Links to the other pages; nothing where there are none.
#[component]
pub fn Pager(request: GalleryRequest, n_pages: usize) -> impl IntoView {
    if n_pages < 2 {
        return ().into_any();
    }
    let here = request.page;
    let last = n_pages - 1;
    let step = |page: Option<usize>, text: &'static str, rel: &'static str| match page {
        Some(page) => view! { <a class="quiet step" rel=rel href=request.at(page).url()>{text}</a> }.into_any(),
        None => view! { <span class="quiet step" aria-hidden="true">{text}</span> }.into_any(),
    };
    let mut pages: Vec<usize> = (here.saturating_sub(N_AROUND)..=(here + N_AROUND).min(last)).collect();
    pages.extend([0, last]);
    pages.sort_unstable();
    pages.dedup();
    let mut items = Vec::new();
    let mut before = None;
    for page in pages {
        if before.is_some_and(|before| page > before + 1) {
            items.push(view! { <li aria-hidden="true">"…"</li> }.into_any());
        }
        before = Some(page);
        let current = (page == here).then_some("page");
        let link = view! {
            <li><a href=request.at(page).url() aria-current=current aria-label=texts::page(page + 1)>{page + 1}</a></li>
        };
        items.push(link.into_any());
    }
    view! {
        <nav class="pager" aria-label=texts::PAGES>
            {step(here.checked_sub(1), texts::PREVIOUS, "prev")}
            <ol>{items}</ol>
            {step(Some(here + 1).filter(|next| *next <= last), texts::NEXT, "next")}
        </nav>
    }
    .into_any()
}

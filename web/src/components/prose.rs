//! CommonMark text as HTML.

use leptos::prelude::*;

/// Renders CommonMark; nothing where the text is blank.
///
/// The server draws it once for all: a browser that takes the page over leaves what it finds in such an element, and so
/// needs no parser. Texts that guests write later are the custom element `vitrine-markdown`.
#[component]
pub fn Prose(text: String) -> impl IntoView {
    (!text.trim().is_empty()).then(|| drawn(&text))
}

#[cfg(feature = "ssr")]
fn drawn(text: &str) -> AnyView {
    view! { <div class="prose" inner_html=crate::markdown::to_html(text)></div> }.into_any()
}

#[cfg(not(feature = "ssr"))]
fn drawn(_: &str) -> AnyView {
    view! { <div class="prose"></div> }.into_any()
}

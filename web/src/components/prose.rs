//! CommonMark text as HTML.

use leptos::prelude::*;

/// Renders CommonMark; nothing where the text is blank.
#[component]
pub fn Prose(text: String) -> impl IntoView {
    (!text.trim().is_empty()).then(|| view! { <div class="prose" inner_html=crate::markdown::to_html(&text)></div> })
}

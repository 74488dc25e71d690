//! The page of an error.

use leptos::prelude::*;

use crate::texts::pages as texts;

/// `title` says what happened in a few words, `message` what to do.
#[component]
pub fn ErrorPage(status: u16, title: String, message: String) -> impl IntoView {
    view! {
        <div class="hero error-page">
            <p class="status">{status}</p>
            <h1>{title}</h1>
            <p>{message}</p>
            <p><a href="/">{texts::TO_ALL_SPACES}</a></p>
        </div>
    }
}

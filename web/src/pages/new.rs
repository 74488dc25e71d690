//! Publishing in the browser.

use leptos::prelude::*;

use crate::publisher::Publisher;

/// The page on which who has signed in publishes; `tasks` are those of other spaces.
#[component]
pub fn NewPage(tasks: Vec<String>) -> impl IntoView {
    view! {
        <div class="hero">
            <h1>"New space"</h1>
            <p>"From a model or an app to a page that everybody can use."</p>
        </div>
        <Publisher tasks=tasks />
    }
}

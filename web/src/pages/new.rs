//! Publishing in the browser.

use leptos::prelude::*;

use crate::publisher::Publisher;
use crate::texts::pages as texts;

/// The page on which who has signed in publishes; `tasks` are those of other spaces.
#[component]
pub fn NewPage(tasks: Vec<String>) -> impl IntoView {
    view! {
        <div class="hero">
            <h1>{texts::NEW_SPACE}</h1>
            <p>{texts::NEW_SPACE_INTRODUCTION}</p>
        </div>
        <Publisher tasks=tasks />
    }
}

//! The page of a person or a team.

use leptos::prelude::*;
use spaces::view::SpaceSummary;

use crate::components::SpaceCard;

/// `spaces` are the public ones of `owner`.
#[component]
pub fn OwnerPage(owner: String, spaces: Vec<SpaceSummary>) -> impl IntoView {
    let count = match spaces.len() {
        1 => "1 public space".to_owned(),
        n_spaces => format!("{n_spaces} public spaces"),
    };
    view! {
        <div class="hero">
            <h1>{owner}</h1>
            <p>{count}</p>
        </div>
        <ul class="cards">{spaces.into_iter().map(|space| view! { <SpaceCard space=space /> }).collect_view()}</ul>
    }
}

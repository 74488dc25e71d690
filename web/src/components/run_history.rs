//! The visitor's last runs, to come back to.

use leptos::prelude::*;

use crate::state::history::{self, Run};
use crate::state::{EndpointState, PageState};
use crate::texts::run as texts;

/// The last runs of an endpoint, folded away; nothing where there are none.
#[component]
pub fn RunHistory(state: EndpointState) -> impl IntoView {
    let page = expect_context::<PageState>();
    let runs = state.runs;
    let clear = move |_| {
        runs.set(Vec::new());
        history::store(&page.id(), &state.name(), &[]);
    };
    let line = move |run: Run| {
        let files = run.files();
        let note = match (files.is_empty(), run.outputs.is_some()) {
            (true, true) => None,
            (false, true) => Some(texts::FILE_NOT_KEPT),
            (_, false) => Some(texts::ANSWER_NOT_KEPT),
        };
        let (moment, summary) = (history::clock(run.at_ms), run.summary());
        view! {
            <li>
                <button type="button" class="example" on:click=move |_| run.restore(state)>
                    <span class="visually-hidden">{texts::BRING_BACK_BEFORE}</span>
                    <time class="muted">{moment}</time>
                    <span>{summary}</span>
                    {note.map(|note| view! { <span class="muted">{note}</span> })}
                </button>
            </li>
        }
    };
    view! {
        <details class="history" hidden=move || runs.with(Vec::is_empty)>
            <summary>{texts::LAST_RUNS} <span class="badge">{move || runs.with(Vec::len)}</span></summary>
            <ul>{move || runs.get().into_iter().map(line).collect_view()}</ul>
            <p class="history-foot muted">
                {texts::RUNS_STAY_HERE}
                <button type="button" class="quiet small" on:click=clear>{texts::CLEAR}</button>
            </p>
        </details>
    }
    .into_any()
}

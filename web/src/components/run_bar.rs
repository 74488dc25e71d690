//! Starts and stops a call and says how it goes.

use leptos::prelude::*;

use super::{CopyButton, outcome};
use crate::state::{EndpointState, PageState, Phase, permalink};
use crate::texts::run as texts;

/// The button of an endpoint with the state of its call.
#[component]
pub fn RunBar(state: EndpointState) -> impl IntoView {
    let page = expect_context::<PageState>();
    let submit = page.has_submit(&state.name());
    let running = move || state.is_running();
    // Calls that nobody started, such as a timer's, are told of only when they fail, or take their time.
    let shown = submit || state.with(|endpoint| endpoint.streams);
    let button = submit.then(|| {
        view! {
            <button type="submit" class="primary" disabled=move || !page.ready.get() || running()>
                {move || if running() { texts::RUNNING } else { texts::RUN }}
            </button>
        }
    });
    let is_told = move |phase: &Phase| shown || matches!(phase, Phase::Failed(_));
    view! {
        <div class="run">
            {button}
            <button type="button" class="quiet" hidden=move || !(shown && running()) on:click=move |_| state.cancel()>{texts::CANCEL}</button>
            {submit.then(|| view! { <LinkButton state=state /> })}
            <span class="elapsed" aria-hidden="true">
                {move || (shown && running()).then(|| format!("{:.1} s", state.elapsed_ms.get() / 1e3))}
            </span>
        </div>
        {move || (shown && running()).then(|| view! { <ProgressLine state=state /> })}
        <div class="outcome" role="status">
            {move || state.phase.with(|phase| is_told(phase).then(|| outcome::outcome(state, phase)))}
        </div>
    }
    .into_any()
}

/// Copies the address of the page with what is entered now.
#[component]
fn LinkButton(state: EndpointState) -> impl IntoView {
    let page = expect_context::<PageState>();
    let link = Signal::derive(move || permalink::link(page, state));
    let text = Signal::derive(move || link.get().unwrap_or_default());
    // Without inputs the page's own address says all.
    let is_useful = move || link.with(|link| link.as_ref().is_some_and(|link| link.contains('?')));
    view! { <span hidden=move || !is_useful()><CopyButton text=text what=texts::COPY_LINK_AFTER.to_owned() label=texts::COPY_LINK /></span> }
        .into_any()
}

/// Where the call is in line, else how far it is and how long it may still take.
#[component]
fn ProgressLine(state: EndpointState) -> impl IntoView {
    let progress = state.progress;
    let rest = move || state.elapsed_ms.with(|elapsed_ms| progress.with(|progress| progress.rest(*elapsed_ms)));
    let words = move || progress.with(|progress| progress.place().unwrap_or_else(|| progress.message.clone()));
    view! {
        <div class="progress">
            <progress max="1" value=move || progress.with(|progress| progress.fraction) aria-label=texts::PROGRESS></progress>
            <p class="muted progress-line"><span role="status">{words}</span> <span class="rest" aria-hidden="true">{rest}</span></p>
        </div>
    }
    .into_any()
}

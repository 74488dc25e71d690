//! Starts and stops a call and says how it goes.

use leptos::prelude::*;
use spaces::view::Timings;

use super::CopyButton;
use crate::state::{EndpointState, PageState, Phase, permalink};

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
                {move || if running() { "Running…" } else { "Run" }}
            </button>
        }
    });
    view! {
        <div class="run">
            {button}
            <button type="button" class="quiet" hidden=move || !(shown && running()) on:click=move |_| state.cancel()>"Cancel"</button>
            {submit.then(|| view! { <LinkButton state=state /> })}
            <span class="elapsed" aria-hidden="true">
                {move || (shown && running()).then(|| format!("{:.1} s", state.elapsed_ms.get() / 1e3))}
            </span>
        </div>
        {move || (shown && running()).then(|| view! { <ProgressLine state=state /> })}
        <div class="outcome" role="status">{move || state.phase.with(|phase| outcome(phase).filter(|_| shown || matches!(phase, Phase::Failed(_))))}</div>
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
    view! { <span hidden=move || !is_useful()><CopyButton text=text what="a link with these inputs".to_owned() label="Copy link" /></span> }
        .into_any()
}

#[component]
fn ProgressLine(state: EndpointState) -> impl IntoView {
    let progress = state.progress;
    view! {
        <div class="progress">
            <progress max="1" value=move || progress.with(|progress| progress.fraction) aria-label="Progress"></progress>
            <p class="muted">{move || progress.with(|progress| progress.message.clone())}</p>
        </div>
    }
    .into_any()
}

fn outcome(phase: &Phase) -> Option<AnyView> {
    match phase {
        Phase::Idle | Phase::Running => None,
        Phase::Cancelled => Some(view! { <p class="muted">"Cancelled."</p> }.into_any()),
        Phase::Failed(error) => {
            let request = error.request_id.clone().map(|id| format!(" · request {id}"));
            Some(
                view! {
                    <div class="notice error">
                        <p>{error.message.clone()}</p>
                        <p class="muted">{error.code.clone()}{request}</p>
                    </div>
                }
                .into_any(),
            )
        }
        Phase::Done { timings, elapsed_ms } => Some(
            view! { <p class="muted" title=breakdown(timings)>{format!("Done in {}", milliseconds(*elapsed_ms))}
            <span class="detail">{format!(" · model {}", milliseconds(timings.call_ms))}</span></p> }
            .into_any(),
        ),
    }
}

fn breakdown(timings: &Timings) -> String {
    format!(
        "queue {}, fresh instance {}, call {}, server total {}",
        milliseconds(timings.queue_ms),
        milliseconds(timings.instantiate_ms),
        milliseconds(timings.call_ms),
        milliseconds(timings.total_ms),
    )
}

fn milliseconds(duration_ms: f64) -> String {
    match duration_ms {
        0.0..1.0 => format!("{:.0} µs", duration_ms * 1e3),
        1.0..10.0 => format!("{duration_ms:.1} ms"),
        10.0..1000.0 => format!("{duration_ms:.0} ms"),
        _ => format!("{:.2} s", duration_ms / 1e3),
    }
}

//! How a call has ended: what it took, or what went wrong.

use leptos::prelude::*;
use serde_json::Value as Json;
use spaces::view::{ErrorBody, Timings, Usage};

use super::{CopyButton, FlagButtons};
use crate::state::picked::size_text;
use crate::state::{EndpointState, Kept, PageState, Phase};
use crate::texts::run as texts;

/// Nothing before a call has ended.
pub(super) fn outcome(state: EndpointState, phase: &Phase) -> AnyView {
    match phase {
        Phase::Idle | Phase::Running => ().into_any(),
        Phase::Cancelled => view! { <p class="muted">{texts::CANCELLED}</p> }.into_any(),
        Phase::Failed(error) => view! { <FailureNotice state=state error=error.clone() /> }.into_any(),
        Phase::Shown(Kept::Run) => view! { <p class="muted">{texts::FROM_LAST_RUNS}</p> }.into_any(),
        Phase::Shown(Kept::Example) => {
            view! { <p class="muted"><span class="badge">{texts::CACHED}</span>{texts::CACHED_AFTER}</p> }.into_any()
        }
        Phase::Done { timings, usage, elapsed_ms } => view! {
            <p class="muted" title=breakdown(timings)>{texts::done_in(&milliseconds(*elapsed_ms))}
            <span class="detail">{texts::of_model(&milliseconds(timings.call_ms))}</span>
            <span class="detail">{used(usage)}</span></p>
            <FlagButtons state=state />
        }
        .into_any(),
    }
}

/// The author's or the server's sentence first, and the rest for who reports it.
#[component]
fn FailureNotice(state: EndpointState, error: ErrorBody) -> impl IntoView {
    let page = expect_context::<PageState>();
    let request = error.request_id.as_deref().map(texts::error_request);
    let details = StoredValue::new(details(page, state, &error));
    view! {
        <div class="notice error">
            <p>{error.message.clone()}</p>
            <div class="error-foot">
                <p class="muted">{error.code}{request}</p>
                <CopyButton text=Signal::derive(move || details.get_value()) what=texts::COPY_DETAILS_AFTER.to_owned() label=texts::COPY_DETAILS />
            </div>
        </div>
    }
    .into_any()
}

/// What somebody needs who is to find the mistake. Files are named only.
fn details(page: PageState, state: EndpointState, error: &ErrorBody) -> String {
    let inputs = Json::Object(state.sent_inputs());
    [
        ("space", page.with(|page| page.url())),
        ("endpoint", state.name()),
        ("error", error.code.clone()),
        ("message", error.message.clone()),
        ("request", error.request_id.clone().unwrap_or_default()),
        ("inputs", inputs.to_string()),
        ("server", concat!("vitrine ", env!("CARGO_PKG_VERSION")).to_owned()),
    ]
    .map(|(name, value)| format!("{name}: {value}\n"))
    .concat()
}

fn used(usage: &Usage) -> String {
    match usage.memory_bytes {
        0 => String::new(),
        bytes => texts::used(&milliseconds(usage.cpu_ms), &size_text(bytes)),
    }
}

fn breakdown(timings: &Timings) -> String {
    let Timings { queue_ms, instantiate_ms, call_ms, total_ms } = *timings;
    texts::breakdown([queue_ms, instantiate_ms, call_ms, total_ms].map(milliseconds))
}

fn milliseconds(duration_ms: f64) -> String {
    match duration_ms {
        0.0..1.0 => format!("{:.0} µs", duration_ms * 1e3),
        1.0..10.0 => format!("{duration_ms:.1} ms"),
        10.0..1000.0 => format!("{duration_ms:.0} ms"),
        _ => format!("{:.2} s", duration_ms / 1e3),
    }
}

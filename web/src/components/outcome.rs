//! How a call has ended: what it took, or what went wrong.

use leptos::prelude::*;
use serde_json::Value as Json;
use spaces::view::{ErrorBody, Timings, Usage};

use super::{CopyButton, FlagButtons};
use crate::state::picked::size_text;
use crate::state::{EndpointState, Kept, PageState, Phase};

/// Nothing before a call has ended.
pub(super) fn outcome(state: EndpointState, phase: &Phase) -> AnyView {
    match phase {
        Phase::Idle | Phase::Running => ().into_any(),
        Phase::Cancelled => view! { <p class="muted">"Cancelled."</p> }.into_any(),
        Phase::Failed(error) => view! { <FailureNotice state=state error=error.clone() /> }.into_any(),
        Phase::Shown(Kept::Run) => view! { <p class="muted">"From your last runs. Nothing has run now."</p> }.into_any(),
        Phase::Shown(Kept::Example) => {
            view! { <p class="muted"><span class="badge">"cached"</span>" What this example gave when it was published. Nothing has run now."</p> }
                .into_any()
        }
        Phase::Done { timings, usage, elapsed_ms } => view! {
            <p class="muted" title=breakdown(timings)>{format!("Done in {}", milliseconds(*elapsed_ms))}
            <span class="detail">{format!(" · model {}", milliseconds(timings.call_ms))}</span>
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
    let request = error.request_id.clone().map(|id| format!(" · request {id}"));
    let details = StoredValue::new(details(page, state, &error));
    view! {
        <div class="notice error">
            <p>{error.message.clone()}</p>
            <div class="error-foot">
                <p class="muted">{error.code}{request}</p>
                <CopyButton text=Signal::derive(move || details.get_value()) what="of the error".to_owned() label="Copy details" />
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
        bytes => format!(" · CPU {} · memory {}", milliseconds(usage.cpu_ms), size_text(bytes)),
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

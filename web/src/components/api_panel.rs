//! How a program calls the endpoints of a space.

use leptos::prelude::*;
use spaces::SpaceId;
use spaces::interface::{Endpoint, Interface};
use spaces::limits::{Bytes, Limits};

use super::CopyIsland;
use crate::curl;

/// The address of each endpoint with a command that calls it.
#[component]
pub fn ApiPanel(id: SpaceId, interface: Interface, limits: Limits, origin: String) -> impl IntoView {
    let endpoint = |endpoint: &Endpoint| {
        let url = format!("{origin}/spaces/{id}/api/{}", endpoint.name);
        let command = curl::command(&url, endpoint);
        let fields = |fields: &[spaces::interface::Field]| {
            fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>().join(", ")
        };
        view! {
            <article class="call">
                <h3>{endpoint.title.clone()}</h3>
                <p class="address"><span class="method">"POST"</span> <code>{url}</code></p>
                <div class="code">
                    <div class="code-bar"><span class="muted">"curl"</span><CopyIsland text=command.clone() /></div>
                    <pre tabindex="0"><code>{command}</code></pre>
                </div>
                <p class="muted">
                    {format!("Inputs: {}. Outputs, in this order: {}. ", or_none(fields(&endpoint.inputs)), or_none(fields(&endpoint.outputs)))}
                    {endpoint.streams.then_some("Add -H 'accept: text/event-stream' to follow the partial answers.")}
                </p>
            </article>
        }
    };
    view! {
        <section class="api" id="api" aria-labelledby="api-heading">
            <h2 id="api-heading">"Use it from a program"</h2>
            {interface.endpoints.iter().map(endpoint).collect_view()}
            <LimitList limits=limits />
        </section>
    }
    .into_any()
}

/// What a call may use, so that a program knows it before it meets it.
#[component]
fn LimitList(limits: Limits) -> impl IntoView {
    let limit = |name: &'static str, value: String| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let seconds = match limits.deadline_seconds {
        1.0 => "1 second".to_owned(),
        seconds => format!("{seconds} seconds"),
    };
    view! {
        <h3>"Limits"</h3>
        <dl class="limits">
            {limit("Time of a call", seconds)}
            {limit("Calls at once", limits.concurrency.to_string())}
            {limit("Size of a request", Bytes(limits.max_body_bytes).to_string())}
            {limit("Memory of a call", Bytes(limits.memory_bytes).to_string())}
            {limit("Log of a call", Bytes(limits.max_log_bytes).to_string())}
        </dl>
    }
}

fn or_none(names: String) -> String {
    if names.is_empty() { "none".to_owned() } else { names }
}

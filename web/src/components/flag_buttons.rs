//! Flags an answer for the space's author.

use leptos::prelude::*;
use serde_json::json;

use crate::client::{self, Change};
use crate::state::{EndpointState, PageState};
use crate::texts::run as texts;

/// What became of a flag.
#[derive(Debug, Clone, PartialEq)]
enum Flagged {
    Not,
    Sending,
    Kept,
    Refused(String),
}

/// A button for each reason that the author offers, or one where there is none; nothing where the space takes no flags.
#[component]
pub fn FlagButtons(state: EndpointState) -> impl IntoView {
    let page = expect_context::<PageState>();
    let flagging = page.with(|page| page.flagging.clone())?;
    let flagged = RwSignal::new(Flagged::Not);
    let flag = move |reason: Option<String>| {
        flagged.set(Flagged::Sending);
        let url = format!("/api/v1/spaces/{}/flags", page.id());
        let shown = state.sent_inputs();
        let (endpoint, parts, outputs) = (state.name(), state.sent.get_value(), untrack(|| state.answers()));
        leptos::task::spawn_local(async move {
            let sent = async {
                let mut inputs = client::inputs(parts).await?;
                // What may not be shown again is no author's to keep.
                inputs.retain(|name, _| shown.contains_key(name));
                let body = json!({ "endpoint": endpoint, "reason": reason, "inputs": inputs, "outputs": outputs });
                client::change(&url, Change::Send(body)).await
            };
            flagged.try_set(match sent.await {
                Ok(()) => Flagged::Kept,
                Err(error) => Flagged::Refused(error.to_string()),
            });
        });
    };
    let reasons = match flagging.options.is_empty() {
        true => vec![None],
        false => flagging.options.into_iter().map(Some).collect(),
    };
    let button = move |reason: Option<String>| {
        let label = reason.as_ref().map_or_else(|| texts::FLAG.to_owned(), |reason| texts::flag_as(reason));
        let is_over = move || flagged.with(|flagged| matches!(flagged, Flagged::Sending | Flagged::Kept));
        view! {
            <button type="button" class="quiet small" disabled=is_over on:click=move |_| flag(reason.clone())>{label}</button>
        }
    };
    let told = move || match flagged.get() {
        Flagged::Not | Flagged::Sending => None,
        Flagged::Kept => Some(view! { <span class="muted">{texts::FLAGGED}</span> }.into_any()),
        Flagged::Refused(message) => Some(view! { <span class="field-error">{message}</span> }.into_any()),
    };
    Some(
        view! {
            <div class="flags" role="group" aria-label=texts::TELL_AUTHOR>
                {reasons.into_iter().map(button).collect_view()}
                <span role="status">{told}</span>
            </div>
        }
        .into_any(),
    )
}

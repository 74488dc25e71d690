//! A conversation: messages in Markdown, each of which can be copied; the last question can be put again.

use leptos::prelude::*;
use serde_json::Value as Json;

use crate::components::CopyButton;
use crate::state::chat::{Message, read};
use crate::state::{EndpointState, PageState};

/// The most messages drawn, the latest; the answer has them all.
const MAX_MESSAGES: usize = 500;

pub(super) fn chat(value: &Json, state: EndpointState) -> Option<AnyView> {
    let page = expect_context::<PageState>();
    let messages = read(value)?;
    let can_retry = messages.iter().any(|message| message.role == "user") && state.has_chat_input();
    let n_hidden = messages.len().saturating_sub(MAX_MESSAGES);
    let drawn = messages.into_iter().skip(n_hidden).map(message).collect_view();
    let retry = can_retry.then(|| {
        view! {
            <button type="button" class="quiet small" disabled=move || state.is_running() on:click=move |_| state.ask_again(page)>"Retry"</button>
        }
    });
    // The page says of itself that it is being changed; a log reads out what is added only.
    Some(
        view! { <div class="chat" role="log" aria-label="Conversation" tabindex="0"><ol>{drawn}</ol></div>{retry} }
            .into_any(),
    )
}

fn message(message: Message) -> AnyView {
    let Message { role, content } = message;
    let who = match role.as_str() {
        "user" => "You",
        "assistant" => "Assistant",
        _ => "System",
    };
    view! {
        <li class=format!("message from-{role}")>
            <p class="message-head"><span>{who}</span><CopyButton text=content.clone() what="the message".to_owned() /></p>
            <vitrine-markdown prop:value=content></vitrine-markdown>
        </li>
    }
    .into_any()
}

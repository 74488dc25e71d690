//! A conversation: messages in Markdown, each of which can be copied; the last question can be put again.

use serde_json::Value as Json;

use super::drawing::Drawing;
use crate::state::chat::{Message, read};
use crate::texts::outputs as texts;

/// The most messages drawn, the latest; the answer has them all.
const MAX_MESSAGES: usize = 500;

/// `can_ask` where the endpoint takes the conversation back, with a further question.
pub(super) fn chat(value: &Json, can_ask: bool, out: &mut Drawing) -> Option<()> {
    let messages = read(value)?;
    let can_retry = can_ask && messages.iter().any(|message| message.role == "user");
    let n_hidden = messages.len().saturating_sub(MAX_MESSAGES);
    // The page says of itself that it is being changed; a log reads out what is added only.
    out.raw("<div class=\"chat\" role=\"log\" tabindex=\"0\" aria-label=\"").text(texts::CONVERSATION).raw("\"><ol>");
    for message in messages.into_iter().skip(n_hidden) {
        draw(message, out);
    }
    out.raw("</ol></div>");
    if can_retry {
        out.raw("<button type=\"button\" class=\"quiet small\" data-retry>").text(texts::RETRY).raw("</button>");
    }
    Some(())
}

fn draw(Message { role, content }: Message, out: &mut Drawing) {
    let who = match role.as_str() {
        "user" => texts::USER,
        "assistant" => texts::ASSISTANT,
        _ => texts::SYSTEM,
    };
    out.raw("<li class=\"message from-").text(&role).raw("\"><p class=\"message-head\"><span>").text(who);
    out.raw("</span>").copy_button(content.clone(), texts::COPY_MESSAGE_AFTER).raw("</p><vitrine-markdown");
    out.slot("value", content).raw("></vitrine-markdown></li>");
}

//! The next message of a conversation, whose messages are among the outputs.

use leptos::prelude::*;

use super::Widget;
use crate::escape::escaped;
use crate::state::{Chat, Draft, PageState};
use crate::texts::inputs as texts;

/// A message box: Enter sends, Shift and Enter begin a line.
pub(super) fn message(widget: Widget) -> AnyView {
    let Widget { id, state, draft, error, described_by, .. } = widget;
    let page = expect_context::<PageState>();
    let chat = move || {
        draft.with(|draft| match draft {
            Draft::Chat(chat) => chat.clone(),
            _ => Chat::default(),
        })
    };
    let text = move || chat().message;
    let has_begun = move || !chat().messages.is_empty();
    let write = move |message: String| {
        draft.update(|draft| {
            if let Draft::Chat(chat) = draft {
                chat.message = message;
            }
        });
    };
    let initial = escaped(&untrack(text));
    view! {
        <textarea
            class="control"
            rows="3"
            id=id
            placeholder=texts::MESSAGE_HINT
            aria-describedby=described_by
            aria-invalid=move || error.get().map(|_| "true")
            prop:value=text
            on:input:target=move |event| write(event.target().value())
            on:keydown=move |event| {
                if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
                    event.prevent_default();
                    state.submit(page);
                }
            }
            inner_html=initial
        ></textarea>
        <p class="chat-state muted">
            {move || if has_begun() { texts::n_messages(chat().messages.len()) } else { texts::ENTER_SENDS.to_owned() }}
            <button
                type="button"
                class="quiet small"
                hidden=move || !has_begun()
                on:click=move |_| {
                    draft.set(Draft::Chat(Chat::default()));
                    state.forget_chats();
                }
            >{texts::START_AGAIN}</button>
        </p>
    }
    .into_any()
}

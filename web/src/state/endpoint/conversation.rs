//! Endpoints with which a visitor talks: an answered conversation is what the next question goes to.

use leptos::prelude::*;
use serde_json::Value as Json;
use spaces::interface::{Component, Field};

use super::EndpointState;
use crate::state::{Draft, PageState, chat};

impl EndpointState {
    /// True where a conversation is among the inputs.
    pub fn has_chat_input(self) -> bool {
        self.chat_input().is_some()
    }

    /// Puts the last question again, to what was said before it.
    pub fn ask_again(self, page: PageState) {
        let Some(input) = self.chat_input() else { return };
        let before = input.with_untracked(|draft| match draft {
            Draft::Chat(chat) => chat.before_last(),
            _ => None,
        });
        if let Some(before) = before {
            input.set(Draft::Chat(before));
            self.submit(page);
        }
    }

    /// Takes away the conversations that were answered.
    pub fn forget_chats(self) {
        for output in self.chat_outputs() {
            output.set(None);
        }
    }

    /// An answered conversation is what the next question goes to.
    pub(super) fn converse(self) {
        let (Some(input), Some(output)) = (self.chat_input(), self.chat_outputs().into_iter().next()) else { return };
        let Some(messages) = output.with_untracked(|answer| chat::read(answer.as_ref()?)) else { return };
        input.update(|draft| {
            let Draft::Chat(chat) = draft else { return };
            let asked = messages.iter().rev().find(|message| message.role == "user");
            // What was typed while the answer came is kept.
            if asked.is_some_and(|asked| asked.content == chat.message) {
                chat.message.clear();
            }
            chat.messages = messages;
        });
    }

    fn chat_input(self) -> Option<RwSignal<Draft>> {
        let is_chat = |field: &Field| field.component == Component::Chatbot;
        self.input(self.with(|endpoint| endpoint.inputs.iter().position(is_chat))?)
    }

    fn chat_outputs(self) -> Vec<RwSignal<Option<Json>>> {
        let is_chat = |field: &Field| field.component == Component::Chatbot;
        let positions: Vec<usize> = self.with(|endpoint| {
            endpoint
                .outputs
                .iter()
                .enumerate()
                .filter(|(_, field)| is_chat(field))
                .map(|(position, _)| position)
                .collect()
        });
        positions.into_iter().filter_map(|position| self.output(position)).collect()
    }
}

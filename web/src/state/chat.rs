//! A conversation in which a visitor takes part: what was said, and what is about to be.

use serde_json::{Value as Json, json};
use spaces::value::Value;

use super::Part;
use crate::texts::errors as texts;

/// A conversation as an input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chat {
    /// What was said, oldest first.
    pub messages: Vec<Message>,
    /// What the visitor is writing.
    pub message: String,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// `user`, `assistant` or `system`.
    pub role: String,
    /// Markdown.
    pub content: String,
}

impl Message {
    fn to_json(&self) -> Json {
        json!({ "role": self.role, "content": self.content })
    }
}

impl Chat {
    pub(super) fn from_value(value: &Value) -> Self {
        match value {
            Value::Json(json) => Self::from_json(json),
            _ => Self::default(),
        }
    }

    /// The conversation that `json` holds; a question at its end is what the visitor says next.
    pub(super) fn from_json(json: &Json) -> Self {
        let mut messages = read(json).unwrap_or_default();
        let message = match messages.last() {
            Some(last) if last.role == "user" => messages.pop().map(|last| last.content).unwrap_or_default(),
            _ => String::new(),
        };
        Self { messages, message }
    }

    /// The same conversation before its last question, which can be put again.
    pub fn before_last(&self) -> Option<Self> {
        let last = self.messages.iter().rposition(|message| message.role == "user")?;
        Some(Self { messages: self.messages[..last].to_vec(), message: self.messages[last].content.clone() })
    }

    pub(super) fn part(&self) -> Result<Part, String> {
        if self.message.trim().is_empty() {
            return Err(texts::WRITE_FIRST.to_owned());
        }
        let question = Message { role: "user".to_owned(), content: self.message.clone() };
        Ok(Part::Json(self.messages.iter().chain([&question]).map(Message::to_json).collect()))
    }
}

/// The messages of an answer; none where it is no conversation.
pub fn read(json: &Json) -> Option<Vec<Message>> {
    let message = |message: &Json| {
        let text = |key: &str| Some(message.get(key)?.as_str()?.to_owned());
        Some(Message { role: text("role")?, content: text("content")? })
    };
    json.as_array()?.iter().map(message).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_sent_behind_what_was_said() {
        let said = json!([{ "role": "user", "content": "Hi" }, { "role": "assistant", "content": "Hello" }]);
        let mut chat = Chat::from_json(&said);
        assert!(chat.part().is_err(), "nothing is asked yet");
        chat.message = "How are you?".to_owned();
        let Ok(Part::Json(sent)) = chat.part() else { panic!("it can be sent") };
        assert_eq!(sent[2], json!({ "role": "user", "content": "How are you?" }));
        assert_eq!(Chat::from_json(&sent), chat, "an address brings the question back");
        let again = chat.before_last().expect("there is a question");
        assert_eq!((again.messages.len(), again.message.as_str()), (0, "Hi"));
    }
}

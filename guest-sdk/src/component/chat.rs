//! Conversations.

use serde_json::{Value as Json, json};

use super::draw::Drawn;
use super::input::{Defaulted, Input, InputOptions, Literal};
use super::output::{Output, OutputOptions};
use super::unexpected;
use crate::Value;
use crate::bindings::vitrine::space::description::Component;

/// A conversation, drawn as a chat. As an input it ends with the visitor's question.
///
/// ```
/// use guest_sdk::{Chat, Message};
/// let mut chat = Chat(vec![Message::user("What is 2 + 2?")]);
/// chat.0.push(Message::assistant("**4**"));
/// assert_eq!(chat.question(), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chat(pub Vec<Message>);

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who says it.
    pub role: Role,
    /// CommonMark text.
    pub content: String,
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Role {
    User,
    Assistant,
    System,
}

impl Message {
    /// What the visitor says.
    pub fn user(content: impl Into<String>) -> Self {
        Self { role: Role::User, content: content.into() }
    }

    /// What the space says.
    pub fn assistant(content: impl Into<String>) -> Self {
        Self { role: Role::Assistant, content: content.into() }
    }
}

impl Chat {
    /// What was asked last and is not answered yet.
    pub fn question(&self) -> Option<&str> {
        self.0.last().filter(|message| message.role == Role::User).map(|message| message.content.as_str())
    }
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::System => "system",
        }
    }
}

impl Input for Chat {
    fn component(_: &InputOptions) -> Component {
        Component::Json
    }

    fn drawn(_: &InputOptions) -> Option<Drawn> {
        Some(Drawn::new("chatbot"))
    }

    fn from_value(value: Value) -> Result<Self, String> {
        let Value::Json(text) = value else { return Err(unexpected("a conversation", &value)) };
        let document: Json = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let message = |message: &Json| {
            let role = match message.get("role")?.as_str()? {
                "user" => Role::User,
                "assistant" => Role::Assistant,
                "system" => Role::System,
                _ => return None,
            };
            Some(Message { role, content: message.get("content")?.as_str()?.to_owned() })
        };
        let messages = document.as_array().and_then(|messages| messages.iter().map(message).collect());
        messages.map(Self).ok_or_else(|| "expected a list of messages with `role` and `content`".to_owned())
    }
}

impl Output for Chat {
    fn component() -> Component {
        Component::Json
    }

    fn drawn(_: &OutputOptions) -> Option<Drawn> {
        Some(Drawn::new("chatbot"))
    }

    fn into_value(self) -> Value {
        let message = |message: Message| json!({ "role": message.role.name(), "content": message.content });
        Value::Json(Json::from_iter(self.0.into_iter().map(message)).to_string())
    }
}

/// A question to begin with.
impl Literal<&str> for Chat {
    fn literal(literal: &str) -> Value {
        Self(vec![Message::user(literal)]).into_value()
    }
}

impl Defaulted for Chat {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_goes_in_and_out() {
        let chat = Chat(vec![Message::assistant("Hello"), Message::user("\"Hi\"\n")]);
        assert_eq!(Chat::from_value(chat.clone().into_value()), Ok(chat.clone()));
        assert_eq!(chat.question(), Some("\"Hi\"\n"));
        assert!(Chat::from_value(Value::Json("[{\"role\":\"admin\",\"content\":\"\"}]".into())).is_err());
    }
}

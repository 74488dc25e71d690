//! Source code.

use super::draw::Drawn;
use super::input::{CodeLike, Defaulted, Input, InputOptions, Literal};
use super::output::{Output, OutputOptions};
use super::text_of;
use crate::Value;
use crate::bindings::vitrine::space::description::{Code as Description, Component};

/// Source code, which the page draws in colours: `#[input(language = "python")]`, `#[output(language = "json")]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code(pub String);

impl Input for Code {
    fn component(options: &InputOptions) -> Component {
        Component::Code(Description { language: options.language.clone() })
    }

    fn from_value(value: Value) -> Result<Self, String> {
        text_of(value).map(Self)
    }
}

impl Literal<&str> for Code {
    fn literal(literal: &str) -> Value {
        Value::Text(literal.to_owned())
    }
}

impl Defaulted for Code {}
impl CodeLike for Code {}

impl Output for Code {
    fn component() -> Component {
        Component::Code(Description { language: None })
    }

    fn drawn(options: &OutputOptions) -> Option<Drawn> {
        options.language.as_deref().map(|language| Drawn::new("code").option("language", language))
    }

    fn into_value(self) -> Value {
        Value::Text(self.0)
    }
}

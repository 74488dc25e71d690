//! Colours.

use std::fmt;
use std::str::FromStr;

use super::draw::Drawn;
use super::input::{Defaulted, Input, InputOptions, Literal};
use super::output::{Output, OutputOptions};
use super::{text_component, text_of};
use crate::Value;
use crate::bindings::vitrine::space::description::Component;

/// A colour without transparency, drawn as a colour picker.
///
/// ```
/// let color: guest_sdk::Color = "#1f77b4".parse()?;
/// assert_eq!((color.red, color.green, color.blue), (31, 119, 180));
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Color {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl FromStr for Color {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a colour like `#1f77b4`");
        let digits =
            text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii()).ok_or_else(wrong)?;
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| wrong());
        Ok(Self { red: part(0)?, green: part(2)?, blue: part(4)? })
    }
}

impl Input for Color {
    fn component(_: &InputOptions) -> Component {
        text_component()
    }

    fn drawn(_: &InputOptions) -> Option<Drawn> {
        Some(Drawn::new("color-picker"))
    }

    fn from_value(value: Value) -> Result<Self, String> {
        text_of(value)?.parse()
    }
}

impl Output for Color {
    fn component() -> Component {
        text_component()
    }

    fn drawn(_: &OutputOptions) -> Option<Drawn> {
        Some(Drawn::new("color-picker"))
    }

    fn into_value(self) -> Value {
        Value::Text(self.to_string())
    }
}

impl Literal<&str> for Color {
    fn literal(literal: &str) -> Value {
        Value::Text(literal.to_owned())
    }
}

impl Defaulted for Color {}

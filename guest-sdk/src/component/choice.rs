//! Enums as menus.

use super::input::{Defaulted, Input, InputOptions, Literal};
use super::unexpected;
use crate::Value;
use crate::bindings::vitrine::space::description::{Choices, Component, Dropdown};

/// Up to so many choices are drawn side by side; more become a menu.
const MAX_RADIO_CHOICES: usize = 5;

/// An enum of which a visitor picks one: `#[derive(Clone, Copy, PartialEq, guest_sdk::Choice)]`.
pub trait Choice: Copy + PartialEq + 'static {
    /// Each variant with the text that the visitor sees and that requests carry.
    const CHOICES: &'static [(&'static str, Self)];
}

/// How an enum is drawn; the derive's `Input` calls it.
#[doc(hidden)]
pub fn choice_component<T: Choice>() -> Component {
    let choices = T::CHOICES.iter().map(|(text, _)| (*text).to_owned()).collect::<Vec<_>>();
    if choices.len() <= MAX_RADIO_CHOICES {
        Component::Radio(Choices { choices })
    } else {
        Component::Dropdown(Dropdown { choices, multiselect: false })
    }
}

/// The variant that a text stands for; the derive's `Input` calls it.
#[doc(hidden)]
pub fn choice_from_value<T: Choice>(value: Value) -> Result<T, String> {
    match value {
        Value::Text(text) => find(&text),
        other => Err(unexpected("one of the choices", &other)),
    }
}

/// The text of a variant; the derive's `Literal` calls it.
#[doc(hidden)]
pub fn choice_value<T: Choice>(variant: T) -> Value {
    Value::Text(text(variant))
}

fn text<T: Choice>(variant: T) -> String {
    T::CHOICES.iter().find(|(_, other)| *other == variant).map_or("", |(text, _)| *text).to_owned()
}

/// `default = [Size::Small]`
impl<T: Choice, const N: usize> Literal<[T; N]> for Vec<T> {
    fn literal(literal: [T; N]) -> Value {
        Value::Texts(literal.map(text).into())
    }
}

impl<T: Choice> Defaulted for Vec<T> {}

impl<T: Choice> Input for Vec<T> {
    fn component(_: &InputOptions) -> Component {
        Component::CheckboxGroup(Choices { choices: T::CHOICES.iter().map(|(text, _)| (*text).to_owned()).collect() })
    }

    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Texts(texts) => texts.iter().map(|text| find(text)).collect(),
            other => Err(unexpected("a list of choices", &other)),
        }
    }
}

fn find<T: Choice>(text: &str) -> Result<T, String> {
    match T::CHOICES.iter().find(|(name, _)| *name == text) {
        Some((_, variant)) => Ok(*variant),
        None => {
            let names = T::CHOICES.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            Err(format!("`{text}` is not one of {names}"))
        }
    }
}

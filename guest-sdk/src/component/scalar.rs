//! Numbers, booleans, texts, Markdown and JSON.

use super::draw::Drawn;
use super::input::{Chosen, Defaulted, Input, InputOptions, Literal, Ranged, TextLike, Typed};
use super::output::{Output, OutputOptions};
use super::{text_of, unexpected};
use crate::Value;
use crate::bindings::vitrine::space::description::{Component, Dropdown, NumberRange, Textbox};

/// Text in CommonMark. Raw HTML in it is shown as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Markdown(pub String);

/// A JSON document, as text. The host refuses what is not JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json(pub String);

fn number_component(options: &InputOptions, whole: bool, lowest: Option<f64>) -> Component {
    let range = NumberRange {
        minimum: options.minimum.or(lowest),
        maximum: options.maximum,
        step: options.step.or(whole.then_some(1.0)),
    };
    if options.slider { Component::Slider(range) } else { Component::Number(range) }
}

macro_rules! float {
    ($($type:ident)*) => {$(
        impl Input for $type {
            fn component(options: &InputOptions) -> Component {
                number_component(options, false, None)
            }

            fn from_value(value: Value) -> Result<Self, String> {
                match value {
                    Value::Number(number) => Ok(number as $type),
                    Value::Integer(integer) => Ok(integer as $type),
                    other => Err(unexpected("a number", &other)),
                }
            }
        }

        impl Output for $type {
            fn component() -> Component {
                number_component(&InputOptions::default(), false, None)
            }

            #[allow(clippy::cast_lossless, reason = "`f64` is one of the types")]
            fn into_value(self) -> Value {
                Value::Number(self as f64)
            }
        }

        impl Literal<f64> for $type {
            fn literal(literal: f64) -> Value {
                Value::Number(literal)
            }
        }

        impl Literal<i64> for $type {
            fn literal(literal: i64) -> Value {
                Value::Number(literal as f64)
            }
        }

        impl Ranged for $type {}
        impl Defaulted for $type {}
    )*};
}

float!(f64 f32);

macro_rules! integer {
    ($($type:ident)*) => {$(
        impl Input for $type {
            fn component(options: &InputOptions) -> Component {
                number_component(options, true, ($type::MIN == 0).then_some(0.0))
            }

            fn from_value(value: Value) -> Result<Self, String> {
                let number = match value {
                    Value::Integer(integer) => i128::from(integer),
                    Value::Number(number) if number.fract() == 0.0 => number as i128,
                    Value::Number(number) => return Err(format!("{number} is not a whole number")),
                    other => return Err(unexpected("a whole number", &other)),
                };
                number.try_into().map_err(|_| format!("{number} is not in {}..={}", $type::MIN, $type::MAX))
            }
        }

        impl Output for $type {
            fn component() -> Component {
                number_component(&InputOptions::default(), true, None)
            }

            #[allow(clippy::cast_lossless, reason = "only the narrow ones among the types have `From`")]
            fn into_value(self) -> Value {
                i64::try_from(self).map_or_else(|_| Value::Number(self as f64), Value::Integer)
            }
        }

        impl Literal<i64> for $type {
            fn literal(literal: i64) -> Value {
                Value::Integer(literal)
            }
        }

        impl Ranged for $type {}
        impl Defaulted for $type {}
    )*};
}

integer!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);

impl Input for bool {
    fn component(_: &InputOptions) -> Component {
        Component::Checkbox
    }

    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Boolean(boolean) => Ok(boolean),
            other => Err(unexpected("true or false", &other)),
        }
    }
}

impl Output for bool {
    fn component() -> Component {
        Component::Checkbox
    }

    fn into_value(self) -> Value {
        Value::Boolean(self)
    }
}

impl Literal<bool> for bool {
    fn literal(literal: bool) -> Value {
        Value::Boolean(literal)
    }
}

impl Defaulted for bool {}

impl Input for String {
    fn component(options: &InputOptions) -> Component {
        if !options.choices.is_empty() {
            return Component::Dropdown(Dropdown { choices: options.choices.clone(), multiselect: false });
        }
        Component::Textbox(Textbox {
            lines: options.lines.unwrap_or(1),
            placeholder: options.placeholder.clone(),
            max_length: options.max_length,
        })
    }

    fn drawn(options: &InputOptions) -> Option<Drawn> {
        if options.allow_custom_value {
            return Some(custom_choice(options, false));
        }
        let text_type = options.text_type.as_deref()?;
        let drawn = Drawn::new("textbox").option("type", text_type).option("lines", options.lines.unwrap_or(1));
        Some(drawn.option("placeholder", options.placeholder.as_deref()).option("max_length", options.max_length))
    }

    fn from_value(value: Value) -> Result<Self, String> {
        text_of(value)
    }
}

/// A choice from a menu, or a value of the visitor's own.
fn custom_choice(options: &InputOptions, multiselect: bool) -> Drawn {
    let drawn = Drawn::new("dropdown").option("choices", options.choices.as_slice()).option("multiselect", multiselect);
    drawn.option("allow_custom_value", true)
}

/// Several of the `choices`.
impl Input for Vec<String> {
    fn component(options: &InputOptions) -> Component {
        Component::Dropdown(Dropdown { choices: options.choices.clone(), multiselect: true })
    }

    fn drawn(options: &InputOptions) -> Option<Drawn> {
        options.allow_custom_value.then(|| custom_choice(options, true))
    }

    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Texts(texts) => Ok(texts),
            other => Err(unexpected("a list of texts", &other)),
        }
    }
}

impl<const N: usize> Literal<[&str; N]> for Vec<String> {
    fn literal(literal: [&str; N]) -> Value {
        Value::Texts(literal.map(str::to_owned).to_vec())
    }
}

impl Chosen for Vec<String> {}
impl Defaulted for Vec<String> {}

impl Output for String {
    fn component() -> Component {
        <Self as Input>::component(&InputOptions::default())
    }

    fn drawn(options: &OutputOptions) -> Option<Drawn> {
        options.copy.then(|| Drawn::new("textbox").option("copy", true))
    }

    fn into_value(self) -> Value {
        Value::Text(self)
    }
}

impl Literal<&str> for String {
    fn literal(literal: &str) -> Value {
        Value::Text(literal.to_owned())
    }
}

impl Defaulted for String {}
impl TextLike for String {}
impl Typed for String {}
impl Chosen for String {}

impl Output for Markdown {
    fn component() -> Component {
        Component::Markdown
    }

    fn into_value(self) -> Value {
        Value::Text(self.0)
    }
}

impl Input for Json {
    fn component(_: &InputOptions) -> Component {
        Component::Json
    }

    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Json(text) => Ok(Self(text)),
            other => Err(unexpected("JSON", &other)),
        }
    }
}

impl Output for Json {
    fn component() -> Component {
        Component::Json
    }

    fn into_value(self) -> Value {
        Value::Json(self.0)
    }
}

impl Literal<&str> for Json {
    fn literal(literal: &str) -> Value {
        Value::Json(literal.to_owned())
    }
}

impl Defaulted for Json {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_refuse_fractions_and_overflow() {
        assert_eq!(u8::from_value(Value::Number(7.0)), Ok(7));
        assert_eq!(u8::from_value(Value::Number(7.5)), Err("7.5 is not a whole number".into()));
        assert_eq!(u8::from_value(Value::Integer(256)), Err("256 is not in 0..=255".into()));
        assert_eq!(u8::from_value(Value::Null), Err("expected a whole number, got nothing".into()));
    }

    #[test]
    fn options_take_nothing() {
        assert_eq!(Option::<f32>::from_value(Value::Null), Ok(None));
        assert_eq!(Option::<f32>::from_value(Value::Integer(2)), Ok(Some(2.0)));
    }

    #[test]
    fn unsigned_numbers_start_at_zero() {
        let Component::Number(range) = <u32 as Input>::component(&InputOptions::default()) else { panic!() };
        assert_eq!((range.minimum, range.step), (Some(0.0), Some(1.0)));
    }
}

//! `#[on(…)]`: what calls an endpoint.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, LitInt, LitStr, Result, Token};

/// The words of an attribute.
pub(crate) struct On {
    events: Vec<Event>,
}

enum Event {
    Submit,
    Load,
    /// A change of any input of the endpoint's own.
    ChangeOfOwn,
    Change(LitStr),
    Select(LitStr),
    /// In milliseconds.
    Timer(LitInt),
}

impl On {
    pub(crate) fn parse(attribute: &Attribute) -> Result<Self> {
        let mut events = Vec::new();
        attribute.parse_nested_meta(|meta| {
            let word = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            events.push(match word.as_str() {
                "submit" => Event::Submit,
                "load" => Event::Load,
                "change" if !meta.input.peek(Token![=]) => Event::ChangeOfOwn,
                "change" => Event::Change(meta.value()?.parse()?),
                "select" => Event::Select(meta.value()?.parse()?),
                "timer" => Event::Timer(meta.value()?.parse()?),
                _ => {
                    return Err(meta.error(
                        "unknown event: the events are `submit`, `load`, `change`, `change = \"endpoint.input\"`, \
                         `select = \"endpoint.output\"` and `timer = 1000`",
                    ));
                }
            });
            Ok(())
        })?;
        Ok(Self { events })
    }

    /// What a button alone calls.
    pub(crate) fn button(endpoint: &str) -> Vec<TokenStream> {
        vec![plain("submit", endpoint)]
    }

    /// Expressions of type `(&str, Json, &str)`.
    pub(crate) fn events(&self, endpoint: &str, inputs: &[String]) -> Vec<TokenStream> {
        let of_event = |event: &Event| match event {
            Event::Submit => vec![plain("submit", endpoint)],
            Event::Load => vec![plain("load", endpoint)],
            Event::ChangeOfOwn => {
                inputs.iter().map(|input| valued("change", &format!("{endpoint}.{input}"), endpoint)).collect()
            }
            Event::Change(path) => vec![valued("change", &path.value(), endpoint)],
            Event::Select(path) => vec![valued("select", &path.value(), endpoint)],
            Event::Timer(period) => {
                vec![quote!(("timer", ::guest_sdk::__internal::JsonValue::from(#period), #endpoint))]
            }
        };
        self.events.iter().flat_map(of_event).collect()
    }
}

fn plain(on: &str, endpoint: &str) -> TokenStream {
    quote!((#on, ::guest_sdk::__internal::JsonValue::Null, #endpoint))
}

fn valued(on: &str, value: &str, endpoint: &str) -> TokenStream {
    quote!((#on, ::guest_sdk::__internal::JsonValue::from(#value), #endpoint))
}

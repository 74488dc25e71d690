//! Outputs that are a text or a JSON document: HTML, highlighted text, metrics, plots, maps.

use serde_json::{Value as Json, json};

use super::draw::Drawn;
use super::input::{Input, InputOptions, Literal};
use super::output::{Output, OutputOptions};
use super::{text_component, unexpected};
use crate::Value;
use crate::bindings::vitrine::space::description::Component;

/// HTML. The page shows what is harmless of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Html(pub String);

/// A Vega-Lite specification with its data, as JSON text, drawn as a plot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plot(pub String);

/// A GeoJSON object as text, drawn as a map. As an input: a map on which a visitor sets points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Map(pub String);

/// A text of which parts belong to classes or have scores. As an input: a text of which a visitor marks parts.
///
/// ```
/// use guest_sdk::HighlightedText;
/// let text = HighlightedText::new().class("Ada", "person").plain(" met ").class("Charles", "person");
/// let scored = HighlightedText::new().score("good", 0.9).plain(" ").score("bad", -0.8);
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HighlightedText {
    spans: Vec<Json>,
}

/// What a part of a text is said to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Said<'a> {
    /// Neither.
    Nothing,
    /// Of this class.
    Class(&'a str),
    /// To have this score, mostly in -1..1.
    Score(f64),
}

impl HighlightedText {
    /// No text yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes on with text of no class.
    #[must_use]
    pub fn plain(self, text: impl Into<String>) -> Self {
        self.span(text.into(), Json::Null)
    }

    /// Goes on with text of a class.
    #[must_use]
    pub fn class(self, text: impl Into<String>, class: impl Into<String>) -> Self {
        self.span(text.into(), Json::String(class.into()))
    }

    /// Goes on with text that has a score, mostly in -1..1; one that is not finite counts as none.
    #[must_use]
    pub fn score(self, text: impl Into<String>, score: f64) -> Self {
        self.span(text.into(), Json::from(score))
    }

    /// The parts in order: the text, and what it is said to be.
    pub fn spans(&self) -> impl Iterator<Item = (&str, Said<'_>)> {
        self.spans.iter().map(|span| {
            let said = match &span["class_or_confidence"] {
                Json::String(class) => Said::Class(class),
                score => score.as_f64().map_or(Said::Nothing, Said::Score),
            };
            (span["token"].as_str().unwrap_or_default(), said)
        })
    }

    fn span(mut self, token: String, said: Json) -> Self {
        self.spans.push(json!({ "token": token, "class_or_confidence": said }));
        self
    }
}

/// A number or text that people watch, with its change. `#[output(unit = "ms")]` says what stands behind it.
///
/// ```
/// let metric = guest_sdk::Metric::new(12.5).delta(-0.5);
/// let weather = guest_sdk::Metric::text("21 °C").delta_text("+2 °C");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    value: Json,
    delta: Json,
}

impl Metric {
    /// A number; one that is not finite is written as text.
    pub fn new(value: f64) -> Self {
        Self { value: number(value), delta: Json::Null }
    }

    /// A text.
    pub fn text(value: impl Into<String>) -> Self {
        Self { value: Json::String(value.into()), delta: Json::Null }
    }

    /// By how much it changed.
    #[must_use]
    pub fn delta(mut self, delta: f64) -> Self {
        self.delta = number(delta);
        self
    }

    /// By how much it changed, as a text: one that begins with `-` says that it fell.
    #[must_use]
    pub fn delta_text(mut self, delta: impl Into<String>) -> Self {
        self.delta = Json::String(delta.into());
        self
    }
}

fn number(number: f64) -> Json {
    if number.is_finite() { Json::from(number) } else { Json::String(number.to_string()) }
}

impl Input for Map {
    fn component(_: &InputOptions) -> Component {
        Component::Json
    }

    fn drawn(_: &InputOptions) -> Option<Drawn> {
        Some(Drawn::new("map"))
    }

    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Json(text) => Ok(Self(text)),
            other => Err(unexpected("GeoJSON", &other)),
        }
    }
}

impl Input for HighlightedText {
    fn component(_: &InputOptions) -> Component {
        Component::Json
    }

    fn drawn(_: &InputOptions) -> Option<Drawn> {
        Some(Drawn::new("highlighted-text"))
    }

    fn from_value(value: Value) -> Result<Self, String> {
        let Value::Json(text) = value else { return Err(unexpected("a text with classes", &value)) };
        let spans: Vec<Json> = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        match spans.iter().all(|span| span["token"].is_string()) {
            true => Ok(Self { spans }),
            false => Err("expected a list of parts with `token` and `class_or_confidence`".to_owned()),
        }
    }
}

macro_rules! literals {
    ($($type:ty),*) => {$(
        /// JSON, as in a call.
        impl Literal<&str> for $type {
            fn literal(literal: &str) -> Value {
                Value::Json(literal.to_owned())
            }
        }
    )*};
}

literals!(Map, HighlightedText);

impl Output for Html {
    fn component() -> Component {
        text_component()
    }

    fn drawn(_: &OutputOptions) -> Option<Drawn> {
        Some(Drawn::new("html"))
    }

    fn into_value(self) -> Value {
        Value::Text(self.0)
    }
}

macro_rules! documents {
    ($($type:ident, |$options:ident| $drawn:expr, |$self:ident| $text:expr;)*) => {$(
        impl Output for $type {
            fn component() -> Component {
                Component::Json
            }

            fn drawn($options: &OutputOptions) -> Option<Drawn> {
                Some($drawn)
            }

            fn into_value(self) -> Value {
                let $self = self;
                Value::Json($text)
            }
        }
    )*};
}

documents! {
    Plot, |_options| Drawn::new("plot"), |plot| plot.0;
    Map, |_options| Drawn::new("map"), |map| map.0;
    HighlightedText, |options| Drawn::new("highlighted-text").option("combine_adjacent", options.combine_adjacent),
        |text| Json::Array(text.spans).to_string();
    Metric, |options| match &options.unit {
            Some(unit) => Drawn::new("metric").option("unit", unit.as_str()),
            None => Drawn::new("metric"),
        },
        |metric| json!({ "value": metric.value, "delta": metric.delta }).to_string();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marked_text_goes_in_as_it_comes_out() {
        let text = HighlightedText::new().class("Ada", "person").plain(" ").score("good", 0.5);
        let spans: Vec<_> = text.spans().collect();
        assert_eq!(spans, [("Ada", Said::Class("person")), (" ", Said::Nothing), ("good", Said::Score(0.5))]);
        assert_eq!(HighlightedText::from_value(text.clone().into_value()), Ok(text));
        let wrong = Value::Json(r#"[{"text": "Ada"}]"#.to_owned());
        assert!(HighlightedText::from_value(wrong).is_err_and(|message| message.contains("`token`")));
    }

    #[test]
    fn documents_have_the_form_that_the_host_checks() {
        let text = HighlightedText::new().class("\"a\"", "noun").score("b", f64::NAN).into_value();
        let expected = r#"[{"token":"\"a\"","class_or_confidence":"noun"},{"token":"b","class_or_confidence":null}]"#;
        let Value::Json(found) = text else { panic!("a document") };
        assert_eq!(serde_json::from_str::<Json>(&found).ok(), serde_json::from_str(expected).ok());
        let Value::Json(found) = Metric::new(f64::INFINITY).delta(-0.5).into_value() else { panic!("a document") };
        assert_eq!(serde_json::from_str::<Json>(&found).ok(), Some(json!({ "value": "inf", "delta": -0.5 })));
    }
}

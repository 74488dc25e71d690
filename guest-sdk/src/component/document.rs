//! Outputs that are a text or a JSON document: HTML, highlighted text, metrics, plots, maps.

use serde_json::{Value as Json, json};

use super::draw::Drawn;
use super::output::{Output, OutputOptions};
use super::text_component;
use crate::Value;
use crate::bindings::vitrine::space::description::Component;

/// HTML. The page shows what is harmless of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Html(pub String);

/// A Vega-Lite specification with its data, as JSON text, drawn as a plot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plot(pub String);

/// A GeoJSON object as text, drawn as a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Map(pub String);

/// A text of which parts belong to classes or have scores.
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
    fn documents_have_the_form_that_the_host_checks() {
        let text = HighlightedText::new().class("\"a\"", "noun").score("b", f64::NAN).into_value();
        let expected = r#"[{"token":"\"a\"","class_or_confidence":"noun"},{"token":"b","class_or_confidence":null}]"#;
        let Value::Json(found) = text else { panic!("a document") };
        assert_eq!(serde_json::from_str::<Json>(&found).ok(), serde_json::from_str(expected).ok());
        let Value::Json(found) = Metric::new(f64::INFINITY).delta(-0.5).into_value() else { panic!("a document") };
        assert_eq!(serde_json::from_str::<Json>(&found).ok(), Some(json!({ "value": "inf", "delta": -0.5 })));
    }
}

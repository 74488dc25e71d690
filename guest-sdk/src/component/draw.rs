//! Components and options that came after the description's own: said beside it, in JSON.

use std::fmt;

pub use crate::bindings::vitrine::space::components::Side;
use crate::bindings::vitrine::space::description::Endpoint;

/// How a field is drawn: a kind and its options, as `wit/components.wit` lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// The members of the JSON object. Written by hand: every space describes itself, and few need more of JSON.
    members: String,
}

impl Drawn {
    /// A component of this kind, such as `color-picker`, with its default options.
    ///
    /// ```
    /// use guest_sdk::component::Drawn;
    /// let drawn = Drawn::new("datetime").option("include_time", false);
    /// assert_eq!(drawn.to_string(), r#"{"kind":"datetime","include_time":false}"#);
    /// ```
    pub fn new(kind: &str) -> Self {
        Self { members: String::new() }.option("kind", kind)
    }

    /// The same with an option, which must not be there yet.
    #[must_use]
    pub fn option(mut self, name: &str, value: impl OptionValue) -> Self {
        if !self.members.is_empty() {
            self.members.push(',');
        }
        name.write(&mut self.members);
        self.members.push(':');
        value.write(&mut self.members);
        self
    }
}

impl fmt::Display for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{}}}", self.members)
    }
}

/// What an option of a component may be: a text, a number, a truth value, several texts, or nothing.
pub trait OptionValue {
    /// Writes it as JSON behind what is there.
    fn write(&self, json: &mut String);
}

impl OptionValue for &str {
    fn write(&self, json: &mut String) {
        json.push('"');
        for character in self.chars() {
            match character {
                '"' | '\\' => json.extend(['\\', character]),
                control if control < ' ' => json.push_str(&format!("\\u{:04x}", u32::from(control))),
                other => json.push(other),
            }
        }
        json.push('"');
    }
}

impl OptionValue for u32 {
    fn write(&self, json: &mut String) {
        json.push_str(&self.to_string());
    }
}

impl OptionValue for bool {
    fn write(&self, json: &mut String) {
        json.push_str(if *self { "true" } else { "false" });
    }
}

impl OptionValue for &[String] {
    fn write(&self, json: &mut String) {
        json.push('[');
        for (index, text) in self.iter().enumerate() {
            if index > 0 {
                json.push(',');
            }
            text.as_str().write(json);
        }
        json.push(']');
    }
}

impl<T: OptionValue> OptionValue for Option<T> {
    fn write(&self, json: &mut String) {
        match self {
            Some(value) => value.write(json),
            None => json.push_str("null"),
        }
    }
}

/// Draws a field otherwise than its description says. Call it while the space describes itself.
///
/// Functions under `#[space]` need not: their types say it. It is for an [`App`](crate::App) that describes itself at run
/// time. Natively what is drawn is kept for [`take_drawn`].
pub fn draw(endpoint: &str, side: Side, field: &str, drawn: &Drawn) {
    #[cfg(target_arch = "wasm32")]
    crate::bindings::vitrine::space::components::draw(endpoint, side, field, &drawn.to_string());
    #[cfg(not(target_arch = "wasm32"))]
    DRAWN.with_borrow_mut(|all| all.push((format!("{endpoint}.{field}"), side, drawn.clone())));
}

#[cfg(not(target_arch = "wasm32"))]
std::thread_local! {
    static DRAWN: std::cell::RefCell<Vec<(String, Side, Drawn)>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// What this thread has drawn since it was last asked: `endpoint.field`, its side, and how. For native tests.
#[cfg(not(target_arch = "wasm32"))]
pub fn take_drawn() -> Vec<(String, Side, Drawn)> {
    DRAWN.take()
}

/// An endpoint whose fields are drawn so; none leaves a field as it is described.
#[doc(hidden)]
pub fn described(endpoint: Endpoint, inputs: Vec<Option<Drawn>>, outputs: Vec<Option<Drawn>>) -> Endpoint {
    let sides = [(Side::Input, &endpoint.inputs, inputs), (Side::Output, &endpoint.outputs, outputs)];
    for (side, fields, drawn) in sides {
        for (field, drawn) in fields.iter().zip(drawn) {
            if let Some(drawn) = drawn {
                draw(&endpoint.name, side, &field.name, &drawn);
            }
        }
    }
    endpoint
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_json() {
        let drawn =
            Drawn::new("dropdown").option("choices", ["a \"b\"\n\\".to_owned()].as_slice()).option("x", None::<u32>);
        let json: serde_json::Value = serde_json::from_str(&drawn.to_string()).expect("JSON");
        assert_eq!(json, serde_json::json!({ "kind": "dropdown", "choices": ["a \"b\"\n\\"], "x": null }));
    }
}

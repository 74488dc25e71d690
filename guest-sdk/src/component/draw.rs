//! Components and options that came after the description's own: said beside it, in JSON.

use serde_json::{Map, Value as Json, json};

pub use crate::bindings::vitrine::space::components::Side;
use crate::bindings::vitrine::space::description::Endpoint;

/// How a field is drawn: a kind and its options, as `wit/components.wit` lists them.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn(Map<String, Json>);

impl Drawn {
    /// A component of this kind, such as `color-picker`, with its default options.
    ///
    /// ```
    /// use guest_sdk::component::Drawn;
    /// let drawn = Drawn::new("datetime").option("include_time", false);
    /// assert_eq!(drawn.to_string(), r#"{"include_time":false,"kind":"datetime"}"#);
    /// ```
    pub fn new(kind: &str) -> Self {
        Self(Map::from_iter([("kind".to_owned(), json!(kind))]))
    }

    /// The same with an option.
    #[must_use]
    pub fn option(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }
}

impl std::fmt::Display for Drawn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sorted: std::collections::BTreeMap<_, _> = self.0.iter().collect();
        f.write_str(&serde_json::to_string(&sorted).map_err(|_| std::fmt::Error)?)
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

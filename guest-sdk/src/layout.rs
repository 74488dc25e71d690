//! How the page is laid out, and changes of it that a call makes.

use serde_json::{Map, Value as Json, json};

use crate::Value;
use crate::bindings::vitrine::space::description::Component;
use crate::bindings::vitrine::space::types::Cell;
use crate::component::{Drawn, Input, InputOptions, Output, OutputOptions, Table, unexpected};

/// The page of a space: what stands where.
///
/// A function under `#[layout]` returns it. Without one, each endpoint has its form.
///
/// ```
/// use guest_sdk::Layout;
/// let layout = Layout::new()
///     .sidebar(|side| side.input("grow.rate").input("grow.years"))
///     .tabs(|tabs| tabs.tab("Table", |tab| tab.output("grow.table")).tab("Chart", |tab| tab.output("grow.chart")));
/// assert_eq!(layout.len(), 8);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Layout {
    nodes: Vec<Json>,
    parent: Option<usize>,
}

impl Layout {
    /// An empty page.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many nodes it has.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// True for an empty page.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Side by side, where there is room.
    #[must_use]
    pub fn row(self, inside: impl FnOnce(Self) -> Self) -> Self {
        self.around("row", None, inside)
    }

    /// One below the other.
    #[must_use]
    pub fn column(self, inside: impl FnOnce(Self) -> Self) -> Self {
        self.around("column", None, inside)
    }

    /// Tabs, of which one is seen: call [`Self::tab`] inside.
    #[must_use]
    pub fn tabs(self, inside: impl FnOnce(Self) -> Self) -> Self {
        self.around("tabs", None, inside)
    }

    /// One of [`Self::tabs`].
    #[must_use]
    pub fn tab(self, title: &str, inside: impl FnOnce(Self) -> Self) -> Self {
        self.around("tab", Some(title), inside)
    }

    /// Steps that a visitor takes one after the other: call [`Self::step`] inside.
    #[must_use]
    pub fn steps(self, inside: impl FnOnce(Self) -> Self) -> Self {
        self.around("steps", None, inside)
    }

    /// One of [`Self::steps`].
    #[must_use]
    pub fn step(self, title: &str, inside: impl FnOnce(Self) -> Self) -> Self {
        self.around("step", Some(title), inside)
    }

    /// What a visitor can unfold.
    #[must_use]
    pub fn accordion(self, title: &str, inside: impl FnOnce(Self) -> Self) -> Self {
        self.around("accordion", Some(title), inside)
    }

    /// Beside everything else.
    #[must_use]
    pub fn sidebar(self, inside: impl FnOnce(Self) -> Self) -> Self {
        self.around("sidebar", None, inside)
    }

    /// A text in Markdown.
    #[must_use]
    pub fn markdown(self, text: &str) -> Self {
        self.node("markdown", Some(text))
    }

    /// The whole form of an endpoint: its inputs, button and outputs.
    #[must_use]
    pub fn endpoint(self, name: &str) -> Self {
        self.node("endpoint", Some(name))
    }

    /// One input, `endpoint.name`. Below the last one of an endpoint stands its button.
    #[must_use]
    pub fn input(self, path: &str) -> Self {
        self.node("input", Some(path))
    }

    /// One output, `endpoint.name`.
    #[must_use]
    pub fn output(self, path: &str) -> Self {
        self.node("output", Some(path))
    }

    fn node(mut self, kind: &str, value: Option<&str>) -> Self {
        let mut node = Map::from_iter([("kind".to_owned(), json!(kind)), ("parent".to_owned(), json!(self.parent))]);
        if let Some(value) = value {
            node.insert("value".to_owned(), json!(value));
        }
        self.nodes.push(Json::Object(node));
        self
    }

    fn around(self, kind: &str, value: Option<&str>, inside: impl FnOnce(Self) -> Self) -> Self {
        let before = self.parent;
        let mut layout = self.node(kind, value);
        layout.parent = Some(layout.nodes.len() - 1);
        let mut layout = inside(layout);
        layout.parent = before;
        layout
    }
}

/// Changes of other components of the visitor's page: what an endpoint may return beside, or instead of, its other outputs.
///
/// ```
/// use guest_sdk::Updates;
/// let updates = Updates::new().show("label.text").value("label.text", "A sentence.").choices("label.to", ["good", "bad"]);
/// assert_eq!(updates.to_string(), r#"{"label.text":{"value":"A sentence.","visible":true},"label.to":{"choices":["good","bad"]}}"#);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Updates(std::collections::BTreeMap<String, Map<String, Json>>);

impl Updates {
    /// No change.
    pub fn new() -> Self {
        Self::default()
    }

    /// Shows an input or output, `endpoint.name`.
    #[must_use]
    pub fn show(self, path: &str) -> Self {
        self.with(path, "visible", json!(true))
    }

    /// Hides it.
    #[must_use]
    pub fn hide(self, path: &str) -> Self {
        self.with(path, "visible", json!(false))
    }

    /// Enters a value, or shows it as an output: JSON as a call takes or gives it.
    #[must_use]
    pub fn value(self, path: &str, value: impl Into<Json>) -> Self {
        self.with(path, "value", value.into())
    }

    /// Offers these choices in place of those before. The input's own have to allow others: `allow_custom_value`.
    #[must_use]
    pub fn choices<T: Into<String>>(self, path: &str, choices: impl IntoIterator<Item = T>) -> Self {
        let choices: Vec<String> = choices.into_iter().map(Into::into).collect();
        self.with(path, "choices", json!(choices))
    }

    fn with(mut self, path: &str, what: &str, value: Json) -> Self {
        let changes = self.0.entry(path.to_owned()).or_default();
        changes.insert(what.to_owned(), value);
        self
    }
}

impl Output for Updates {
    fn component() -> Component {
        Component::Json
    }

    fn drawn(_options: &OutputOptions) -> Option<Drawn> {
        Some(Drawn::new("updates"))
    }

    fn into_value(self) -> Value {
        Value::Json(self.to_string())
    }
}

impl std::fmt::Display for Updates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sorted: std::collections::BTreeMap<_, std::collections::BTreeMap<_, _>> =
            self.0.iter().map(|(path, changes)| (path, changes.iter().collect())).collect();
        f.write_str(&serde_json::to_string(&sorted).map_err(|_| std::fmt::Error)?)
    }
}

impl From<Table> for Json {
    /// The table as a call takes or gives it.
    fn from(table: Table) -> Self {
        let cell = |cell: &Cell| match cell {
            Cell::Null => Self::Null,
            Cell::Boolean(boolean) => json!(boolean),
            Cell::Integer(integer) => json!(integer),
            Cell::Number(number) => json!(number),
            Cell::Text(text) => json!(text),
        };
        let headers: Vec<&str> = table.columns().iter().map(|column| column.name.as_str()).collect();
        let row = |row: usize| Self::Array(table.columns().iter().map(|column| cell(&column.cells[row])).collect());
        json!({ "headers": headers, "data": (0..table.n_rows()).map(row).collect::<Vec<_>>() })
    }
}

/// What a visitor has selected in an output: the input `selection` of an endpoint under `#[on(select = "…")]`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Selection {
    index: Vec<usize>,
    value: Json,
}

impl Selection {
    /// The row of a table, from 0.
    pub fn row(&self) -> Option<usize> {
        self.index.first().copied()
    }

    /// The column of a table, from 0.
    pub fn column(&self) -> Option<usize> {
        self.index.get(1).copied()
    }

    /// The point of an image, in its pixels: from the left, and from the top.
    pub fn point(&self) -> Option<(usize, usize)> {
        Some((self.row()?, self.column()?))
    }

    /// What stands there: a cell's value, or what a plot says of its mark.
    pub fn value(&self) -> &Json {
        &self.value
    }
}

impl Input for Selection {
    fn component(_options: &InputOptions) -> Component {
        Component::Json
    }

    fn from_value(value: Value) -> Result<Self, String> {
        let Value::Json(text) = value else { return Err(unexpected("a selection", &value)) };
        let json: Json = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let index = json.get("index").cloned().unwrap_or_default();
        let index = match index {
            Json::Array(index) => index,
            Json::Null => Vec::new(),
            one => vec![one],
        };
        let index = index.iter().map(|number| Some(number.as_u64()? as usize)).collect::<Option<_>>();
        let index = index.ok_or_else(|| "`index` must be a whole number, or a list of them".to_owned())?;
        Ok(Self { index, value: json.get("value").cloned().unwrap_or_default() })
    }
}

/// Says how the page is laid out, and what calls the endpoints: `(trigger, its value, endpoint)`. What the macros expand to.
#[doc(hidden)]
pub fn arrange(layout: &Layout, events: &[(&str, Json, &str)]) {
    let event = |(on, value, endpoint): &(&str, Json, &str)| match value {
        Json::Null => json!({ "trigger": { "on": on }, "endpoint": endpoint }),
        value => json!({ "trigger": { "on": on, "value": value }, "endpoint": endpoint }),
    };
    let events = Json::Array(events.iter().map(event).collect()).to_string();
    let layout = Json::Array(layout.nodes.clone()).to_string();
    #[cfg(target_arch = "wasm32")]
    crate::bindings::vitrine::space::page::arrange(&layout, &events);
    #[cfg(not(target_arch = "wasm32"))]
    ARRANGED.set((layout, events));
}

#[cfg(not(target_arch = "wasm32"))]
std::thread_local! {
    static ARRANGED: std::cell::RefCell<(String, String)> = const { std::cell::RefCell::new((String::new(), String::new())) };
}

/// The layout and the events that this thread has said last, as JSON. For native tests.
#[cfg(not(target_arch = "wasm32"))]
pub fn take_arranged() -> (String, String) {
    ARRANGED.take()
}

//! The interface: what a space says of itself. One to one with `interface.wit`.
//!
//! These types are at the same time what is stored with a revision, what the API sends and what the page
//! draws from, so they carry serde themselves instead of a second, identical set in [`crate::view`].

pub mod check;
pub mod component;

use serde::{Deserialize, Serialize};

use crate::value::Value;
use crate::value::decode::stored_paths;

pub use check::{InterfaceError, InterfaceProblem};
pub use component::{Axes, Component, Datatype, NumberRange, ParseComponentError, Source, TextType, ValueKind};

/// Everything that the page and the API need to know of a space.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Interface {
    pub title: String,
    /// Markdown text drawn under the title.
    pub documentation: String,
    pub endpoints: Vec<Endpoint>,
    /// Empty draws each endpoint's form, one tab each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layout: Vec<LayoutNode>,
    /// Empty means a submit event for each endpoint.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
}

/// One function of the space.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Endpoint {
    /// The name in URLs: `[a-z][a-z0-9_]*`.
    pub name: String,
    pub title: String,
    /// Markdown text drawn above the form.
    pub documentation: String,
    pub inputs: Vec<Field>,
    pub outputs: Vec<Field>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
    /// True where a call emits partial outputs before it returns.
    #[serde(default)]
    pub streams: bool,
}

/// One input or output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Field {
    /// The key in requests and answers: `[a-z][a-z0-9_]*`.
    pub name: String,
    /// The text drawn above the component.
    pub label: String,
    /// A sentence of help drawn below the label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub info: Option<String>,
    pub component: Component,
    /// The value used where a request leaves the input out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// True where a request may leave the input out without a default.
    #[serde(default)]
    pub optional: bool,
}

/// A set of inputs that a visitor loads with one click.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Example {
    pub title: Option<String>,
    /// One value per input. `Text("asset:NAME")` stands for the bundle's file NAME where the component takes media.
    pub inputs: Vec<Value>,
    /// True where the server keeps what the example gave when the space was published.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cached: bool,
}

/// A node of the layout tree; `parent` is an index smaller than the node's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LayoutNode {
    #[serde(flatten)]
    pub kind: LayoutKind,
    pub parent: Option<u32>,
}

/// What one node of the layout draws.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", content = "value", rename_all = "kebab-case")]
pub enum LayoutKind {
    Row,
    Column,
    Tabs,
    /// A tab with its title.
    Tab(String),
    /// What a visitor does one after the other.
    Steps,
    /// A step with its title.
    Step(String),
    /// A foldable section with its title.
    Accordion(String),
    Sidebar,
    /// Markdown text.
    Markdown(String),
    /// The form of an endpoint, by name.
    Endpoint(String),
    /// One input: `endpoint.field`.
    Input(String),
    /// One output: `endpoint.field`.
    Output(String),
}

/// A trigger with the endpoint that it calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Event {
    pub trigger: Trigger,
    pub endpoint: String,
}

/// What makes the page call an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "on", content = "value", rename_all = "kebab-case")]
pub enum Trigger {
    Submit,
    /// A change of this input (`endpoint.field`), debounced by the page.
    Change(String),
    Load,
    /// Every so many milliseconds, at least 250, while the page is visible.
    Timer(u32),
    /// The choice of something in this output (`endpoint.field`): a row of a table, a point of an image, a mark of a plot.
    /// The endpoint gets it in its input [`SELECTION`].
    Select(String),
}

/// The input that gets what a visitor has selected.
pub const SELECTION: &str = "selection";

impl Interface {
    /// The endpoint called `name`.
    pub fn endpoint(&self, name: &str) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.name == name)
    }

    /// The bundle's files that defaults and examples stand for: publishing fails where one is missing.
    pub fn asset_paths(&self) -> impl Iterator<Item = &str> {
        self.endpoints.iter().flat_map(|endpoint| {
            let examples = endpoint.examples.iter().flat_map(|example| endpoint.inputs.iter().zip(&example.inputs));
            let defaults = endpoint.inputs.iter().filter_map(|field| Some((field, field.default.as_ref()?)));
            examples
                .chain(defaults)
                .filter(|(field, _)| field.component.takes_media())
                .flat_map(|(_, stored)| stored_paths(stored))
        })
    }
}

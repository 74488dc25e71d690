//! Checks of an interface as a guest describes it.
//!
//! A guest is hostile: what passes here is small enough to store and draw, refers only to what exists, and has
//! defaults and examples that its own components accept.

mod fields;
mod layout;

use std::collections::HashSet;
use std::io;

use super::{Endpoint, Interface};
use crate::id::{ParseAssetPathError, ParseNameError, check_name};
use crate::value::{MAX_TENSOR_RANK, ValueError, quoted};

/// The most endpoints of a space.
pub const MAX_ENDPOINTS: usize = 64;

/// The most inputs and outputs of one endpoint, together.
pub const MAX_FIELDS: usize = 256;

/// The most choices of one component, and columns of a table.
pub const MAX_CHOICES: usize = 10_000;

/// The most examples of one endpoint.
pub const MAX_EXAMPLES: usize = 256;

/// The most nodes of a layout.
pub const MAX_LAYOUT_NODES: usize = 1024;

/// How deep a layout nests: pages draw it recursively.
pub const MAX_LAYOUT_DEPTH: usize = 16;

/// The most events.
pub const MAX_EVENTS: usize = 256;

/// The shortest interval of a timer, in milliseconds.
pub const MIN_TIMER_MS: u32 = 250;

/// The most bytes of an interface as JSON: every visitor of the page loads it.
pub const MAX_INTERFACE_BYTES: usize = 1 << 20;

/// What is wrong with an interface, and where: the author's fault.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct InterfaceError {
    /// Such as `endpoint predict, input x`.
    pub place: String,
    pub problem: Box<InterfaceProblem>,
}

/// What is wrong at one place of an interface.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum InterfaceProblem {
    #[error("there is no endpoint")]
    NoEndpoint,
    #[error("there are {given} {what}, but at most {maximum} are allowed")]
    TooMany { what: &'static str, given: usize, maximum: usize },
    #[error(
        "it takes {given} bytes as JSON, but at most {MAX_INTERFACE_BYTES} are allowed; put example files into the bundle"
    )]
    TooLarge { given: usize },
    #[error(transparent)]
    Name(#[from] ParseNameError),
    #[error("the name is used twice")]
    NameTwice,
    #[error("a {kind} can only be an output")]
    OutputOnly { kind: String },
    #[error("an output cannot have a default")]
    OutputDefault,
    #[error("{what} must be a finite number, found {number}")]
    NotFinite { what: &'static str, number: f64 },
    #[error("a slider needs a minimum and a maximum")]
    OpenSlider,
    #[error("the minimum {minimum} is not below the maximum {maximum}")]
    EmptyRange { minimum: f64, maximum: f64 },
    #[error("the step {step} is not above 0")]
    Step { step: f64 },
    #[error("there are no choices")]
    NoChoices,
    #[error("the choice `{choice}` is there twice")]
    ChoiceTwice { choice: String },
    #[error("`{endpoint}` is called by a selection, so it needs an input `selection` of component `json`")]
    Selection { endpoint: String },
    #[error("a tensor has at most {MAX_TENSOR_RANK} dimensions, found {given}")]
    Rank { given: usize },
    #[error("`{given}` is not the name of a time zone, such as `Europe/Berlin`")]
    Timezone { given: String },
    #[error("the shape has more elements than can be stored")]
    Shape,
    #[error("the default does not fit: {problem}")]
    Default { problem: ValueError },
    #[error("there are {given} values for {expected} inputs")]
    ExampleLength { given: usize, expected: usize },
    #[error("input `{input}` has no value")]
    ExampleMissing { input: String },
    #[error("input `{input}`: {problem}")]
    ExampleValue { input: String, problem: ValueError },
    #[error("input `{input}`: {problem}")]
    ExampleAsset { input: String, problem: ParseAssetPathError },
    #[error("the parent {parent} is not a node before this one")]
    Parent { parent: u32 },
    #[error("the nodes nest deeper than {MAX_LAYOUT_DEPTH} levels")]
    TooDeep,
    #[error("{rule}")]
    Nesting { rule: &'static str },
    #[error("there is no endpoint `{name}`")]
    UnknownEndpoint { name: String },
    #[error("there is no {what} `{path}`; write `endpoint.field`")]
    UnknownField { what: &'static str, path: String },
    #[error("a timer runs at most every {MIN_TIMER_MS} ms, found {given} ms")]
    Timer { given: u32 },
}

impl Interface {
    /// Checks names, caps, ranges, choices, defaults, examples, layout and events.
    ///
    /// # Errors
    /// [`InterfaceError`] naming the first place at fault.
    pub fn check(&self) -> Result<(), InterfaceError> {
        let whole = |problem| at("interface", problem);
        if self.endpoints.is_empty() {
            return Err(whole(InterfaceProblem::NoEndpoint));
        }
        at_most("endpoints", self.endpoints.len(), MAX_ENDPOINTS).map_err(whole)?;
        at_most("layout nodes", self.layout.len(), MAX_LAYOUT_NODES).map_err(whole)?;
        at_most("events", self.events.len(), MAX_EVENTS).map_err(whole)?;
        let given = self.size_bytes();
        if given > MAX_INTERFACE_BYTES {
            return Err(whole(InterfaceProblem::TooLarge { given }));
        }

        let mut names = HashSet::new();
        for endpoint in &self.endpoints {
            let place = format!("endpoint {}", quoted(&endpoint.name));
            check_name(&endpoint.name).map_err(|error| at(&place, error.into()))?;
            if !names.insert(&endpoint.name) {
                return Err(at(&place, InterfaceProblem::NameTwice));
            }
            check_endpoint(&place, endpoint)?;
        }
        layout::check_layout(self)?;
        layout::check_events(self)
    }

    /// The size as JSON.
    fn size_bytes(&self) -> usize {
        let mut count = ByteCount(0);
        // Counting cannot fail, and what cannot be written as JSON must not be stored.
        serde_json::to_writer(&mut count, self).map_or(usize::MAX, |()| count.0)
    }
}

fn check_endpoint(place: &str, endpoint: &Endpoint) -> Result<(), InterfaceError> {
    let n_fields = endpoint.inputs.len() + endpoint.outputs.len();
    at_most("inputs and outputs", n_fields, MAX_FIELDS).map_err(|problem| at(place, problem))?;
    at_most("examples", endpoint.examples.len(), MAX_EXAMPLES).map_err(|problem| at(place, problem))?;
    for (kind, fields) in [("input", &endpoint.inputs), ("output", &endpoint.outputs)] {
        let mut names = HashSet::new();
        for field in fields {
            let place = format!("{place}, {kind} {}", quoted(&field.name));
            let is_new = names.insert(&field.name);
            let check = match kind {
                "input" => fields::check_input(field),
                _ => fields::check_output(field),
            };
            check.map_err(|problem| at(&place, problem))?;
            if !is_new {
                return Err(at(&place, InterfaceProblem::NameTwice));
            }
        }
    }
    for (index, example) in endpoint.examples.iter().enumerate() {
        fields::check_example(endpoint, example).map_err(|problem| {
            let name = example.title.as_deref().map_or_else(|| (index + 1).to_string(), |t| format!("`{}`", quoted(t)));
            at(&format!("{place}, example {name}"), problem)
        })?;
    }
    Ok(())
}

fn at(place: &str, problem: InterfaceProblem) -> InterfaceError {
    InterfaceError { place: place.to_owned(), problem: Box::new(problem) }
}

fn at_most(what: &'static str, given: usize, maximum: usize) -> Result<(), InterfaceProblem> {
    if given > maximum { Err(InterfaceProblem::TooMany { what, given, maximum }) } else { Ok(()) }
}

/// Counts what is written to it.
struct ByteCount(usize);

impl io::Write for ByteCount {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;

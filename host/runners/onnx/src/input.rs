//! From the values of a request to the tensors of the graph.

mod features;
mod guess;
mod picture;
mod raw;
mod text;

use std::collections::{HashMap, HashSet};

use spaces::interface::{Component, Field};
use spaces::manifest::{InputKind, InputSpec, Manifest};
use spaces::value::Value;
use tract_onnx::prelude::Tensor;

use crate::assets::Assets;
use crate::graph::{Axis, Port};
use crate::model::{FeedDim, FeedSpec, datum_type};
use crate::names::label_for;
use crate::runner::CallError;

pub use text::TokenMask;

/// Why the inputs of a space do not fit its graph.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    #[error("input `{field}`: the graph has no input `{tensor}`; it has {}", listed(.known))]
    NoSuchTensor { field: String, tensor: String, known: Vec<String> },
    #[error("input `{field}`: set `tensor` to the graph input that it feeds, one of {}", listed(.known))]
    AmbiguousTensor { field: String, known: Vec<String> },
    #[error("graph input `{tensor}` is fed by no entry under [[inputs]]")]
    Unfed { tensor: String },
    #[error("graph input `{tensor}` is fed twice, by `{first}` and `{second}`; only features and texts share one")]
    FedTwice { tensor: String, first: String, second: String },
    #[error("graph input `{tensor}` takes {expected}, but [[inputs]] feeds it {given}")]
    Mismatch { tensor: String, expected: String, given: String },
    #[error("input `{field}`: {problem}")]
    BadField { field: String, problem: String },
    #[error("graph input `{tensor}` has the element type {dtype}, which is not supported; export with float32")]
    BadType { tensor: String, dtype: String },
}

/// The inputs of a space, tied to those of its graph.
#[derive(Debug)]
pub struct Inputs {
    fields: Vec<Field>,
    bindings: Vec<Binding>,
    feeds: Vec<FeedSpec>,
    /// As the manifest writes them, or could have.
    specs: Vec<InputSpec>,
}

/// How many rows a call has where the graph leaves it open, which is by a free first dimension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// One: what a person fills in a form, and what tract computes fastest.
    One,
    /// As many as are sent, for spaces whose calls the host joins (`[batching]` in `space.toml`).
    Any,
}

impl Rows {
    pub(crate) fn of(manifest: &Manifest) -> Self {
        if manifest.batching.is_some() { Self::Any } else { Self::One }
    }
}

/// The tensors of one request.
#[derive(Debug)]
pub struct Fed {
    /// One per graph input, in order.
    pub tensors: Vec<Tensor>,
    /// Which tokens count, where the inputs are texts.
    pub mask: Option<TokenMask>,
}

/// What turns one or more fields into one or more tensors.
#[derive(Debug)]
enum Binding {
    Features(features::Features),
    Picture(picture::Picture),
    Texts(Box<text::Texts>),
    Raw(raw::Raw),
}

impl Inputs {
    /// Ties the inputs of the manifest to those of the graph; without any, the graph decides.
    ///
    /// # Errors
    /// [`InputError`] names the input of the manifest or of the graph.
    pub fn resolve(manifest: &Manifest, ports: &[Port], assets: &dyn Assets) -> Result<Self, InputError> {
        let rows = Rows::of(manifest);
        let specs = match manifest.inputs.as_slice() {
            [] => guess::inputs(ports, rows, assets),
            given => given.to_vec(),
        };
        let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
        for (index, spec) in specs.iter().enumerate() {
            let port = find_port(spec, ports)?;
            match groups.iter_mut().find(|(other, _)| *other == port) {
                None => groups.push((port, vec![index])),
                Some((_, members)) => {
                    let first = &specs[members[0]];
                    let both = |is: fn(&InputSpec) -> bool| is(first) && is(spec);
                    if !(both(is_feature) || both(is_text)) {
                        return Err(InputError::FedTwice {
                            tensor: ports[port].name.clone(),
                            first: first.name.clone(),
                            second: spec.name.clone(),
                        });
                    }
                    members.push(index);
                }
            }
        }

        let mut resolved = Resolved::new(ports.len(), rows);
        let mut fields: Vec<Option<Field>> = vec![None; specs.len()];
        let mut bindings = Vec::new();
        for (port, members) in groups {
            let named: Vec<(usize, &InputSpec)> = members.iter().map(|&index| (index, &specs[index])).collect();
            let first = named[0].1;
            let (binding, components) = match &first.kind {
                InputKind::Image(image) => picture::resolve(named[0], image, ports, port, &mut resolved)?,
                InputKind::Text(text) => text::resolve(&named, text, ports, port, assets, &mut resolved)?,
                InputKind::Tensor {} => raw::resolve(named[0].0, ports, port, &mut resolved)?,
                InputKind::Number { .. }
                | InputKind::Slider { .. }
                | InputKind::Dropdown { .. }
                | InputKind::Checkbox { .. } => features::resolve(&named, ports, port, &mut resolved)?,
            };
            bindings.push(binding);
            for ((index, spec), (component, default)) in named.into_iter().zip(components) {
                fields[index] = Some(Field {
                    name: spec.name.clone(),
                    label: spec.label.clone().unwrap_or_else(|| label_for(&spec.name)),
                    info: spec.info.clone(),
                    component,
                    default,
                    optional: false,
                });
            }
        }
        let feeds = resolved.finish(ports)?;
        Ok(Self { fields: fields.into_iter().flatten().collect(), bindings, feeds, specs })
    }

    /// The fields that a visitor fills, in order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The fields as a manifest writes them.
    pub fn specs(&self) -> &[InputSpec] {
        &self.specs
    }

    /// What is fed to the graph, one per graph input, in order.
    pub fn feeds(&self) -> &[FeedSpec] {
        &self.feeds
    }

    /// The labels of the text inputs, in the order of the batch; empty without texts.
    pub fn text_labels(&self) -> Vec<String> {
        let texts = self.bindings.iter().find_map(|binding| match binding {
            Binding::Texts(texts) => Some(texts.fields()),
            Binding::Features(_) | Binding::Picture(_) | Binding::Raw(_) => None,
        });
        texts.into_iter().flatten().map(|&index| self.fields[index].label.clone()).collect()
    }

    /// Makes the texts' length fixed, for graphs that cannot be built with a free one.
    ///
    /// False where it is fixed already or there are no texts.
    pub fn fix_text_length(&mut self) -> bool {
        let mut changed = false;
        for binding in &mut self.bindings {
            if let Binding::Texts(texts) = binding {
                changed |= texts.fix_length(&mut self.feeds);
            }
        }
        changed
    }

    /// Turns one value per field into one tensor per graph input.
    ///
    /// # Errors
    /// [`CallError::InvalidInput`] names the field.
    pub fn feed(&self, values: &[Value]) -> Result<Fed, CallError> {
        if values.len() != self.fields.len() {
            return Err(CallError::Failed(format!("{} inputs were sent, not {}", values.len(), self.fields.len())));
        }
        let mut tensors: Vec<Option<Tensor>> = vec![None; self.feeds.len()];
        let mut mask = None;
        for binding in &self.bindings {
            match binding {
                Binding::Features(features) => features.feed(values, &self.fields, &mut tensors)?,
                Binding::Picture(picture) => picture.feed(values, &self.fields, &mut tensors)?,
                Binding::Raw(raw) => raw.feed(values, &self.fields, &mut tensors)?,
                Binding::Texts(texts) => mask = Some(texts.feed(values, &self.fields, &mut tensors)?),
            }
        }
        let missing = || CallError::Failed("a graph input was not fed".to_owned());
        let tensors = tensors.into_iter().map(|tensor| tensor.ok_or_else(missing)).collect::<Result<_, _>>()?;
        Ok(Fed { tensors, mask })
    }
}

/// How a field is drawn, and its default.
type FieldParts = (Component, Option<Value>);

/// What has been decided of the graph's inputs so far.
struct Resolved {
    rows: Rows,
    feeds: Vec<Option<FeedSpec>>,
    /// Free dimensions that got a size, by their name in the graph.
    fixed_names: HashMap<String, usize>,
    /// Those that are the number of rows.
    row_names: HashSet<String>,
}

/// The number of rows, one symbol for all inputs: two would not be equal for tract.
const ROWS_SYMBOL: &str = "rows";

impl Resolved {
    fn new(n_ports: usize, rows: Rows) -> Self {
        Self { rows, feeds: vec![None; n_ports], fixed_names: HashMap::new(), row_names: HashSet::new() }
    }

    /// Sets what is fed to `port`; `shape` has a size, or none for a free dimension, per axis.
    fn set(&mut self, port: &Port, index: usize, shape: &[Option<usize>]) -> Result<(), InputError> {
        let dtype = datum_type(port.dtype).ok_or_else(|| InputError::BadType {
            tensor: port.name.clone(),
            dtype: port.dtype.as_str_name().to_owned(),
        })?;
        let mut dims = Vec::with_capacity(shape.len());
        for (number, (axis, size)) in port.shape.iter().zip(shape).enumerate() {
            dims.push(match (axis, size) {
                (Axis::Named(name), Some(size)) => {
                    self.fixed_names.insert(name.clone(), *size);
                    FeedDim::Fixed(*size)
                }
                (_, Some(size)) => FeedDim::Fixed(*size),
                (axis, None) if number == 0 && self.rows == Rows::Any => {
                    if let Axis::Named(name) = axis {
                        self.row_names.insert(name.clone());
                    }
                    FeedDim::Symbol(ROWS_SYMBOL.to_owned())
                }
                (Axis::Named(name), None) => FeedDim::Symbol(name.clone()),
                (_, None) => FeedDim::Symbol(format!("{}_{number}", port.name)),
            });
        }
        self.feeds[index] = Some(FeedSpec { name: port.name.clone(), dtype, shape: dims });
        Ok(())
    }

    /// All feeds, with the names that were given a size by another input replaced by it.
    fn finish(self, ports: &[Port]) -> Result<Vec<FeedSpec>, InputError> {
        let mut feeds = Vec::with_capacity(ports.len());
        for (feed, port) in self.feeds.into_iter().zip(ports) {
            let mut feed = feed.ok_or_else(|| InputError::Unfed { tensor: port.name.clone() })?;
            for dim in &mut feed.shape {
                let FeedDim::Symbol(name) = dim else { continue };
                if let Some(&size) = self.fixed_names.get(name) {
                    *dim = FeedDim::Fixed(size);
                } else if self.row_names.contains(name) {
                    ROWS_SYMBOL.clone_into(name);
                }
            }
            feeds.push(feed);
        }
        Ok(feeds)
    }
}

/// A missing value, said to the visitor.
fn required(field: &Field) -> CallError {
    invalid(field, "a value is required")
}

/// A value that does not fit, said to the visitor.
fn invalid(field: &Field, message: impl Into<String>) -> CallError {
    CallError::InvalidInput { field: field.name.clone(), message: message.into() }
}

fn find_port(spec: &InputSpec, ports: &[Port]) -> Result<usize, InputError> {
    let by_name = |name: &str| ports.iter().position(|port| port.name == name);
    let known = || ports.iter().map(|port| port.name.clone()).collect();
    if let Some(tensor) = &spec.tensor {
        return by_name(tensor).ok_or_else(|| InputError::NoSuchTensor {
            field: spec.name.clone(),
            tensor: tensor.clone(),
            known: known(),
        });
    }
    let only = (ports.len() == 1).then_some(0);
    let ids = if is_text(spec) { by_name(text::DEFAULT_IDS) } else { None };
    by_name(&spec.name)
        .or(only)
        .or(ids)
        .ok_or_else(|| InputError::AmbiguousTensor { field: spec.name.clone(), known: known() })
}

fn is_feature(spec: &InputSpec) -> bool {
    match spec.kind {
        InputKind::Number { .. }
        | InputKind::Slider { .. }
        | InputKind::Dropdown { .. }
        | InputKind::Checkbox { .. } => true,
        InputKind::Image(_) | InputKind::Text(_) | InputKind::Tensor {} => false,
    }
}

fn is_text(spec: &InputSpec) -> bool {
    matches!(spec.kind, InputKind::Text(_))
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

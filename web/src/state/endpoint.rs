//! One endpoint's form: drafts of the inputs, values of the outputs, and the call that runs.

mod conversation;
mod running;

use leptos::leptos_dom::helpers::IntervalHandle;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use serde_json::{Map, Value as Json};
use spaces::interface::{Endpoint, Field};
use spaces::view::{ErrorBody, Timings, Usage};

use super::history::{self, Run};
use super::{Draft, FieldChange, Progress};
use crate::client;

/// Where a call stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Phase {
    /// Nothing has been called yet.
    Idle,
    Running,
    /// The call worked; its answer took `elapsed_ms` as seen from the browser.
    Done {
        timings: Timings,
        usage: Usage,
        elapsed_ms: f64,
    },
    Failed(ErrorBody),
    /// What the outputs show was answered before.
    Shown(Kept),
    /// The visitor stopped the call.
    Cancelled,
}

/// A handle to one endpoint's state; copies are handles to the same state.
#[derive(Clone, Copy)]
pub struct EndpointState {
    endpoint: StoredValue<Endpoint>,
    inputs: StoredValue<Vec<RwSignal<Draft>>>,
    outputs: StoredValue<Vec<RwSignal<Option<Json>>>>,
    /// What is changed of inputs and outputs, by name.
    changes: StoredValue<Vec<(String, RwSignal<FieldChange>)>>,
    pub phase: RwSignal<Phase>,
    pub progress: RwSignal<Progress>,
    /// Milliseconds since the running call began.
    pub elapsed_ms: RwSignal<f64>,
    /// Messages for single inputs: the field's name and the sentence.
    pub field_errors: RwSignal<Vec<(String, String)>>,
    /// The visitor's last runs, the newest first.
    pub runs: RwSignal<Vec<Run>>,
    /// What the last call was given.
    pub sent: StoredValue<Vec<client::NamedPart>>,
    /// The call whose events count: those of earlier ones are dropped.
    generation: StoredValue<u64>,
    abort: StoredValue<Option<SendWrapper<web_sys::AbortController>>>,
    ticker: StoredValue<Option<IntervalHandle>>,
}

/// Where an answer comes from that no call has given now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// One of the visitor's last runs.
    Run,
    /// What the example gave when the space was published.
    Example,
}

impl EndpointState {
    /// The state with which a page begins.
    pub fn new(endpoint: &Endpoint) -> Self {
        Self {
            inputs: StoredValue::new(
                endpoint.inputs.iter().map(|field| RwSignal::new(Draft::initial(field))).collect(),
            ),
            outputs: StoredValue::new(endpoint.outputs.iter().map(|_| RwSignal::new(None)).collect()),
            changes: StoredValue::new(
                endpoint
                    .inputs
                    .iter()
                    .chain(&endpoint.outputs)
                    .map(|field| (field.name.clone(), RwSignal::default()))
                    .collect(),
            ),
            endpoint: StoredValue::new(endpoint.clone()),
            phase: RwSignal::new(Phase::Idle),
            progress: RwSignal::new(Progress::default()),
            elapsed_ms: RwSignal::new(0.0),
            field_errors: RwSignal::new(Vec::new()),
            runs: RwSignal::new(Vec::new()),
            sent: StoredValue::new(Vec::new()),
            generation: StoredValue::new(0),
            abort: StoredValue::new(None),
            ticker: StoredValue::new(None),
        }
    }

    /// The endpoint's name in URLs.
    pub fn name(self) -> String {
        self.endpoint.with_value(|endpoint| endpoint.name.clone())
    }

    /// A part of the endpoint's description.
    pub fn with<T>(self, read: impl FnOnce(&Endpoint) -> T) -> T {
        self.endpoint.with_value(read)
    }

    /// The draft of the input at `position`.
    pub fn input(self, position: usize) -> Option<RwSignal<Draft>> {
        self.inputs.with_value(|inputs| inputs.get(position).copied())
    }

    /// The value of the output at `position`; none before the first answer.
    pub fn output(self, position: usize) -> Option<RwSignal<Option<Json>>> {
        self.outputs.with_value(|outputs| outputs.get(position).copied())
    }

    /// The input called `name` with its draft.
    pub fn input_named(self, name: &str) -> Option<(Field, RwSignal<Draft>)> {
        let fields = self.with(|endpoint| endpoint.inputs.clone());
        let position = fields.iter().position(|field| field.name == name)?;
        Some((fields[position].clone(), self.input(position)?))
    }

    /// The output called `name` with its value.
    pub fn output_named(self, name: &str) -> Option<(Field, RwSignal<Option<Json>>)> {
        let fields = self.with(|endpoint| endpoint.outputs.clone());
        let position = fields.iter().position(|field| field.name == name)?;
        Some((fields[position].clone(), self.output(position)?))
    }

    /// What is changed of the input, or else the output, called `name`.
    pub fn change(self, name: &str) -> Option<RwSignal<FieldChange>> {
        self.changes.with_value(|changes| changes.iter().find(|(field, _)| field == name).map(|(_, change)| *change))
    }

    /// What is entered now, one draft per input.
    pub fn drafts(self) -> Vec<Draft> {
        self.inputs.with_value(|inputs| inputs.iter().map(|input| input.get()).collect())
    }

    /// What was answered, one value per output; null where nothing was.
    pub fn answers(self) -> Vec<Json> {
        self.outputs.with_value(|outputs| outputs.iter().map(|output| output.get().unwrap_or(Json::Null)).collect())
    }

    /// The message for the input called `name`, where there is one.
    pub fn field_error(self, name: &str) -> Option<String> {
        self.field_errors
            .with(|errors| errors.iter().find(|(field, _)| field == name).map(|(_, message)| message.clone()))
    }

    /// What the last call was given, as far as it may be shown again: files are named, passwords left out.
    pub fn sent_inputs(self) -> Map<String, Json> {
        let mut inputs = self.sent.with_value(|parts| history::inputs(parts));
        self.with(|endpoint| {
            endpoint
                .inputs
                .iter()
                .filter(|field| field.component.is_secret())
                .for_each(|field| drop(inputs.remove(&field.name)));
        });
        inputs
    }

    /// True while a call runs.
    pub fn is_running(self) -> bool {
        self.phase.with(|phase| *phase == Phase::Running)
    }
}

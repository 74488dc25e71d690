//! One endpoint's form: drafts of the inputs, values of the outputs, and the call that runs.

use leptos::leptos_dom::helpers::IntervalHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use serde_json::{Map, Value as Json};
use spaces::SpaceId;
use spaces::interface::{Component, Endpoint, Field};
use spaces::view::{CallEvent, ErrorBody, Timings, Usage};
use std::time::Duration;

use super::history::{self, Run};
use super::{Draft, FieldChange, PageState, Progress, changes};
use crate::client::{self, CallError};
use crate::texts::errors as texts;
use crate::wire::field;

/// How often the running time on the page moves on.
const ELAPSED_TICK: Duration = Duration::from_millis(100);

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

/// A call whose events come.
struct Running {
    page: PageState,
    generation: u64,
    started_ms: f64,
    /// The space among whose last runs it will be.
    kept_for: Option<SpaceId>,
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

    /// Calls the endpoint as the visitor asks, and keeps the run among the last ones.
    pub fn submit(self, page: PageState) {
        self.start(page, true);
    }

    /// Calls the endpoint with the current drafts; a call that still runs is given up.
    pub fn run(self, page: PageState) {
        self.start(page, false);
    }

    fn start(self, page: PageState, kept: bool) {
        self.stop();
        let Some(parts) = self.parts() else { return };
        self.sent.set_value(parts.clone());
        let generation = self.generation.with_value(|generation| *generation);
        let controller = web_sys::AbortController::new().ok();
        let signal = controller.as_ref().map(web_sys::AbortController::signal);
        self.abort.set_value(controller.map(SendWrapper::new));
        self.progress.set(Progress::default());
        self.phase.set(Phase::Running);
        let started_ms = self.start_ticker();
        let url = format!("{}/api/{}", page.base(), self.name());
        let limit_bytes = page.with(|page| page.limits.max_body_bytes);
        let call = Running { page, generation, started_ms, kept_for: kept.then(|| page.id()) };
        let on_usual = move |usual_ms| {
            self.progress.try_update(|progress| progress.usual_ms = Some(usual_ms));
        };
        spawn_local(async move {
            let on_event = |event| self.apply(&call, event);
            let result = match client::body(parts, limit_bytes).await {
                Ok(body) => client::call(&url, body, signal.as_ref(), on_usual, on_event).await,
                Err(error) => Err(error),
            };
            if let Err(CallError::Failed(error)) = result {
                self.apply(&call, CallEvent::Error(error));
            }
        });
    }

    /// Shows outputs of before; a call that still runs is given up.
    pub fn show_kept(self, outputs: Vec<Json>, kept: Kept) {
        self.stop();
        self.field_errors.set(Vec::new());
        let mut outputs = outputs.into_iter();
        for signal in self.outputs.get_value() {
            signal.set(outputs.next().filter(|value| !value.is_null()));
        }
        self.phase.set(Phase::Shown(kept));
    }

    /// Shows what the example at `index` gave when the space was published.
    pub fn show_example(self, page: PageState, index: usize) {
        self.stop();
        self.phase.set(Phase::Idle);
        let generation = self.generation.get_value();
        let url = format!("{}/examples/{}/{index}", page.base(), self.name());
        spawn_local(async move {
            let answer: Option<Json> = client::get(&url).await;
            let data = answer.and_then(|answer| field::<Vec<Json>>(&answer, "data"));
            // Meanwhile the visitor may have gone on to something else.
            if let Some(data) = data
                && self.generation.try_get_value() == Some(generation)
            {
                self.show_kept(data, Kept::Example);
            }
        });
    }

    /// Gives up the running call, as the visitor asked.
    pub fn cancel(self) {
        self.stop();
        self.phase.set(Phase::Cancelled);
    }

    /// Reads every draft; marks the fields at fault and gives nothing when there are any.
    fn parts(self) -> Option<Vec<client::NamedPart>> {
        let mut errors = Vec::new();
        let mut parts = Vec::new();
        for (position, field) in self.with(|endpoint| endpoint.inputs.clone()).iter().enumerate() {
            let Some(draft) = self.input(position) else {
                continue;
            };
            match draft.with_untracked(|draft| draft.part(field)) {
                Ok(part) => parts.push(client::NamedPart { name: field.name.clone(), part }),
                Err(message) => errors.push((field.name.clone(), message)),
            }
        }
        let first = errors.first().map(|(field, message)| ErrorBody {
            code: "invalid_input".to_owned(),
            message: texts::of_input(&self.label(field), message),
            field: Some(field.clone()),
            request_id: None,
        });
        self.field_errors.set(errors);
        match first {
            Some(error) => {
                self.phase.set(Phase::Failed(error));
                None
            }
            None => Some(parts),
        }
    }

    fn label(self, name: &str) -> String {
        self.with(|endpoint| {
            endpoint.inputs.iter().find(|field| field.name == name).map(|field| field.label.clone()).unwrap_or_default()
        })
    }

    /// Stops the running call, if any, and makes its late events count for nothing.
    fn stop(self) {
        self.generation.update_value(|generation| *generation += 1);
        if let Some(controller) = self.abort.try_update_value(Option::take).flatten() {
            controller.abort();
        }
        self.stop_ticker();
    }

    fn apply(self, call: &Running, event: CallEvent) {
        if self.generation.try_with_value(|current| *current) != Some(call.generation) {
            return;
        }
        let elapsed_ms = client::now_ms() - call.started_ms;
        match event {
            CallEvent::Queued { position } => self.progress.update(|progress| progress.wait(position, elapsed_ms)),
            CallEvent::Progress { fraction, message } => {
                self.progress.update(|progress| progress.hear(fraction, message));
            }
            CallEvent::Output { data } => self.show(call.page, data),
            CallEvent::Complete(answer) => {
                self.stop_ticker();
                self.show(call.page, answer.data);
                self.converse();
                if let Some(space) = &call.kept_for {
                    let (inputs, outputs) = (self.sent_inputs(), untrack(|| self.answers()));
                    self.runs.update(|runs| history::keep(runs, Run::new(inputs, outputs, elapsed_ms)));
                    history::store(space, &self.name(), &self.runs.read_untracked());
                }
                self.phase.set(Phase::Done { timings: answer.timings, usage: answer.usage, elapsed_ms });
            }
            CallEvent::Error(error) => {
                self.stop_ticker();
                self.mark(&error);
                self.phase.set(Phase::Failed(error));
            }
        }
    }

    /// Sets the outputs; null leaves an output as it was.
    fn show(self, page: PageState, data: Vec<Json>) {
        let is_update = self.with(|endpoint| {
            endpoint.outputs.iter().map(|field| field.component == Component::Updates).collect::<Vec<_>>()
        });
        for (position, value) in data.into_iter().enumerate() {
            if is_update.get(position) == Some(&true) {
                changes::apply(page, &value);
            }
            if let (false, Some(output)) = (value.is_null(), self.output(position)) {
                output.set(Some(value));
            }
        }
    }

    /// True where a conversation is among the inputs.
    pub fn has_chat_input(self) -> bool {
        self.chat_input().is_some()
    }

    /// Puts the last question again, to what was said before it.
    pub fn ask_again(self, page: PageState) {
        let Some(input) = self.chat_input() else { return };
        let before = input.with_untracked(|draft| match draft {
            Draft::Chat(chat) => chat.before_last(),
            _ => None,
        });
        if let Some(before) = before {
            input.set(Draft::Chat(before));
            self.submit(page);
        }
    }

    /// Takes away the conversations that were answered.
    pub fn forget_chats(self) {
        for output in self.chat_outputs() {
            output.set(None);
        }
    }

    /// An answered conversation is what the next question goes to.
    fn converse(self) {
        let (Some(input), Some(output)) = (self.chat_input(), self.chat_outputs().into_iter().next()) else { return };
        let Some(messages) = output.with_untracked(|answer| super::chat::read(answer.as_ref()?)) else { return };
        input.update(|draft| {
            let Draft::Chat(chat) = draft else { return };
            let asked = messages.iter().rev().find(|message| message.role == "user");
            // What was typed while the answer came is kept.
            if asked.is_some_and(|asked| asked.content == chat.message) {
                chat.message.clear();
            }
            chat.messages = messages;
        });
    }

    fn chat_input(self) -> Option<RwSignal<Draft>> {
        let is_chat = |field: &Field| field.component == Component::Chatbot;
        self.input(self.with(|endpoint| endpoint.inputs.iter().position(is_chat))?)
    }

    fn chat_outputs(self) -> Vec<RwSignal<Option<Json>>> {
        let is_chat = |field: &Field| field.component == Component::Chatbot;
        let positions: Vec<usize> = self.with(|endpoint| {
            endpoint
                .outputs
                .iter()
                .enumerate()
                .filter(|(_, field)| is_chat(field))
                .map(|(position, _)| position)
                .collect()
        });
        positions.into_iter().filter_map(|position| self.output(position)).collect()
    }

    /// Marks the input that `error` names, as `field` or `endpoint.field` or with an index behind it.
    fn mark(self, error: &ErrorBody) {
        let Some(path) = &error.field else { return };
        let names = self.with(|endpoint| endpoint.inputs.iter().map(|field| field.name.clone()).collect::<Vec<_>>());
        let words: Vec<_> = path.split(['.', '[', '/']).collect();
        if let Some(name) = names.into_iter().find(|name| words.contains(&name.as_str())) {
            self.field_errors.set(vec![(name, error.message.clone())]);
        }
    }

    fn start_ticker(self) -> f64 {
        let started_ms = client::now_ms();
        self.elapsed_ms.set(0.0);
        let tick = move || self.elapsed_ms.set(client::now_ms() - started_ms);
        self.ticker.set_value(set_interval_with_handle(tick, ELAPSED_TICK).ok());
        started_ms
    }

    fn stop_ticker(self) {
        if let Some(handle) = self.ticker.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    }
}

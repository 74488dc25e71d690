//! The call of an endpoint: it begins, its events come, it ends.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use serde_json::Value as Json;
use spaces::SpaceId;
use spaces::interface::Component;
use spaces::view::{CallEvent, ErrorBody};

use super::{EndpointState, Kept, Phase};
use crate::client::{self, CallError};
use crate::state::history::{self, Run};
use crate::state::{PageState, Progress, changes};
use crate::texts::errors as texts;
use crate::wire::field;

/// How often the running time on the page moves on.
const ELAPSED_TICK: Duration = Duration::from_millis(100);

/// A call whose events come.
struct Running {
    page: PageState,
    generation: u64,
    started_ms: f64,
    /// The space among whose last runs it will be.
    kept_for: Option<SpaceId>,
}

impl EndpointState {
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

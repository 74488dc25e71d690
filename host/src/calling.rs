//! One call of a space, whatever protocol asked for it: values in, values out.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use futures::{Stream, stream};
use host_runtime::{GuestEvent, Invocation, InvokeError, Outcome};
use spaces::interface::Endpoint;
use spaces::value::Value;
use spaces::value::encode::{ContractError, check_outputs};
use spaces::view::{Timings, Usage};
use tokio::sync::mpsc;

use crate::app::App;
use crate::batching::SplitError;
use crate::convert::{self, NotJson};
use crate::live::LiveSpace;
use crate::origin::Origin;
use crate::traces::Span;

/// Events that wait for a slow client before its guest has to wait.
const EVENT_BACKLOG: usize = 16;

/// One call of one endpoint.
pub(crate) struct Call {
    pub(crate) app: Arc<App>,
    pub(crate) space: Arc<LiveSpace>,
    /// The endpoint's index in the interface.
    pub(crate) endpoint: usize,
    /// The visitor's session.
    pub(crate) session: String,
    /// The request that asked: its id is what the log and the guest call it.
    pub(crate) origin: Origin,
    pub(crate) arrived: Instant,
    /// The body of the request that asked.
    pub(crate) in_bytes: u64,
}

/// The span of a call; one that is dropped before its end was cancelled.
struct CallSpan {
    span: Span,
    started: SystemTime,
}

/// Why a call has no outputs.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    #[error(transparent)]
    Invoke(#[from] InvokeError),
    /// The app broke its own description.
    #[error(transparent)]
    Contract(#[from] ContractError),
    /// The same, by a value.
    #[error(transparent)]
    NotJson(#[from] NotJson),
    /// Calls were joined that cannot be.
    #[error(transparent)]
    Split(#[from] SplitError),
}

/// What a running call tells.
pub(crate) enum Update {
    /// The call waits: it is the so-manieth in the space's line, from 1; 0 when its turn has come.
    Queued { position: usize },
    /// `fraction` in 0..1, or none where the end is not known.
    Progress { fraction: Option<f64>, message: String },
    /// Partial outputs; [`Value::Null`] leaves an output as it was.
    Output(Vec<Value>),
    /// Always the last one.
    Done(Result<Vec<Value>, CallError>, Cost),
}

/// Where a call's time went and what it used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) used: host_runtime::Usage,
    /// From the request's arrival.
    pub(crate) total: Duration,
    pub(crate) in_bytes: u64,
}

impl Call {
    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.space.interface.endpoints[self.endpoint]
    }

    /// One checked value per output, and what it cost; failures cost as well. A caller that goes away takes the guest
    /// with it.
    pub(crate) async fn run(&self, inputs: Vec<Value>) -> (Result<Vec<Value>, CallError>, Cost) {
        self.run_with(inputs, None).await
    }

    /// Progress and partial outputs as they come, then the end. Dropping the stream stops the guest.
    pub(crate) fn updates(self, inputs: Vec<Value>) -> impl Stream<Item = Update> + Send {
        use std::task::Poll;
        let (sender, mut receiver) = mpsc::channel(EVENT_BACKLOG);
        let call = Arc::new(self);
        let running = Arc::clone(&call);
        let mut work = Some(Box::pin(async move { running.run_with(inputs, Some(sender)).await }));
        let mut last = None;
        let mut ended = false;
        stream::poll_fn(move |context| {
            if ended {
                return Poll::Ready(None);
            }
            if let Some(running) = &mut work
                && let Poll::Ready((result, cost)) = running.as_mut().poll(context)
            {
                work = None;
                last = Some(Update::Done(result, cost));
            }
            // What the guest sent comes before its end.
            match receiver.poll_recv(context) {
                Poll::Ready(Some(event)) => match call.update(event) {
                    Ok(update) => return Poll::Ready(Some(update)),
                    Err(error) => {
                        work = None;
                        last = Some(Update::Done(Err(error), call.cost(host_runtime::Usage::default())));
                    }
                },
                Poll::Pending if last.is_none() => return Poll::Pending,
                Poll::Pending | Poll::Ready(None) => {}
            }
            ended = last.is_some();
            last.take().map_or(Poll::Pending, |last| Poll::Ready(Some(last)))
        })
    }

    async fn run_with(
        &self,
        inputs: Vec<Value>,
        events: Option<mpsc::Sender<GuestEvent>>,
    ) -> (Result<Vec<Value>, CallError>, Cost) {
        let invocation = Invocation {
            endpoint: self.endpoint().name.clone(),
            inputs: inputs.into_iter().map(convert::value_to_guest).collect(),
            limits: self.space.runtime_limits,
            assets: Arc::clone(&self.space.assets) as _,
            config: Arc::clone(&self.space.config),
            session: Some((self.session.clone(), self.app.sessions.open(&self.space.id, &self.session))),
            inference: Some(Arc::clone(&self.space.inference) as _),
            events,
            log: self.app.logs.sink(&self.space.id, Some(&self.origin.id)),
            id: self.origin.id.clone(),
        };
        let span = self.span();
        let Outcome { result, usage } = self.app.sandbox.invoke(&self.space.app, invocation).await;
        let result = result.map_err(CallError::from).and_then(|outputs| self.check(outputs));
        if result.is_ok() {
            self.space.usual[self.endpoint].record(usage.call);
        }
        self.space.meters.record(result.is_ok(), &usage, self.in_bytes);
        self.space.usage.record(result.is_ok(), self.arrived.elapsed(), &usage);
        span.ended(&result, &usage);
        (result, self.cost(usage))
    }

    fn span(&self) -> CallSpan {
        let started = SystemTime::now();
        let trace = &self.origin.trace;
        if !trace.is_recorded() {
            return CallSpan { span: Span::default(), started };
        }
        let span = trace.span(format!("call {}", self.endpoint().name));
        span.set("vitrine.space", self.space.id.to_string());
        span.set("vitrine.revision", self.space.revision as i64);
        span.set("vitrine.endpoint", self.endpoint().name.clone());
        span.set("vitrine.in_bytes", self.in_bytes as i64);
        CallSpan { span, started }
    }

    /// What a call has cost that never ran.
    pub(crate) fn no_cost(&self) -> Cost {
        self.cost(host_runtime::Usage::default())
    }

    fn cost(&self, used: host_runtime::Usage) -> Cost {
        Cost { used, total: self.arrived.elapsed(), in_bytes: self.in_bytes }
    }

    fn update(&self, event: GuestEvent) -> Result<Update, CallError> {
        match event {
            GuestEvent::Queued { position } => Ok(Update::Queued { position }),
            GuestEvent::Progress { fraction, message } => Ok(Update::Progress { fraction, message }),
            GuestEvent::Output(values) => self.check(values).map(Update::Output),
        }
    }

    fn check(&self, outputs: Vec<host_runtime::wit::Value>) -> Result<Vec<Value>, CallError> {
        let outputs = convert::values_from_guest(outputs)?;
        check_outputs(self.endpoint(), &outputs)?;
        Ok(outputs)
    }
}

impl CallSpan {
    /// Says how the call ended, and where its time went.
    fn ended(self, result: &Result<Vec<Value>, CallError>, usage: &host_runtime::Usage) {
        let Self { span, started } = self;
        let queued = span.trace().record("queue", started, usage.queued);
        let instantiated = span.trace().record("instantiate", queued, usage.instantiate);
        span.trace().record("guest", instantiated, usage.call);
        span.set("vitrine.cpu_seconds", usage.cpu.as_secs_f64());
        span.set("vitrine.memory_bytes", usage.memory_bytes as i64);
        match result {
            Ok(_) => span.set("vitrine.outcome", "completed"),
            Err(error) => {
                span.set("vitrine.outcome", "failed");
                span.fail(error.code());
            }
        }
    }
}

impl CallError {
    /// Stable, for programs.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Invoke(error) => error.code(),
            Self::Contract(_) | Self::NotJson(_) | Self::Split(_) => "broken_contract",
        }
    }
}

impl Cost {
    pub(crate) fn timings(&self) -> Timings {
        let Self { used, total, .. } = self;
        Timings {
            queue_ms: ms(used.queued),
            instantiate_ms: ms(used.instantiate),
            call_ms: ms(used.call),
            total_ms: ms(*total),
        }
    }

    pub(crate) fn usage(&self) -> Usage {
        let Self { used, in_bytes, .. } = self;
        Usage { cpu_ms: ms(used.cpu), memory_bytes: used.memory_bytes as u64, in_bytes: *in_bytes }
    }
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

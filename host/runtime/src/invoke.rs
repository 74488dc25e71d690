//! One invocation: what goes in, what comes out, what can go wrong.

use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::limits::Limits;
use crate::state::{AssetSource, LogSink, NativeInference, SessionStore};
use crate::wit::Value;

/// One request to one guest.
pub struct Invocation {
    /// Unique; the guest and the log see it.
    pub id: String,
    pub endpoint: String,
    /// One per input of the endpoint, in order.
    pub inputs: Vec<Value>,
    pub limits: Limits,
    pub assets: Arc<dyn AssetSource>,
    /// Settings and secrets of the space.
    pub config: Arc<HashMap<String, String>>,
    /// The visitor's session: its id, which the guest sees, and its store.
    pub session: Option<(String, Arc<dyn SessionStore>)>,
    /// Runs models outside the sandbox; without it such runs are denied.
    pub inference: Option<Arc<dyn NativeInference>>,
    /// Takes progress and partial outputs; its bound holds the guest back. None drops them.
    pub events: Option<mpsc::Sender<GuestEvent>>,
    pub log: Arc<dyn LogSink>,
}

/// What an invocation tells before it is done.
#[derive(Debug, Clone)]
pub enum GuestEvent {
    /// The guest has not begun: the invocation is the so-manieth in its app's line, from 1; 0 when its turn has come.
    Queued { position: usize },
    /// `fraction` in 0..1, or none where the end is not known.
    Progress { fraction: Option<f64>, message: String },
    /// Partial outputs; [`Value::Null`] leaves an output as it was.
    Output(Vec<Value>),
}

/// What an invocation gave, and what it cost: failures cost as well.
#[derive(Debug)]
pub struct Outcome {
    /// One per output of the endpoint, in order.
    pub result: Result<Vec<Value>, InvokeError>,
    pub usage: Usage,
}

/// What an invocation used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Waiting for a free instance.
    pub queued: Duration,
    /// Making the fresh instance, model included.
    pub instantiate: Duration,
    /// From the first instruction of the call to its end, on the clock.
    pub call: Duration,
    /// Processor time of instance and call together, the host's work for the guest included.
    pub cpu: Duration,
    /// The most bytes of memories and tables; they never shrink while a guest lives.
    pub memory_bytes: usize,
}

/// An error of the sandbox's engine, kept opaque.
pub type EngineError = Box<dyn Error + Send + Sync>;

/// Why an invocation gave no outputs.
#[derive(Debug, thiserror::Error)]
pub enum InvokeError {
    /// The guest says that an input does not fit.
    #[error("{message}")]
    InvalidInput { field: String, message: String },
    /// The guest says that it failed.
    #[error("{message}")]
    Failed { message: String },
    #[error("the app panicked: {message}")]
    Panicked { message: String },
    #[error("the app trapped: {trap}")]
    Trap {
        trap: String,
        #[source]
        source: EngineError,
    },
    #[error("the app could not be started: {reason}")]
    Instantiate {
        reason: String,
        #[source]
        source: EngineError,
    },
    #[error("the app exceeded its deadline of {deadline:?}")]
    DeadlineExceeded { deadline: Duration },
    #[error("{scope} after {waited:?}")]
    Overloaded { scope: Overload, waited: Duration },
    /// The runtime that runs guests is shutting down.
    #[error("the server is stopping")]
    Stopping,
}

/// What is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Overload {
    /// The app runs as many invocations as it may, and as many wait as may.
    #[error("the app runs {max_concurrency} calls at once, and its next free place did not come")]
    App { max_concurrency: usize },
    /// All apps together.
    #[error("no instance became free")]
    Server,
}

/// Who has to act on an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// The author of the space.
    Guest,
    /// Whoever runs the server.
    Host,
    /// The caller.
    Client,
}

impl InvokeError {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidInput { .. } => "invalid_input",
            Self::Failed { .. } => "app_failed",
            Self::Panicked { .. } => "app_panicked",
            Self::Trap { .. } => "app_trapped",
            Self::Instantiate { .. } => "app_not_started",
            Self::DeadlineExceeded { .. } => "deadline_exceeded",
            Self::Overloaded { .. } => "overloaded",
            Self::Stopping => "stopping",
        }
    }

    /// Whose fault it is.
    pub fn blame(&self) -> Blame {
        match self {
            Self::InvalidInput { .. } => Blame::Client,
            Self::Failed { .. }
            | Self::Panicked { .. }
            | Self::Trap { .. }
            | Self::Instantiate { .. }
            | Self::DeadlineExceeded { .. } => Blame::Guest,
            Self::Overloaded { .. } | Self::Stopping => Blame::Host,
        }
    }

    /// Whether the same request may work later.
    pub fn retryable(&self) -> bool {
        match self {
            Self::Overloaded { .. } | Self::Stopping => true,
            Self::InvalidInput { .. }
            | Self::Failed { .. }
            | Self::Panicked { .. }
            | Self::Trap { .. }
            | Self::Instantiate { .. }
            | Self::DeadlineExceeded { .. } => false,
        }
    }
}

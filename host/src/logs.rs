//! Guests' logs: kept for the author, followed live.

use std::sync::Arc;

use host_runtime::LogSink;
use spaces::SpaceId;
use spaces::view::{LogLevel, LogLine};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::sync::{broadcast, mpsc};

/// Lines that wait to be stored; a full queue drops further ones rather than hold guests back.
const QUEUE: usize = 4096;
/// Lines that a slow follower may lag behind.
const FOLLOW: usize = 1024;
/// Lines stored in one transaction.
const BATCH: usize = 512;

/// A line with the space it belongs to.
pub(crate) type Entry = (SpaceId, LogLine);

/// Takes every line; one task stores them.
#[derive(Clone)]
pub(crate) struct Logs {
    queue: mpsc::Sender<Entry>,
    live: broadcast::Sender<Entry>,
}

/// The other end of the queue.
pub(crate) struct LogQueue(mpsc::Receiver<Entry>);

impl Logs {
    pub(crate) fn new() -> (Self, LogQueue) {
        let (queue, entries) = mpsc::channel(QUEUE);
        let (live, _) = broadcast::channel(FOLLOW);
        (Self { queue, live }, LogQueue(entries))
    }

    /// Lines from now on, of all spaces.
    pub(crate) fn follow(&self) -> broadcast::Receiver<Entry> {
        self.live.subscribe()
    }

    /// The log of one invocation, or of a publish.
    pub(crate) fn sink(&self, space: &SpaceId, invocation: Option<&str>) -> Arc<dyn LogSink> {
        Arc::new(Sink { logs: self.clone(), space: space.clone(), invocation: invocation.map(str::to_owned) })
    }

    /// Takes one line.
    pub(crate) fn push(&self, space: &SpaceId, invocation: Option<String>, level: LogLevel, message: String) {
        let at = OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default();
        tracing::debug!(target: "guest", { space.id = %space, level = ?level }, "{message}");
        let entry = (space.clone(), LogLine { at, level, invocation, message });
        // Nobody following is the usual case, and a full queue means a flood: both lose lines by design.
        let _ = self.live.send(entry.clone());
        let _ = self.queue.try_send(entry);
    }
}

impl LogQueue {
    /// Waits for lines, then takes what is there; empty once all senders are gone.
    pub(crate) async fn next_batch(&mut self) -> Vec<Entry> {
        let mut batch = Vec::new();
        self.0.recv_many(&mut batch, BATCH).await;
        batch
    }
}

struct Sink {
    logs: Logs,
    space: SpaceId,
    invocation: Option<String>,
}

impl LogSink for Sink {
    fn write(&self, level: host_runtime::LogLevel, message: String) {
        self.logs.push(&self.space, self.invocation.clone(), self::level(level), message);
    }
}

/// The domain's name for the sandbox's level.
pub(crate) fn level(level: host_runtime::LogLevel) -> LogLevel {
    match level {
        host_runtime::LogLevel::Trace => LogLevel::Trace,
        host_runtime::LogLevel::Debug => LogLevel::Debug,
        host_runtime::LogLevel::Info => LogLevel::Info,
        host_runtime::LogLevel::Warn => LogLevel::Warn,
        host_runtime::LogLevel::Error => LogLevel::Error,
    }
}

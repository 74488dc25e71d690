//! What the host keeps of one guest while it runs.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use tokio::sync::mpsc;
use wasmtime::component::{HasData, ResourceTable};
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

use crate::capability::components::DrawnComponent;
use crate::capability::page::Arrangement;
use crate::capability::wasi_output::LogStream;
use crate::invoke::GuestEvent;
use crate::limits::{Limits, MAX_LOG_LINE_BYTES, MAX_RANDOM_BYTES, MAX_RESOURCES, MemoryLimiter};
use crate::wit::NamedTensor;

/// Why an asset could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AssetError {
    /// No such asset; the text lists what there is.
    NotFound(String),
    /// The host failed.
    Unavailable(String),
}

/// The read-only files of a space.
pub trait AssetSource: Send + Sync {
    /// Reads a whole asset. May block.
    ///
    /// # Errors
    /// [`AssetError`]; its text reaches the guest.
    fn read(&self, path: &str) -> Result<Vec<u8>, AssetError>;

    /// The paths of all assets, sorted.
    fn paths(&self) -> Vec<String>;
}

/// A space without assets.
#[derive(Debug, Clone, Copy)]
pub struct NoAssets;

impl AssetSource for NoAssets {
    fn read(&self, path: &str) -> Result<Vec<u8>, AssetError> {
        Err(AssetError::NotFound(format!("there is no asset `{path}`: the space has none")))
    }

    fn paths(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Why the host gave no result of a native run. The texts reach the guest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InferenceError {
    /// The operator does not allow it for this space.
    Denied(String),
    /// The asset is not a model that the host can run.
    BadModel(String),
    /// The inputs do not fit the model.
    BadInput(String),
    /// The run failed, found no room, or overran its deadline.
    Failed(String),
}

/// A native run. Dropping it gives the run up.
pub type Inferring<'a> = Pin<Box<dyn Future<Output = Result<Vec<NamedTensor>, InferenceError>> + Send + 'a>>;

/// Runs the models of one space outside the sandbox.
pub trait NativeInference: Send + Sync {
    /// Runs the model in asset `model` once, at most until `deadline`.
    ///
    /// # Errors
    /// [`InferenceError`].
    fn infer(&self, model: String, inputs: Vec<NamedTensor>, deadline: Instant) -> Inferring<'_>;
}

/// The store of one visitor of one space.
pub trait SessionStore: Send + Sync {
    /// The value under `key`.
    fn get(&self, key: &str) -> Option<Vec<u8>>;

    /// Stores a value; an empty one removes the key.
    ///
    /// # Errors
    /// The cap in bytes, when the session would exceed it.
    fn set(&self, key: String, value: Vec<u8>) -> Result<(), u64>;
}

/// How serious a log entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

/// Takes a guest's log entries, already capped and escaped.
pub trait LogSink: Send + Sync {
    /// Takes one entry. Must not block.
    fn write(&self, level: LogLevel, message: String);
}

/// The log of one guest: escapes, caps, then hands on. Clones share one budget, since a guest may open its
/// standard streams as often as it likes.
#[derive(Clone)]
pub(crate) struct GuestLog {
    sink: Arc<dyn LogSink>,
    remaining_bytes: Arc<AtomicUsize>,
}

impl GuestLog {
    pub(crate) fn new(sink: Arc<dyn LogSink>, max_bytes: usize) -> Self {
        Self { sink, remaining_bytes: Arc::new(AtomicUsize::new(max_bytes)) }
    }

    pub(crate) fn write(&self, level: LogLevel, message: &str) {
        // One guest runs on one thread at a time, so reading and writing apart loses nothing.
        let remaining = self.remaining_bytes.load(Ordering::Relaxed);
        if remaining == 0 {
            return;
        }
        self.sink.write(level, escape(message, MAX_LOG_LINE_BYTES.min(remaining)));
        let left = remaining.saturating_sub(message.len().max(1));
        self.remaining_bytes.store(left, Ordering::Relaxed);
        if left == 0 {
            self.sink.write(LogLevel::Warn, "[the rest of this log is dropped: it reached its cap]".to_owned());
        }
    }
}

/// Makes control characters visible, so that a log line cannot forge others or command a terminal; cuts the text
/// where it gets longer than `max_bytes`.
pub fn escape(text: &str, max_bytes: usize) -> String {
    escape_all_but(&['\t'], text, max_bytes)
}

/// The same for a message of an error, which may have several lines.
pub(crate) fn escape_message(text: &str) -> String {
    escape_all_but(&['\t', '\n'], text, MAX_LOG_LINE_BYTES)
}

fn escape_all_but(kept: &[char], text: &str, max_bytes: usize) -> String {
    let mut escaped = String::with_capacity(text.len().min(max_bytes));
    for character in text.chars() {
        if escaped.len() >= max_bytes {
            escaped.push_str(" […]");
            break;
        }
        match character {
            control if control.is_control() && !kept.contains(&control) => escaped.extend(control.escape_default()),
            other => escaped.push(other),
        }
    }
    escaped
}

/// What a guest is given.
pub(crate) struct GuestEnv {
    pub(crate) assets: Arc<dyn AssetSource>,
    pub(crate) config: Arc<HashMap<String, String>>,
    pub(crate) session: Option<Arc<dyn SessionStore>>,
    /// None while a space is published.
    pub(crate) inference: Option<Arc<dyn NativeInference>>,
    /// None while nobody listens, as in `init`.
    pub(crate) events: Option<mpsc::Sender<GuestEvent>>,
    pub(crate) log: Arc<dyn LogSink>,
}

/// The data of one store.
pub(crate) struct GuestState {
    pub(crate) limiter: MemoryLimiter,
    pub(crate) env: GuestEnv,
    pub(crate) log: GuestLog,
    /// When the guest is stopped.
    pub(crate) deadline: Instant,
    /// What the guest said before it trapped.
    pub(crate) panic_message: Option<String>,
    /// What the guest said of its components; none while it does not describe itself.
    pub(crate) drawn: Option<Vec<DrawnComponent>>,
    /// How the guest lays its page out, where it has said so while it described itself.
    pub(crate) arrangement: Option<Arrangement>,
    /// Made when the guest first calls WASI: that draws seeds for its random numbers, and most guests never call it.
    wasi: Option<WasiCtx>,
    table: ResourceTable,
}

impl GuestState {
    pub(crate) fn new(limits: &Limits, env: GuestEnv, deadline: Instant) -> Self {
        let log = GuestLog::new(Arc::clone(&env.log), limits.max_log_bytes);
        let mut table = ResourceTable::new();
        table.set_max_capacity(MAX_RESOURCES);
        Self {
            limiter: MemoryLimiter::new(limits.max_memory_bytes),
            env,
            log,
            deadline,
            panic_message: None,
            drawn: None,
            arrangement: None,
            wasi: None,
            table,
        }
    }
}

impl WasiView for GuestState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        let ctx = self.wasi.get_or_insert_with(|| wasi(&self.log));
        WasiCtxView { ctx, table: &mut self.table }
    }
}

/// WASI with nothing granted: no files, no network, no environment; standard output goes into the log.
fn wasi(log: &GuestLog) -> WasiCtx {
    WasiCtxBuilder::new()
        .max_random_size(MAX_RANDOM_BYTES)
        .allow_tcp(false)
        .allow_udp(false)
        .allow_ip_name_lookup(false)
        .stdout(LogStream::new(log.clone(), LogLevel::Info))
        .stderr(LogStream::new(log.clone(), LogLevel::Warn))
        .build()
}

/// Lets generated host traits borrow [`GuestState`] itself.
pub(crate) struct HasGuestState;

impl HasData for HasGuestState {
    type Data<'a> = &'a mut GuestState;
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn control_characters_become_visible_and_lines_are_cut() {
        assert_eq!(escape("a\u{1b}[31m\nb\0", 100), "a\\u{1b}[31m\\nb\\u{0}");
        assert_eq!(escape(&"x".repeat(20), 5), "xxxxx […]");
    }
}

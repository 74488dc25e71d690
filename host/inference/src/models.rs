//! What is kept loaded: each model once, within a budget in bytes; the one unused for longest goes first.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use onnx_runner::native::Wanted;
use tokio::sync::watch;

use crate::engine::{Checked, Engine, Model};
use crate::inference::{InferError, ModelRef};
use crate::pool::{Exclusive, exclusive};

/// A loaded model. Its memory is free again when the last run that uses it has ended.
pub(crate) struct Loaded {
    pub(crate) model: Box<dyn Model>,
    /// Where the engine takes one call of a model at a time.
    pub(crate) exclusive: Option<Exclusive>,
    _charge: Charge,
}

pub(crate) type LoadResult = Result<Arc<Loaded>, InferError>;

/// Tells when a model is loaded; none until then. Closed without a result where it was not even tried.
pub(crate) type Loading = watch::Receiver<Option<LoadResult>>;

/// The loaded models, and those that are being loaded.
pub(crate) struct Models {
    engine: Arc<dyn Engine>,
    max_bytes: u64,
    used_bytes: Arc<AtomicU64>,
    /// Short: held to look something up, never while a model is read or dropped.
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    by_key: HashMap<Key, Entry>,
    /// Counts uses.
    clock: u64,
}

/// Within one space, so that nobody learns from a fast first call that another space has the same model.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    space: String,
    digest: [u8; 32],
    /// [`Wanted`] has numbers in it that are only partly comparable; its text is exact.
    wanted: String,
}

impl Key {
    fn of(model: &ModelRef) -> Self {
        Self { space: model.space.clone(), digest: model.digest, wanted: format!("{:?}", model.wanted) }
    }
}

struct Entry {
    loading: Loading,
    last_used: u64,
}

/// Bytes taken from the budget, given back when dropped.
struct Charge {
    used_bytes: Arc<AtomicU64>,
    bytes: u64,
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.used_bytes.fetch_sub(self.bytes, Ordering::AcqRel);
    }
}

/// What to do for a model.
pub(crate) enum Found {
    /// It is loaded, or somebody loads it.
    Known(Loading),
    /// The caller is to see to it that this runs on a thread that may block.
    New(Loading, LoadWork),
}

/// Loads one model when it is run.
pub(crate) struct LoadWork {
    models: Arc<Models>,
    key: Key,
    path: PathBuf,
    wanted: Wanted,
    result: watch::Sender<Option<LoadResult>>,
}

impl Models {
    pub(crate) fn new(engine: Arc<dyn Engine>, max_bytes: u64) -> Arc<Self> {
        Arc::new(Self { engine, max_bytes, used_bytes: Arc::default(), entries: Mutex::default() })
    }

    /// The model, or the work of loading it.
    pub(crate) fn find(self: &Arc<Self>, model: &ModelRef) -> Found {
        let key = Key::of(model);
        let mut entries = self.entries();
        entries.clock += 1;
        let now = entries.clock;
        if let Some(entry) = entries.by_key.get_mut(&key) {
            entry.last_used = now;
            return Found::Known(entry.loading.clone());
        }
        let (result, loading) = watch::channel(None);
        entries.by_key.insert(key.clone(), Entry { loading: loading.clone(), last_used: now });
        drop(entries);
        let work =
            LoadWork { models: Arc::clone(self), key, path: model.path.clone(), wanted: model.wanted.clone(), result };
        Found::New(loading, work)
    }

    /// Bytes that count against the budget, and the number of models behind them.
    pub(crate) fn usage(&self) -> (u64, usize) {
        (self.used_bytes.load(Ordering::Acquire), self.entries().by_key.len())
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes bytes from the budget; models that nobody uses make room.
    fn charge(&self, bytes: u64) -> Result<Charge, InferError> {
        let mib = |bytes: u64| bytes.div_ceil(1 << 20);
        if bytes > self.max_bytes {
            return Err(InferError::BadModel(format!(
                "it would take some {} MiB of memory, but this server gives native models {} MiB in all \
                 (VITRINE_NATIVE_MEMORY); run it in the sandbox or ask for more",
                mib(bytes),
                mib(self.max_bytes)
            )));
        }
        loop {
            let taken = self.used_bytes.fetch_update(Ordering::AcqRel, Ordering::Acquire, |used| {
                used.checked_add(bytes).filter(|total| *total <= self.max_bytes)
            });
            if taken.is_ok() {
                return Ok(Charge { used_bytes: Arc::clone(&self.used_bytes), bytes });
            }
            // Dropped outside the lock: freeing a large model takes a while.
            let Some(evicted) = self.take_idle() else {
                return Err(InferError::Busy("all memory for native models is in use; try again".to_owned()));
            };
            tracing::debug!("a native model was dropped to make room");
            drop(evicted);
        }
    }

    /// Takes out the model that nobody uses and that was used longest ago.
    fn take_idle(&self) -> Option<Entry> {
        let mut entries = self.entries();
        let idle = entries.by_key.iter().filter(|(_, entry)| match &*entry.loading.borrow() {
            // One pointer is the entry's own.
            Some(Ok(loaded)) => Arc::strong_count(loaded) == 1,
            Some(Err(_)) => true,
            None => false,
        });
        let key = idle.min_by_key(|(_, entry)| entry.last_used).map(|(key, _)| key.clone())?;
        entries.by_key.remove(&key)
    }
}

impl LoadWork {
    /// Loads, and gives back what tells those who wait. Blocks, for long.
    pub(crate) fn run(self) -> impl FnOnce() + Send {
        let loaded = self.load();
        if let Err(error) = &loaded {
            tracing::debug!(%error, "a native model was not loaded");
        }
        move || self.finish(loaded)
    }

    fn finish(&self, result: LoadResult) {
        if result.is_err() {
            // The next call tries again.
            self.models.entries().by_key.remove(&self.key);
        }
        self.result.send_replace(Some(result));
    }

    fn load(&self) -> LoadResult {
        let engine = &self.models.engine;
        let file_bytes = std::fs::metadata(&self.path)
            .map_err(|error| InferError::Failed(format!("the model's file cannot be read: {}", error.kind())))?
            .len();
        let charge = self.models.charge(engine.estimate_bytes(file_bytes))?;
        let since = std::time::Instant::now();
        let model = engine.load(Checked::read(&self.path, &self.wanted)?)?;
        tracing::info!(
            space.id = self.key.space,
            duration_ms = since.elapsed().as_millis(),
            memory_bytes = charge.bytes,
            "loaded a native model of space `{}` with {}",
            self.key.space,
            engine.name()
        );
        Ok(Arc::new(Loaded { model, exclusive: engine.is_exclusive().then(exclusive), _charge: charge }))
    }
}

impl Drop for LoadWork {
    fn drop(&mut self) {
        if self.result.borrow().is_none() {
            // It was refused, given up before it began, or it panicked. Those who wait see the channel close.
            self.models.entries().by_key.remove(&self.key);
        }
    }
}

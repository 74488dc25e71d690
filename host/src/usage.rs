//! What the calls of each space cost, kept for the owner's eyes: counted in memory, written to the store now and then.
//!
//! A call adds to a few counters of its own space, without a lock. Every few seconds they are taken and written, all
//! spaces together; also when somebody wants to read them, and when the server stops. A power cut loses the last few
//! seconds.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use dashmap::DashMap;
use spaces::SpaceId;
use spaces::store::{ChangeError, ReadError, Store};
use spaces::usage::{Histogram, N_BUCKETS, Usage, bucket};
use spaces::view::{MetricsRange, MetricsView};
use time::OffsetDateTime;

use crate::blocking;

/// A divisor of a minute, so that no turn holds calls of two.
const WRITE_INTERVAL: Duration = Duration::from_secs(10);

/// Turns between two looks for what is too old.
const TURNS_PER_SWEEP: u64 = 60;

/// The counters of all spaces that are called.
#[derive(Default)]
pub(crate) struct Usages {
    /// Looked into when a space is loaded and when all are written, never by a call.
    spaces: DashMap<SpaceId, Arc<SpaceUsage>>,
    /// Held while what was taken is written, so that who wants to read waits for it. Async: a disk sync takes long.
    writing: tokio::sync::Mutex<()>,
}

/// The counters of one space since they were last written.
///
/// They are added to one by one: what is taken in between is short of a part of a call, which the next turn brings.
pub(crate) struct SpaceUsage {
    requests: AtomicU64,
    errors: AtomicU64,
    latency: [AtomicU32; N_BUCKETS],
    instantiate: [AtomicU32; N_BUCKETS],
    memory_bytes: AtomicU64,
}

impl Default for SpaceUsage {
    fn default() -> Self {
        Self {
            requests: AtomicU64::new(0),
            errors: AtomicU64::new(0),
            latency: [const { AtomicU32::new(0) }; N_BUCKETS],
            instantiate: [const { AtomicU32::new(0) }; N_BUCKETS],
            memory_bytes: AtomicU64::new(0),
        }
    }
}

impl SpaceUsage {
    /// Counts a call that has ended; `latency` is from its request's arrival on.
    pub(crate) fn record(&self, completed: bool, latency: Duration, used: &host_runtime::Usage) {
        if used.memory_bytes > 0 {
            self.latency[bucket(latency)].fetch_add(1, Ordering::Relaxed);
            self.instantiate[bucket(used.instantiate)].fetch_add(1, Ordering::Relaxed);
            self.memory_bytes.fetch_max(used.memory_bytes as u64, Ordering::Relaxed);
        }
        if !completed {
            self.errors.fetch_add(1, Ordering::Relaxed);
        }
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a call that was refused because the space is full.
    pub(crate) fn refused(&self) {
        self.errors.fetch_add(1, Ordering::Relaxed);
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// What was counted, which begins anew.
    fn take(&self) -> Option<Usage> {
        if self.is_empty() {
            return None;
        }
        let take = |counter: &AtomicU64| counter.swap(0, Ordering::Relaxed);
        let histogram = |counts: &[AtomicU32; N_BUCKETS]| {
            Histogram::new(std::array::from_fn(|index| u64::from(counts[index].swap(0, Ordering::Relaxed))))
        };
        Some(Usage {
            requests: take(&self.requests),
            errors: take(&self.errors),
            latency: histogram(&self.latency),
            instantiate: histogram(&self.instantiate),
            memory_bytes: take(&self.memory_bytes),
        })
    }

    /// Counts again what was taken and could not be written.
    fn give_back(&self, usage: &Usage) {
        let give = |counts: &[AtomicU32; N_BUCKETS], histogram: &Histogram| {
            for (count, given) in counts.iter().zip(histogram.counts()) {
                count.fetch_add(u32::try_from(*given).unwrap_or(u32::MAX), Ordering::Relaxed);
            }
        };
        give(&self.latency, &usage.latency);
        give(&self.instantiate, &usage.instantiate);
        self.memory_bytes.fetch_max(usage.memory_bytes, Ordering::Relaxed);
        self.errors.fetch_add(usage.errors, Ordering::Relaxed);
        self.requests.fetch_add(usage.requests, Ordering::Relaxed);
    }

    fn is_empty(&self) -> bool {
        self.requests.load(Ordering::Relaxed) == 0
    }
}

impl Usages {
    /// The counters of a space.
    pub(crate) fn of_space(&self, id: &SpaceId) -> Arc<SpaceUsage> {
        Arc::clone(self.spaces.entry(id.clone()).or_default().value())
    }

    /// Forgets a deleted space; another one of its name begins at zero.
    pub(crate) fn forget_space(&self, id: &SpaceId) {
        self.spaces.remove(id);
    }

    /// Writes what was counted to the minute `at`, and drops the counters of spaces that are no longer loaded.
    ///
    /// # Errors
    /// [`ChangeError`]; what could not be written stays counted.
    async fn write(self: &Arc<Self>, store: &Store, at: OffsetDateTime) -> Result<(), ChangeError> {
        let _turn = self.writing.lock().await;
        let usages = Arc::clone(self);
        // Looks at every loaded space.
        let mut taken = blocking::run(move || usages.take()).await;
        let written = store.add_usage(at, &mut taken).await;
        for (id, usage) in &taken {
            self.of_space(id).give_back(usage);
        }
        written
    }

    /// The calls of a space until now.
    ///
    /// # Errors
    /// [`ReadError`]. What cannot be written is only missing.
    pub(crate) async fn metrics(
        self: &Arc<Self>,
        store: &Store,
        id: &SpaceId,
        range: MetricsRange,
    ) -> Result<MetricsView, ReadError> {
        let now = OffsetDateTime::now_utc();
        self.try_write(store, now).await;
        store.metrics(id, range, now).await
    }

    /// Writes what was counted so far; failing is only a line in the log.
    pub(crate) async fn try_write(self: &Arc<Self>, store: &Store, at: OffsetDateTime) {
        if let Err(error) = self.write(store, at).await {
            tracing::warn!(error = %crate::worker::chain(&error), "the spaces' usage could not be written");
        }
    }

    fn take(&self) -> Vec<(SpaceId, Usage)> {
        let taken = self.spaces.iter().filter_map(|entry| Some((entry.key().clone(), entry.value().take()?)));
        let taken = taken.collect();
        // Whoever wants one gets it under the same lock, so none is dropped that somebody counts in.
        self.spaces.retain(|_, usage| Arc::strong_count(usage) > 1 || !usage.is_empty());
        taken
    }

    /// Writes now and then until the server stops.
    pub(crate) async fn keep_writing(self: Arc<Self>, store: Store) {
        for turn in 0_u64.. {
            let interval = WRITE_INTERVAL.as_nanos() as i128;
            let now = OffsetDateTime::now_utc().unix_timestamp_nanos();
            let until_next = interval - now.rem_euclid(interval);
            tokio::time::sleep(Duration::from_nanos(until_next as u64)).await;
            // The middle of the turn that ends now.
            let at = OffsetDateTime::now_utc() - WRITE_INTERVAL / 2;
            self.try_write(&store, at).await;
            if turn % TURNS_PER_SWEEP == 0
                && let Err(error) = store.sweep_usage(at).await
            {
                tracing::warn!(error = %crate::worker::chain(&error), "old usage could not be removed");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(ms: u64) -> host_runtime::Usage {
        let instantiate = Duration::from_micros(ms);
        host_runtime::Usage { instantiate, memory_bytes: 1 << ms, ..host_runtime::Usage::default() }
    }

    #[test]
    fn what_is_taken_and_given_back_is_counted_once() {
        let usages = Usages::default();
        let space: SpaceId = "ada/iris".parse().expect("a name");
        let counters = usages.of_space(&space);
        counters.record(true, Duration::from_millis(3), &used(3));
        counters.record(false, Duration::from_millis(4), &used(4));
        counters.record(false, Duration::ZERO, &host_runtime::Usage::default());
        counters.refused();
        let taken = usages.take();
        assert!(usages.take().is_empty(), "it is taken once");
        let [(id, usage)] = taken.as_slice() else { panic!("one space is called") };
        assert_eq!((id, usage.requests, usage.errors, usage.memory_bytes), (&space, 4, 3, 16));
        assert_eq!(usage.latency.counts().iter().sum::<u64>(), 2, "what had no instance took no time");
        counters.give_back(usage);
        assert_eq!(usages.take(), taken);
    }

    #[test]
    fn counters_stay_while_somebody_counts_in_them() {
        let usages = Usages::default();
        let (kept, gone) = ("ada/kept".parse().expect("a name"), "ada/gone".parse().expect("a name"));
        let counters = usages.of_space(&kept);
        usages.of_space(&gone).refused();
        assert_eq!(usages.take().len(), 1, "an unloaded space's last calls are written");
        assert_eq!(usages.spaces.len(), 1);
        counters.refused();
        assert_eq!(usages.take()[0].0, kept);
    }
}

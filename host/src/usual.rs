//! How long calls of an endpoint usually take, so that who waits for one may know.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// One part of so many that a new call counts: old ones fade after about as many.
const MEMORY: u64 = 8;

/// A mean in which the last calls count most. In microseconds; 0 before the first call.
#[derive(Debug, Default)]
pub(crate) struct UsualDuration(AtomicU64);

impl UsualDuration {
    /// Counts a call. Of two at the same time one may be lost, which an estimate can bear.
    pub(crate) fn record(&self, call: Duration) {
        let call = u64::try_from(call.as_micros()).unwrap_or(u64::MAX).max(1);
        let before = self.0.load(Ordering::Relaxed);
        let after = if before == 0 { call } else { before / MEMORY * (MEMORY - 1) + call / MEMORY };
        self.0.store(after.max(1), Ordering::Relaxed);
    }

    /// The mean; none before the first call.
    pub(crate) fn get(&self) -> Option<Duration> {
        match self.0.load(Ordering::Relaxed) {
            0 => None,
            micros => Some(Duration::from_micros(micros)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_follows_the_last_calls() {
        let usual = UsualDuration::default();
        assert_eq!(usual.get(), None);
        usual.record(Duration::from_secs(2));
        assert_eq!(usual.get(), Some(Duration::from_secs(2)));
        for _ in 0..50 {
            usual.record(Duration::from_secs(8));
        }
        let mean = usual.get().expect("calls were counted");
        assert!(Duration::from_secs(7) < mean && mean < Duration::from_secs(9), "{mean:?}");
    }
}

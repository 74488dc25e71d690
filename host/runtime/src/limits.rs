//! The bounds of one guest, as numbers.

use std::time::Duration;

use wasmtime::ResourceLimiter;

/// What one invocation, or one `init`, may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// All linear memories and tables together.
    pub max_memory_bytes: usize,
    /// Wall-clock time from the first instruction.
    pub deadline: Duration,
    /// The most bytes that one import call or one result may hand to the host.
    pub max_transfer_bytes: usize,
    /// The most bytes of log kept of one guest; the rest is dropped with a marker.
    pub max_log_bytes: usize,
    /// Invocations of one app that run at once; further ones wait, in a bounded queue.
    pub max_concurrency: usize,
}

/// The most bytes of one log entry.
pub(crate) const MAX_LOG_LINE_BYTES: usize = 8 << 10;
/// The most handles that a guest may hold at once.
pub(crate) const MAX_RESOURCES: usize = 1_000;
/// The most random bytes of one call.
pub(crate) const MAX_RANDOM_BYTES: u64 = 64 << 10;
/// The most bytes of all that a guest says of its components beside its description. An interface may have less.
pub(crate) const MAX_DRAWN_BYTES: usize = 2 << 20;
/// The size that a table element counts for.
const TABLE_ELEMENT_BYTES: usize = 16;

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_memory_bytes: 1 << 30,
            deadline: Duration::from_secs(30),
            max_transfer_bytes: 128 << 20,
            max_log_bytes: 256 << 10,
            max_concurrency: 16,
        }
    }
}

/// Counts the sum of memories and tables of one store, since a limit for each would multiply with their number.
#[derive(Debug)]
pub(crate) struct MemoryLimiter {
    max_bytes: usize,
    used_bytes: usize,
}

impl MemoryLimiter {
    pub(crate) fn new(max_bytes: usize) -> Self {
        Self { max_bytes, used_bytes: 0 }
    }

    pub(crate) fn used_bytes(&self) -> usize {
        self.used_bytes
    }

    fn take(&mut self, bytes: usize) -> bool {
        match self.used_bytes.checked_add(bytes) {
            Some(total) if total <= self.max_bytes => {
                self.used_bytes = total;
                true
            }
            _ => false,
        }
    }
}

impl ResourceLimiter for MemoryLimiter {
    fn memory_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(self.take(desired.saturating_sub(current)))
    }

    fn table_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(self.take(desired.saturating_sub(current).saturating_mul(TABLE_ELEMENT_BYTES)))
    }
}

//! What calls of a space have cost: counts, times and memory of some stretch of time.

mod histogram;

pub use histogram::{Histogram, N_BUCKETS, bucket};

/// The calls of one stretch of time. Two of them add up to that of both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Usage {
    /// Calls that have ended, however.
    pub requests: u64,
    /// Those of them that have failed.
    pub errors: u64,
    /// From the arrival of a request to the end of its call.
    pub latency: Histogram,
    /// Making the fresh instance, the model included.
    pub instantiate: Histogram,
    /// The most memory of one instance.
    pub memory_bytes: u64,
}

impl Usage {
    /// Counts the calls of `other` too.
    pub fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.errors += other.errors;
        self.latency.add(&other.latency);
        self.instantiate.add(&other.instantiate);
        self.memory_bytes = self.memory_bytes.max(other.memory_bytes);
    }
}

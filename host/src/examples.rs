//! What examples give when their space is published: kept, so that visitors see it without a call.
//!
//! Publishing calls the first example of each endpoint in any case. The others are called for this alone, so their number,
//! time and bytes are bounded, and one that fails is only not kept.

use std::time::{Duration, Instant};

use serde::Serialize;
use spaces::interface::{Component, Endpoint, Interface};
use spaces::value::Value;
use spaces::value::encode::{Encoded, encode_outputs};

/// The most examples of a space whose outputs are kept.
pub(crate) const MAX_KEPT: usize = 32;
/// How long all examples of a space may take together.
pub(crate) const MAX_TIME: Duration = Duration::from_secs(10);
/// The longest outputs of one example that are kept, as JSON.
pub(crate) const MAX_OUTPUTS_BYTES: u64 = 4 << 20;
/// The most of all examples of a space.
pub(crate) const MAX_TOTAL_BYTES: u64 = 32 << 20;

/// Which example: indices of the endpoint in the interface, and of the example in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
pub(crate) struct ExampleIndex {
    pub(crate) endpoint: usize,
    pub(crate) example: usize,
}

impl ExampleIndex {
    /// The name of the file in which its outputs are on their way to the store.
    pub(crate) fn file_name(self) -> String {
        format!("example-{}-{}.json", self.endpoint, self.example)
    }

    /// True where the interface has it.
    pub(crate) fn is_in(self, interface: &Interface) -> bool {
        interface.endpoints.get(self.endpoint).is_some_and(|endpoint| self.example < endpoint.examples.len())
    }
}

/// What may still be called and kept.
pub(crate) struct Budget {
    /// None where nothing is kept.
    until: Option<Instant>,
    n_left: usize,
    bytes_left: u64,
}

impl Budget {
    /// All of it, from now on; or nothing, where the author wants nothing kept.
    pub(crate) fn new(keeps: bool) -> Self {
        Self { until: keeps.then(|| Instant::now() + MAX_TIME), n_left: MAX_KEPT, bytes_left: MAX_TOTAL_BYTES }
    }

    /// How long a call for this alone may take; none where no more are made.
    pub(crate) fn next_deadline(&self, own: Duration) -> Option<Duration> {
        let left = self.until?.checked_duration_since(Instant::now())?;
        (self.n_left > 0 && !left.is_zero()).then(|| left.min(own))
    }

    /// The outputs as they are kept; none where they are not.
    pub(crate) fn keep(&mut self, endpoint: &Endpoint, outputs: Vec<Value>) -> Option<Vec<u8>> {
        #[derive(Serialize)]
        struct Answer {
            data: Vec<Encoded>,
        }
        // At the end of a stream, null stands for what came before.
        let is_partial = endpoint.streams && outputs.contains(&Value::Null);
        // What a call changes of the page is not there to be looked at.
        let has_updates = endpoint.outputs.iter().any(|field| field.component == Component::Updates);
        if self.until.is_none() || self.n_left == 0 || is_partial || has_updates {
            return None;
        }
        let answer = Answer { data: encode_outputs(endpoint, outputs) };
        let json = serde_json::to_vec(&answer).expect("outputs are plain data");
        let n_bytes = json.len() as u64;
        if n_bytes > MAX_OUTPUTS_BYTES.min(self.bytes_left) {
            return None;
        }
        self.n_left -= 1;
        self.bytes_left -= n_bytes;
        Some(json)
    }
}

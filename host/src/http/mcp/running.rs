//! Calls that run for older clients, which cancel them by a message of its own; newer ones just go away.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dashmap::DashMap;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;

/// A session's name, which nobody else knows, and the request's id in it: hashed, since a client may make it long.
pub(super) type Key = [u8; 32];

pub(super) fn key(session: &str, request: &Json) -> Key {
    Sha256::digest(format!("{session} {request}")).into()
}

/// As many as run at once.
#[derive(Default)]
pub(super) struct Running {
    calls: DashMap<Key, (u64, CancellationToken)>,
    counter: AtomicU64,
}

impl Running {
    /// Keeps a call cancellable for as long as the result lives.
    pub(super) fn enter(self: &Arc<Self>, key: Option<Key>) -> Place {
        let token = CancellationToken::new();
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        if let Some(key) = key {
            self.calls.insert(key, (number, token.clone()));
        }
        Place { running: Arc::clone(self), key, number, token }
    }

    /// Stops a call, if it still runs.
    pub(super) fn cancel(&self, key: &Key) {
        if let Some(call) = self.calls.get(key) {
            call.1.cancel();
        }
    }
}

/// A running call's place.
pub(super) struct Place {
    running: Arc<Running>,
    key: Option<Key>,
    number: u64,
    pub(super) token: CancellationToken,
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            // A client that used an id twice has its later call there.
            self.running.calls.remove_if(&key, |_, (number, _)| *number == self.number);
        }
    }
}

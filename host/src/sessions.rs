//! What spaces remember of their visitors, in memory.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use dashmap::DashMap;
use host_runtime::SessionStore;
use spaces::SpaceId;

/// The most bytes of one visitor in one space.
const MAX_SESSION_BYTES: usize = 1 << 20;
/// The most sessions of all spaces; beyond it the oldest unused ones go.
const MAX_SESSIONS: usize = 10_000;
/// The most bytes of all sessions together; beyond it, too, the oldest unused ones go.
const MAX_TOTAL_BYTES: usize = 256 << 20;
/// How long an unused session is kept.
const TTL: Duration = Duration::from_secs(60 * 60);

/// All sessions. A sharded map, since every request with a session touches it.
#[derive(Default)]
pub(crate) struct Sessions {
    entries: DashMap<(SpaceId, String), Arc<Session>>,
    /// What all values take; each session subtracts its own when it goes.
    total_bytes: Arc<AtomicUsize>,
}

/// One visitor of one space. A mutex, since one visitor rarely calls twice at once.
struct Session {
    data: Mutex<Data>,
    total_bytes: Arc<AtomicUsize>,
}

struct Data {
    values: HashMap<String, Vec<u8>>,
    used_bytes: usize,
    used_at: Instant,
}

impl Sessions {
    /// The session of a visitor; nothing is kept until the guest stores something.
    pub(crate) fn open(self: &Arc<Self>, space: &SpaceId, id: &str) -> Arc<dyn SessionStore> {
        Arc::new(Handle { sessions: Arc::clone(self), key: (space.clone(), id.to_owned()) })
    }

    /// Forgets a deleted space's visitors.
    pub(crate) fn forget_space(&self, space: &SpaceId) {
        self.entries.retain(|(owner, _), _| owner != space);
    }

    /// The session itself; the map is not held while it is used.
    fn find(&self, key: &(SpaceId, String)) -> Option<Arc<Session>> {
        self.entries.get(key).map(|entry| Arc::clone(entry.value()))
    }

    /// Lets the oldest go until one more session, or `n_bytes` more, fit. Locks sessions, so hold none.
    fn make_room(&self, n_bytes: usize) {
        let is_full = || {
            let total_bytes = self.total_bytes.load(Ordering::Relaxed);
            self.entries.len() >= MAX_SESSIONS || total_bytes.saturating_add(n_bytes) > MAX_TOTAL_BYTES
        };
        if !is_full() {
            return;
        }
        self.entries.retain(|_, session| session.age() < TTL);
        while is_full() {
            let oldest = self.entries.iter().max_by_key(|entry| entry.age()).map(|entry| entry.key().clone());
            match oldest {
                Some(key) => self.entries.remove(&key),
                None => return,
            };
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Ok(data) = self.data.get_mut() {
            self.total_bytes.fetch_sub(data.used_bytes, Ordering::Relaxed);
        }
    }
}

impl Session {
    fn age(&self) -> Duration {
        self.data.lock().map_or(TTL, |data| data.used_at.elapsed())
    }
}

struct Handle {
    sessions: Arc<Sessions>,
    key: (SpaceId, String),
}

impl SessionStore for Handle {
    fn get(&self, key: &str) -> Option<Vec<u8>> {
        let session = self.sessions.find(&self.key)?;
        let mut data = session.data.lock().ok()?;
        data.used_at = Instant::now();
        data.values.get(key).cloned()
    }

    fn set(&self, key: String, value: Vec<u8>) -> Result<(), u64> {
        self.sessions.make_room(value.len());
        let session = match self.sessions.find(&self.key) {
            Some(session) => session,
            None => {
                let fresh = Session {
                    data: Mutex::new(Data { values: HashMap::new(), used_bytes: 0, used_at: Instant::now() }),
                    total_bytes: Arc::clone(&self.sessions.total_bytes),
                };
                Arc::clone(self.sessions.entries.entry(self.key.clone()).or_insert_with(|| Arc::new(fresh)).value())
            }
        };
        let Ok(mut data) = session.data.lock() else { return Err(0) };
        let before = data.values.get(&key).map_or(0, |old| key.len() + old.len());
        let after = if value.is_empty() { 0 } else { key.len() + value.len() };
        let used_bytes = data.used_bytes - before + after;
        if used_bytes > MAX_SESSION_BYTES {
            return Err(MAX_SESSION_BYTES as u64);
        }
        if value.is_empty() {
            data.values.remove(&key);
        } else {
            data.values.insert(key, value);
        }
        // Wraps where it shrinks, and the sum is right again.
        self.sessions.total_bytes.fetch_add(used_bytes.wrapping_sub(data.used_bytes), Ordering::Relaxed);
        data.used_bytes = used_bytes;
        data.used_at = Instant::now();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_bounded_each_and_together() {
        let sessions = Arc::new(Sessions::default());
        let space = SpaceId::new("ada", "memory").expect("a name");
        let megabyte = vec![1; MAX_SESSION_BYTES - 1];
        let n_fitting = MAX_TOTAL_BYTES / MAX_SESSION_BYTES;
        for visitor in 0..n_fitting + 2 {
            let store = sessions.open(&space, &visitor.to_string());
            assert_eq!(store.set("k".to_owned(), megabyte.clone()), Ok(()));
            assert_eq!(store.set("l".to_owned(), vec![1]), Err(MAX_SESSION_BYTES as u64));
        }
        assert_eq!(sessions.entries.len(), n_fitting - 1, "the byte that was refused wanted room too");
        assert_eq!(sessions.open(&space, "0").get("k"), None, "the oldest has gone");
        assert!(sessions.open(&space, &(n_fitting + 1).to_string()).get("k").is_some());
        sessions.open(&space, "5").set("k".to_owned(), Vec::new()).expect("removing always fits");
        sessions.forget_space(&space);
        assert_eq!(sessions.total_bytes.load(Ordering::Relaxed), 0);
    }
}

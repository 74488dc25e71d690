//! What spaces remember of their visitors, in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use dashmap::DashMap;
use host_runtime::SessionStore;
use spaces::SpaceId;

/// The most bytes of one visitor in one space.
const MAX_SESSION_BYTES: usize = 1 << 20;
/// The most sessions of all spaces; beyond it the oldest unused ones go.
const MAX_SESSIONS: usize = 10_000;
/// How long an unused session is kept.
const TTL: Duration = Duration::from_secs(60 * 60);

/// All sessions. A sharded map, since every request with a session touches it.
#[derive(Default)]
pub(crate) struct Sessions {
    entries: DashMap<(SpaceId, String), Arc<Session>>,
}

/// One visitor of one space. A mutex, since one visitor rarely calls twice at once.
struct Session {
    data: Mutex<Data>,
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

    fn make_room(&self) {
        if self.entries.len() < MAX_SESSIONS {
            return;
        }
        self.entries.retain(|_, session| session.age() < TTL);
        while self.entries.len() >= MAX_SESSIONS {
            let oldest = self.entries.iter().max_by_key(|entry| entry.age()).map(|entry| entry.key().clone());
            match oldest {
                Some(key) => self.entries.remove(&key),
                None => return,
            };
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
        let session = match self.sessions.find(&self.key) {
            Some(session) => session,
            None => {
                self.sessions.make_room();
                let fresh = Session {
                    data: Mutex::new(Data { values: HashMap::new(), used_bytes: 0, used_at: Instant::now() }),
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
        data.used_bytes = used_bytes;
        data.used_at = Instant::now();
        Ok(())
    }
}

//! Which spaces are loaded. Every request looks here, so the map is sharded, values are shared pointers, and nothing
//! is locked while a space is used.
//!
//! A loaded space costs some tens of kilobytes and a few of the mappings that the system allows a process. So there
//! is a bound, and beyond it those that nobody has called for longest are unloaded; loading one again takes
//! milliseconds.

use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dashmap::DashMap;
use spaces::SpaceId;
use tokio::sync::OnceCell;

/// Of the loaded spaces, so many go at once: looking for the oldest means looking at all.
const UNLOADED_PART: usize = 64;

/// What is loaded, by its space, or whatever else names it.
pub(crate) struct Loaded<T, K = SpaceId> {
    slots: DashMap<K, Arc<Slot<T>>>,
    max: usize,
    /// Time, counted in loads: exact enough to tell what is old, and a request only reads it.
    now: AtomicU64,
}

/// One space, loaded or about to be.
struct Slot<T> {
    value: OnceCell<Arc<T>>,
    /// When it was last asked for.
    used_at: AtomicU64,
}

impl<T, K: Eq + Hash + Clone> Loaded<T, K> {
    /// Keeps at most `max`, give or take those that are being loaded.
    pub(crate) fn new(max: usize) -> Self {
        Self { slots: DashMap::new(), max: max.max(1), now: AtomicU64::new(0) }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    /// What is loaded for a space.
    pub(crate) fn find(&self, id: &K) -> Option<Arc<T>> {
        let slot = self.slots.get(id)?;
        let value = slot.value.get()?;
        let now = self.now.load(Ordering::Relaxed);
        // Written only where it has changed: a hot space's slot is read by all threads.
        if slot.used_at.load(Ordering::Relaxed) != now {
            slot.used_at.store(now, Ordering::Relaxed);
        }
        Some(Arc::clone(value))
    }

    /// Loads a space unless somebody else does; many callers at once load it once.
    ///
    /// # Errors
    /// The error of `load`; the next caller tries again.
    pub(crate) async fn load<E>(&self, id: &K, load: impl Future<Output = Result<Arc<T>, E>>) -> Result<Arc<T>, E> {
        let slot =
            || Arc::new(Slot { value: OnceCell::new(), used_at: AtomicU64::new(self.now.load(Ordering::Relaxed)) });
        let slot = Arc::clone(self.slots.entry(id.clone()).or_insert_with(slot).value());
        let value = slot
            .value
            .get_or_try_init(|| async {
                let value = load.await?;
                slot.used_at.store(self.now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
                Ok(value)
            })
            .await;
        value.map(Arc::clone)
    }

    /// Forgets a space; whoever uses it keeps it until then.
    pub(crate) fn forget(&self, id: &K) {
        self.slots.remove(id);
    }

    /// Forgets all that `which` names; looks at all, so only for where there are few.
    pub(crate) fn forget_all(&self, which: impl Fn(&K) -> bool) {
        self.slots.retain(|id, _| !which(id));
    }

    /// Where there are too many, takes out those that have not been asked for for longest. Dropping what this returns
    /// may unload them, which blocks.
    pub(crate) fn take_oldest(&self) -> Vec<impl Send + use<T, K>>
    where
        T: Send + Sync,
    {
        if self.len() <= self.max {
            return Vec::new();
        }
        let mut ages: Vec<_> = (self.slots.iter())
            // Whatever is being loaded is wanted.
            .filter(|entry| entry.value.initialized())
            .map(|entry| (entry.used_at.load(Ordering::Relaxed), entry.key().clone()))
            .collect();
        let n_oldest = (self.len().saturating_sub(self.max) + self.max / UNLOADED_PART).min(ages.len());
        if n_oldest == 0 {
            return Vec::new();
        }
        ages.select_nth_unstable_by_key(n_oldest - 1, |(age, _)| *age);
        ages.truncate(n_oldest);
        // One that has been used meanwhile stays.
        let unused = |age| move |_: &K, slot: &Arc<Slot<T>>| slot.used_at.load(Ordering::Relaxed) == age;
        ages.into_iter().filter_map(|(age, id)| Some(self.slots.remove_if(&id, unused(age))?.1)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: usize) -> SpaceId {
        SpaceId::new("ada", &format!("space-{number}")).expect("a name")
    }

    async fn load(loaded: &Loaded<usize>, number: usize) -> Arc<usize> {
        let value = loaded.load(&id(number), async { Ok::<_, std::convert::Infallible>(Arc::new(number)) }).await;
        value.unwrap_or_else(|never| match never {})
    }

    #[tokio::test]
    async fn what_is_used_stays_and_what_is_not_goes() {
        let loaded = Loaded::new(10);
        for number in 0..10 {
            load(&loaded, number).await;
            assert!(loaded.take_oldest().is_empty(), "there is room for {number}");
        }
        let held = loaded.find(&id(1)).expect("it is loaded");
        for number in 10..40 {
            assert_eq!(loaded.find(&id(0)).as_deref(), Some(&0), "used all the time");
            load(&loaded, number).await;
            loaded.take_oldest();
            assert_eq!(loaded.len(), 10);
        }
        assert_eq!(loaded.find(&id(1)), None);
        assert_eq!(*held, 1, "who has it keeps it");
        assert!((31..40).all(|number| loaded.find(&id(number)).is_some()), "the newest are there");
    }

    #[tokio::test]
    async fn a_failed_load_leaves_room_for_the_next_try() {
        let loaded = Loaded::new(10);
        let failed = loaded.load(&id(0), async { Err::<Arc<usize>, _>("no disk") }).await;
        assert_eq!(failed, Err("no disk"));
        assert_eq!(loaded.find(&id(0)), None);
        assert_eq!(*load(&loaded, 0).await, 0);
    }
}

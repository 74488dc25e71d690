//! Who may begin: so many at once, so many waiting, and no app more than its share of either.
//!
//! A flood of one app fills that app's own places and queue. Of the places of all, the last quarter is for apps that
//! have none yet, so an app's first invocation finds one even while others take all that they can get.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{oneshot, watch};

use crate::invoke::{InvokeError, Overload};

/// An app may let so many of its invocations wait for each that it may run.
const WAITING_PER_RUNNING: usize = 4;

/// The door.
pub(crate) struct Admission {
    max_running: usize,
    max_waiting: usize,
    max_wait: Duration,
    state: Mutex<State>,
}

/// What one app has of both. Written under the door's lock only, hence the loose ordering.
#[derive(Debug, Default)]
pub(crate) struct Place {
    running: AtomicUsize,
    waiting: AtomicUsize,
}

#[derive(Default)]
struct State {
    running: usize,
    queue: VecDeque<Waiter>,
    next_id: u64,
}

struct Waiter {
    id: u64,
    place: Arc<Place>,
    max_concurrency: usize,
    admit: oneshot::Sender<Permit>,
    /// Its place in its app's line, from 1.
    position: watch::Sender<usize>,
}

/// The right to run; given back when dropped.
pub(crate) struct Permit {
    /// None once it has been given back by hand.
    admission: Option<Arc<Admission>>,
    place: Arc<Place>,
}

impl Admission {
    pub(crate) fn new(max_running: usize, max_waiting: usize, max_wait: Duration) -> Arc<Self> {
        Arc::new(Self { max_running, max_waiting, max_wait, state: Mutex::default() })
    }

    pub(crate) fn running(&self) -> usize {
        self.lock().running
    }

    pub(crate) fn waiting(&self) -> usize {
        self.lock().queue.len()
    }

    /// The error that [`Self::admit`] would give at once; asked before a request's body is read.
    pub(crate) fn refusal(&self, place: &Place, max_concurrency: usize) -> Option<InvokeError> {
        let state = self.lock();
        if self.may_run(&state, place, max_concurrency) {
            return None;
        }
        let scope = self.may_not_wait(&state, place, max_concurrency)?;
        Some(InvokeError::Overloaded { scope, waited: Duration::ZERO })
    }

    /// Waits for a place. `on_position` hears the place in the app's line, from 1, at first and whenever it changes, and 0
    /// when the wait is over; nothing where there is nothing to wait for.
    ///
    /// # Errors
    /// [`InvokeError::Overloaded`], at once where the queue is full.
    pub(crate) async fn admit(
        self: &Arc<Self>,
        place: &Arc<Place>,
        max_concurrency: usize,
        on_position: impl Fn(usize),
    ) -> Result<Permit, InvokeError> {
        let arrived = Instant::now();
        let (mut permits, mut positions, id) = {
            let mut state = self.lock();
            if self.may_run(&state, place, max_concurrency) {
                return Ok(self.take(&mut state, Arc::clone(place)));
            }
            if let Some(scope) = self.may_not_wait(&state, place, max_concurrency) {
                return Err(InvokeError::Overloaded { scope, waited: Duration::ZERO });
            }
            let before = place.waiting.fetch_add(1, Ordering::Relaxed);
            let (admit, permits) = oneshot::channel();
            let (position, positions) = watch::channel(before + 1);
            let id = state.next_id;
            state.next_id += 1;
            state.queue.push_back(Waiter { id, place: Arc::clone(place), max_concurrency, admit, position });
            (permits, positions, id)
        };
        // Takes the waiter out of the queue, also where this future is dropped.
        let _waiting = Waiting { admission: self, id };
        let line = async {
            loop {
                on_position(*positions.borrow_and_update());
                tokio::select! {
                    biased;
                    permit = &mut permits => return permit,
                    moved = positions.changed() => if moved.is_err() { return permits.await },
                }
            }
        };
        match tokio::time::timeout(self.max_wait, line).await {
            Ok(Ok(permit)) => {
                on_position(0);
                Ok(permit)
            }
            Ok(Err(_closed)) => Err(InvokeError::Stopping),
            Err(_elapsed) => {
                let own_fault = place.running.load(Ordering::Relaxed) >= max_concurrency;
                let scope = if own_fault { Overload::App { max_concurrency } } else { Overload::Server };
                Err(InvokeError::Overloaded { scope, waited: arrived.elapsed() })
            }
        }
    }

    fn may_run(&self, state: &State, place: &Place, max_concurrency: usize) -> bool {
        let own = place.running.load(Ordering::Relaxed);
        own < max_concurrency && fits(state.running, self.max_running, own)
    }

    fn may_not_wait(&self, state: &State, place: &Place, max_concurrency: usize) -> Option<Overload> {
        let own = place.waiting.load(Ordering::Relaxed);
        if own >= max_concurrency.saturating_mul(WAITING_PER_RUNNING) {
            return Some(Overload::App { max_concurrency });
        }
        (!fits(state.queue.len(), self.max_waiting, own)).then_some(Overload::Server)
    }

    fn take(self: &Arc<Self>, state: &mut State, place: Arc<Place>) -> Permit {
        state.running += 1;
        place.running.fetch_add(1, Ordering::Relaxed);
        Permit { admission: Some(Arc::clone(self)), place }
    }

    fn give_back(state: &mut State, place: &Place) {
        state.running -= 1;
        place.running.fetch_sub(1, Ordering::Relaxed);
    }

    /// Hands free places on: to the app that has the fewest, of those to the one that waits longest.
    fn hand_on(self: &Arc<Self>, state: &mut State) {
        loop {
            let candidates = state.queue.iter().enumerate().filter_map(|(index, waiter)| {
                let may_run = self.may_run(state, &waiter.place, waiter.max_concurrency);
                may_run.then(|| (waiter.place.running.load(Ordering::Relaxed), index))
            });
            let Some((_, index)) = candidates.min() else { return };
            let Some(waiter) = state.queue.remove(index) else { return };
            Self::left(state, &waiter.place);
            let permit = self.take(state, waiter.place);
            if let Err(mut permit) = waiter.admit.send(permit) {
                // It has just given up. Dropping the permit would lock a second time.
                permit.admission = None;
                Self::give_back(state, &permit.place);
            }
        }
    }

    /// One of the app's has left the line: those behind it move up.
    fn left(state: &State, place: &Arc<Place>) {
        place.waiting.fetch_sub(1, Ordering::Relaxed);
        let line = state.queue.iter().filter(|waiter| Arc::ptr_eq(&waiter.place, place));
        for (waiter, position) in line.zip(1..) {
            waiter.position.send_if_modified(|now| std::mem::replace(now, position) != position);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing under this lock panics half-way, and a server that stops admitting helps nobody.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Room for one more? The last quarter is for those who have none.
fn fits(taken: usize, max: usize, own: usize) -> bool {
    let reserved = if own == 0 { 0 } else { max / 4 };
    taken < max - reserved
}

impl Drop for Permit {
    fn drop(&mut self) {
        let Some(admission) = self.admission.take() else { return };
        let mut state = admission.lock();
        Admission::give_back(&mut state, &self.place);
        admission.hand_on(&mut state);
    }
}

struct Waiting<'a> {
    admission: &'a Admission,
    id: u64,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut state = self.admission.lock();
        let index = state.queue.iter().position(|waiter| waiter.id == self.id);
        if let Some(waiter) = index.and_then(|index| state.queue.remove(index)) {
            Admission::left(&state, &waiter.place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime")
    }

    /// Takes what is there at once.
    fn try_admit(door: &Arc<Admission>, place: &Arc<Place>, max_concurrency: usize) -> Option<Permit> {
        let may_run = door.may_run(&door.lock(), place, max_concurrency);
        may_run.then(|| runtime().block_on(door.admit(place, max_concurrency, |_| ())).expect("there is a place"))
    }

    #[test]
    fn one_app_gets_its_share_and_leaves_places_for_newcomers() {
        let door = Admission::new(8, 8, SOON);
        let (greedy, modest) = (Arc::new(Place::default()), Arc::new(Place::default()));
        let greedy_permits: Vec<_> = (0..20).map_while(|_| try_admit(&door, &greedy, 100)).collect();
        assert_eq!(greedy_permits.len(), 6, "three quarters");
        let first = try_admit(&door, &modest, 100).expect("a newcomer has a place");
        assert!(try_admit(&door, &modest, 100).is_none(), "and is none any more");
        drop((greedy_permits, first));
        assert_eq!(door.running(), 0);
        let few: Vec<_> = (0..20).map_while(|_| try_admit(&door, &greedy, 2)).collect();
        assert_eq!(few.len(), 2, "its own limit");
    }

    #[test]
    fn a_queue_of_one_app_refuses_that_app_only() {
        let door = Admission::new(1, 100, SOON);
        let (greedy, modest) = (Arc::new(Place::default()), Arc::new(Place::default()));
        runtime().block_on(async {
            let running = door.admit(&greedy, 1, |_| ()).await.expect("the first");
            let waiting: Vec<_> = (0..WAITING_PER_RUNNING)
                .map(|_| {
                    tokio::spawn({
                        let (door, greedy) = (Arc::clone(&door), Arc::clone(&greedy));
                        async move { door.admit(&greedy, 1, |_| ()).await.err() }
                    })
                })
                .collect();
            while door.waiting() < WAITING_PER_RUNNING {
                tokio::task::yield_now().await;
            }
            let refused = door.refusal(&greedy, 1);
            let expected = Overload::App { max_concurrency: 1 };
            assert!(matches!(refused, Some(InvokeError::Overloaded { scope, .. }) if scope == expected), "{refused:?}");
            assert!(door.refusal(&modest, 1).is_none(), "another app may still wait");
            // Whoever waits too long hears why.
            for waiting in waiting {
                let error = waiting.await.expect("no panic").expect("nothing became free");
                assert!(matches!(error, InvokeError::Overloaded { scope, .. } if scope == expected), "{error:?}");
            }
            drop(running);
            assert_eq!((door.running(), door.waiting()), (0, 0));
        });
    }

    #[test]
    fn a_free_place_goes_to_the_app_that_has_the_fewest() {
        let door = Admission::new(2, 100, Duration::from_secs(60));
        let (greedy, modest) = (Arc::new(Place::default()), Arc::new(Place::default()));
        runtime().block_on(async {
            let first = door.admit(&greedy, 8, |_| ()).await.expect("a place");
            let _second = door.admit(&greedy, 8, |_| ()).await.expect("a place");
            let order = Arc::new(Mutex::new(Vec::new()));
            let queue = |name: &'static str, place: &Arc<Place>| {
                let (door, place, order) = (Arc::clone(&door), Arc::clone(place), Arc::clone(&order));
                tokio::spawn(async move {
                    let permit = door.admit(&place, 8, |_| ()).await;
                    order.lock().expect("no panic").push(name);
                    drop(permit);
                })
            };
            let (a, b) = (queue("greedy", &greedy), queue("modest", &modest));
            while door.waiting() < 2 {
                tokio::task::yield_now().await;
            }
            drop(first);
            a.await.expect("no panic");
            b.await.expect("no panic");
            assert_eq!(*order.lock().expect("no panic"), ["modest", "greedy"]);
        });
    }

    #[test]
    fn whoever_stops_waiting_leaves_no_trace() {
        let door = Admission::new(1, 100, Duration::from_secs(60));
        let place = Arc::new(Place::default());
        runtime().block_on(async {
            let running = door.admit(&place, 1, |_| ()).await.expect("the first");
            {
                let waiting = door.admit(&place, 1, |_| ());
                tokio::pin!(waiting);
                let pending = futures_poll(waiting.as_mut()).await;
                assert!(pending, "it has to wait");
                assert_eq!(door.waiting(), 1);
            }
            assert_eq!(door.waiting(), 0);
            drop(running);
            assert!(door.admit(&place, 1, |_| ()).await.is_ok());
        });
    }

    #[test]
    fn who_waits_hears_of_each_step_forward() {
        let door = Admission::new(2, 100, Duration::from_secs(60));
        let (place, other) = (Arc::new(Place::default()), Arc::new(Place::default()));
        runtime().block_on(async {
            let running = door.admit(&place, 1, |_| panic!("the first does not wait")).await.expect("a place");
            let _of_another = door.admit(&other, 1, |_| ()).await.expect("a place");
            let heard = Arc::new(Mutex::new(Vec::new()));
            let wait = |name: &'static str, place: &Arc<Place>| {
                let (door, place, heard) = (Arc::clone(&door), Arc::clone(place), Arc::clone(&heard));
                tokio::spawn(async move {
                    let tell = |position| heard.lock().expect("no panic").push((name, position));
                    door.admit(&place, 1, tell).await.map(drop)
                })
            };
            let mut waiting = Vec::new();
            for (name, place) in [("a", &place), ("b", &place), ("of another app", &other), ("c", &place)] {
                waiting.push(wait(name, place));
                while door.waiting() < waiting.len() {
                    tokio::task::yield_now().await;
                }
            }
            // Whoever gives up lets the others forward.
            waiting.remove(1).abort();
            while door.waiting() > waiting.len() {
                tokio::task::yield_now().await;
            }
            tokio::task::yield_now().await;
            drop(running);
            waiting.remove(0).await.expect("no panic").expect("a place");
            waiting.pop().expect("c waits").await.expect("no panic").expect("a place");
            let heard = heard.lock().expect("no panic").clone();
            let expected =
                [("a", 1), ("b", 2), ("of another app", 1), ("c", 3), ("c", 2), ("c", 1), ("a", 0), ("c", 0)];
            assert_eq!(heard, expected);
        });
    }

    /// Polls once; true where it is not done.
    async fn futures_poll<F: Future + Unpin>(mut future: F) -> bool {
        std::future::poll_fn(|context| {
            std::task::Poll::Ready(std::pin::Pin::new(&mut future).poll(context).is_pending())
        })
        .await
    }
}

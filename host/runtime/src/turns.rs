//! Who goes on: as many guests compute at once as there are threads for them, and each app gets an equal share.
//!
//! Guests yield at each tick. If whoever is ready simply went on, an app with sixteen guests would get sixteen times
//! the processor of an app with one. So a guest that is ready waits for a turn, and a free turn goes to the app that
//! has computed least; start-time fair queueing (Goyal, Vin, Cheng 1996) with apps as flows. The threads' own
//! scheduler only ever sees guests that have a turn.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

/// The turns of all guests.
pub(crate) struct Turns {
    state: Mutex<State>,
}

struct State {
    free: usize,
    waiting: Vec<Arc<Place>>,
    /// The account of whoever got the last turn: where newcomers start, so that idleness saves nothing up.
    clock_ns: u64,
}

/// What one app has computed, in nanoseconds, on a scale that all apps share.
#[derive(Debug, Default)]
pub(crate) struct Account(AtomicU64);

impl Account {
    /// Charges a guest's turn.
    pub(crate) fn charge(&self, turn: Duration) {
        self.0.fetch_add(u64::try_from(turn.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// One guest's place, and the waker that the guest itself is given: waking it asks for a turn.
struct Place {
    turns: Arc<Turns>,
    account: Arc<Account>,
    /// Past it a guest goes first: it only has to be told to stop.
    deadline: Instant,
    /// Taken after the lock on all turns, never before.
    inner: Mutex<PlaceState>,
}

struct PlaceState {
    stage: Stage,
    /// Wakes the task that holds the guest.
    task: Waker,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// It waits for something else: a clock, an event's listener.
    Idle,
    Waiting,
    /// It has a turn that it has not begun.
    Granted,
    /// It computes. The flag is set where it is ready to go on after that.
    Running {
        again: bool,
    },
}

impl Turns {
    pub(crate) fn new(n_threads: usize) -> Arc<Self> {
        Arc::new(Self { state: Mutex::new(State { free: n_threads, waiting: Vec::new(), clock_ns: 0 }) })
    }

    /// Lets `guest` go on only when it has a turn.
    pub(crate) fn take_turns<F: Future + Unpin>(
        self: &Arc<Self>,
        guest: F,
        account: Arc<Account>,
        deadline: Instant,
    ) -> TakeTurns<F> {
        let inner = Mutex::new(PlaceState { stage: Stage::Idle, task: Waker::noop().clone() });
        let place = Arc::new(Place { turns: Arc::clone(self), account, deadline, inner });
        TakeTurns { waker: Waker::from(Arc::clone(&place)), place, guest, begun: false }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing under this lock panics half-way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Gives `place` a free turn, or lets it wait. Whoever got a turn is to be woken once the lock is free: waking may
    /// drop a task, and with it a place.
    fn ask(&mut self, place: &Arc<Place>) -> Option<Waker> {
        // An app that was away starts where the others are.
        place.account.0.fetch_max(self.clock_ns, Ordering::Relaxed);
        if self.free > 0 {
            self.free -= 1;
            Some(self.grant(place))
        } else {
            place.lock().stage = Stage::Waiting;
            self.waiting.push(Arc::clone(place));
            None
        }
    }

    /// Passes a turn on to whoever is next, and is to be woken.
    fn give_back(&mut self) -> Option<Waker> {
        let now = Instant::now();
        // Of equal accounts the one that waits longest: `min_by_key` takes the first.
        let next = self.waiting.iter().enumerate().min_by_key(|(_, place)| {
            let computed = place.account.0.load(Ordering::Relaxed);
            if place.deadline <= now { (0, 0) } else { (1, computed) }
        });
        let Some((index, _)) = next else {
            self.free += 1;
            return None;
        };
        let place = self.waiting.remove(index);
        Some(self.grant(&place))
    }

    fn grant(&mut self, place: &Place) -> Waker {
        self.clock_ns = self.clock_ns.max(place.account.0.load(Ordering::Relaxed));
        let mut inner = place.lock();
        inner.stage = Stage::Granted;
        inner.task.clone()
    }
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}

impl Place {
    fn lock(&self) -> MutexGuard<'_, PlaceState> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It is ready to go on.
    fn ready(self: &Arc<Self>) {
        let mut turns = self.turns.lock();
        let mut inner = self.lock();
        match inner.stage {
            Stage::Idle => {
                drop(inner);
                let granted = turns.ask(self);
                drop(turns);
                wake(granted);
            }
            Stage::Running { .. } => inner.stage = Stage::Running { again: true },
            Stage::Waiting | Stage::Granted => {}
        }
    }
}

impl Wake for Place {
    fn wake(self: Arc<Self>) {
        self.ready();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.ready();
    }
}

/// A guest among others.
pub(crate) struct TakeTurns<F> {
    place: Arc<Place>,
    /// [`Place`] as a waker.
    waker: Waker,
    guest: F,
    begun: bool,
}

impl<F: Future + Unpin> Future for TakeTurns<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = &mut *self;
        {
            let mut inner = this.place.lock();
            if !inner.task.will_wake(context.waker()) {
                inner.task = context.waker().clone();
            }
        }
        if !this.begun {
            this.begun = true;
            this.place.ready();
        }
        {
            let mut inner = this.place.lock();
            if inner.stage != Stage::Granted {
                return Poll::Pending;
            }
            inner.stage = Stage::Running { again: false };
        }
        // Given back also where the guest's host code panics.
        let _turn = Turn(&this.place);
        Pin::new(&mut this.guest).poll(&mut Context::from_waker(&this.waker))
    }
}

impl<F> Drop for TakeTurns<F> {
    fn drop(&mut self) {
        let mut turns = self.place.turns.lock();
        // Whatever wakes it from now on asks for nothing.
        let stage = std::mem::replace(&mut self.place.lock().stage, Stage::Granted);
        let next = match stage {
            Stage::Waiting => {
                turns.waiting.retain(|waiting| !Arc::ptr_eq(waiting, &self.place));
                None
            }
            Stage::Granted => turns.give_back(),
            Stage::Idle | Stage::Running { .. } => None,
        };
        drop(turns);
        wake(next);
    }
}

/// A turn that is being used.
struct Turn<'a>(&'a Arc<Place>);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut turns = self.0.turns.lock();
        let mut inner = self.0.lock();
        let again = inner.stage == Stage::Running { again: true };
        inner.stage = if again { Stage::Waiting } else { Stage::Idle };
        drop(inner);
        if again {
            // Before the turn is passed on, so that it may be this one's again.
            turns.waiting.push(Arc::clone(self.0));
        }
        let next = turns.give_back();
        drop(turns);
        wake(next);
    }
}

/// Yields once. Unlike tokio's own, which waits until its thread has nothing else to do, this asks at once to go on:
/// so the choice among those that are ready is [`Turns`]'s.
pub(crate) async fn yield_turn() {
    let mut yielded = false;
    std::future::poll_fn(|context| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;

    /// Charges a millisecond for each of its turns, counts them, and never ends by itself.
    async fn computes(account: Arc<Account>, turns_taken: Arc<AtomicU64>, enough: Arc<AtomicBool>) {
        while !enough.load(Ordering::Relaxed) {
            account.charge(Duration::from_millis(1));
            turns_taken.fetch_add(1, Ordering::Relaxed);
            yield_turn().await;
        }
    }

    #[test]
    fn an_app_with_many_guests_gets_no_more_than_one_with_one() {
        const N_TURNS: u64 = 1_000;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
        let turns = Turns::new(1);
        let enough = Arc::new(AtomicBool::new(false));
        let far = Instant::now() + Duration::from_secs(600);
        let (many, one) = (Arc::new(Account::default()), Arc::new(Account::default()));
        let many_count = Arc::new(AtomicU64::new(0));
        let guests: Vec<_> = (0..16)
            .map(|_| {
                let guest = Box::pin(computes(Arc::clone(&many), Arc::clone(&many_count), Arc::clone(&enough)));
                runtime.spawn(turns.take_turns(guest, Arc::clone(&many), far))
            })
            .collect();
        // The many have a head start, which must not count against them for ever.
        while many_count.load(Ordering::Relaxed) < 20 {
            std::thread::yield_now();
        }
        let (account, count) = (Arc::clone(&one), Arc::clone(&many_count));
        let counts_the_others = Box::pin(async move {
            let before = count.load(Ordering::Relaxed);
            for _ in 0..N_TURNS {
                account.charge(Duration::from_millis(1));
                yield_turn().await;
            }
            enough.store(true, Ordering::Relaxed);
            count.load(Ordering::Relaxed) - before
        });
        let meanwhile = runtime.spawn(turns.take_turns(counts_the_others, one, far));
        let meanwhile = runtime.block_on(async {
            for guest in guests {
                guest.await.expect("no panic");
            }
            meanwhile.await.expect("no panic")
        });
        let fair = N_TURNS * 9 / 10..=N_TURNS * 11 / 10;
        assert!(fair.contains(&meanwhile), "{meanwhile} turns of sixteen guests beside {N_TURNS} of one");
        assert_eq!(turns.lock().free, 1, "every turn came back");
    }

    #[test]
    fn a_guest_that_is_dropped_gives_its_turn_back() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
        let turns = Turns::new(1);
        let (enough, count) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let far = Instant::now() + Duration::from_secs(600);
        let guests: Vec<_> = (0..4)
            .map(|_| {
                let account = Arc::new(Account::default());
                let guest = Box::pin(computes(Arc::clone(&account), Arc::clone(&count), Arc::clone(&enough)));
                runtime.spawn(turns.take_turns(guest, account, far))
            })
            .collect();
        while count.load(Ordering::Relaxed) < 8 {
            std::thread::yield_now();
        }
        for guest in &guests {
            guest.abort();
        }
        runtime.block_on(async {
            for guest in guests {
                let _ = guest.await;
            }
        });
        let state = turns.lock();
        assert_eq!((state.free, state.waiting.len()), (1, 0));
    }
}

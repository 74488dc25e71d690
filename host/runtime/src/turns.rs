//! Who goes on: as many guests compute at once as there are threads for them, and each app gets an equal share.
//!
//! Guests yield at each tick. If whoever is ready simply went on, an app with sixteen guests would get sixteen times
//! the processor of an app with one. So a guest asks for a turn before it goes on, and a free turn goes to the app
//! that has computed least; start-time fair queueing (Goyal, Vin, Cheng 1996) with apps as flows.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Instant;

/// The turns of all guests.
pub(crate) struct Turns {
    state: Mutex<State>,
}

struct State {
    free: usize,
    waiting: Vec<Waiting>,
    /// The account of whoever got the last turn: where newcomers start, so that idleness saves nothing up.
    clock_ns: u64,
}

struct Waiting {
    ticket: Arc<Ticket>,
    account: Arc<Account>,
    /// Past it a guest goes first: it only has to be told to stop.
    deadline: Instant,
}

struct Ticket {
    granted: AtomicBool,
    waker: Mutex<Waker>,
}

/// What one app has computed, in nanoseconds, on a scale that all apps share.
#[derive(Debug, Default)]
pub(crate) struct Account(AtomicU64);

impl Account {
    /// Charges a guest's turn.
    pub(crate) fn charge(&self, nanoseconds: u64) {
        self.0.fetch_add(nanoseconds, Ordering::Relaxed);
    }
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
        TakeTurns { turns: Arc::clone(self), guest, account, deadline, ticket: None }
    }

    /// A turn at once, or a ticket for one.
    fn ask(&self, account: &Arc<Account>, deadline: Instant, waker: &Waker) -> Option<Arc<Ticket>> {
        let mut state = self.lock();
        // An app that was away starts where the others are.
        account.0.fetch_max(state.clock_ns, Ordering::Relaxed);
        if state.free > 0 {
            state.free -= 1;
            return None;
        }
        let ticket = Arc::new(Ticket { granted: AtomicBool::new(false), waker: Mutex::new(waker.clone()) });
        state.waiting.push(Waiting { ticket: Arc::clone(&ticket), account: Arc::clone(account), deadline });
        Some(ticket)
    }

    /// Passes a turn on to whoever is next.
    fn give_back(&self) {
        let mut state = self.lock();
        let now = Instant::now();
        // The earliest of those with equal accounts: `min_by_key` takes the first.
        let next = state.waiting.iter().enumerate().min_by_key(|(_, waiting)| {
            let computed = waiting.account.0.load(Ordering::Relaxed);
            if waiting.deadline <= now { (0, 0) } else { (1, computed) }
        });
        let Some((index, _)) = next else {
            state.free += 1;
            return;
        };
        let waiting = state.waiting.remove(index);
        state.clock_ns = state.clock_ns.max(waiting.account.0.load(Ordering::Relaxed));
        waiting.ticket.granted.store(true, Ordering::Release);
        drop(state);
        waiting.ticket.wake();
    }

    /// Gives up waiting; true where the turn had been granted already.
    fn give_up(&self, ticket: &Arc<Ticket>) -> bool {
        let mut state = self.lock();
        state.waiting.retain(|waiting| !Arc::ptr_eq(&waiting.ticket, ticket));
        ticket.granted.load(Ordering::Acquire)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing under this lock panics half-way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket {
    fn wake(&self) {
        self.waker.lock().unwrap_or_else(PoisonError::into_inner).wake_by_ref();
    }

    /// True once the turn has come; else it will wake `waker`.
    fn is_granted(&self, waker: &Waker) -> bool {
        let mut stored = self.waker.lock().unwrap_or_else(PoisonError::into_inner);
        if !stored.will_wake(waker) {
            *stored = waker.clone();
        }
        // Asked under the lock that waking takes, so that no wake falls between.
        self.granted.load(Ordering::Acquire)
    }
}

/// A guest among others.
pub(crate) struct TakeTurns<F> {
    turns: Arc<Turns>,
    guest: F,
    account: Arc<Account>,
    deadline: Instant,
    /// Some while it waits.
    ticket: Option<Arc<Ticket>>,
}

impl<F: Future + Unpin> Future for TakeTurns<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = &mut *self;
        match &this.ticket {
            Some(ticket) if !ticket.is_granted(context.waker()) => return Poll::Pending,
            Some(_) => this.ticket = None,
            None => {
                this.ticket = this.turns.ask(&this.account, this.deadline, context.waker());
                if this.ticket.is_some() {
                    return Poll::Pending;
                }
            }
        }
        // Given back also where the guest's host code panics.
        let _turn = Turn(&this.turns);
        Pin::new(&mut this.guest).poll(context)
    }
}

impl<F> Drop for TakeTurns<F> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take()
            && self.turns.give_up(&ticket)
        {
            self.turns.give_back();
        }
    }
}

struct Turn<'a>(&'a Turns);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.give_back();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Charges a millisecond for each of its turns, counts them, and never ends by itself.
    async fn computes(account: Arc<Account>, turns_taken: Arc<AtomicU64>, enough: Arc<AtomicBool>) {
        while !enough.load(Ordering::Relaxed) {
            account.charge(1_000_000);
            turns_taken.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
    }

    #[test]
    fn an_app_with_many_guests_gets_no_more_than_one_with_one() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
        let turns = Turns::new(1);
        let enough = Arc::new(AtomicBool::new(false));
        let far = Instant::now() + std::time::Duration::from_secs(600);
        let start = |account: &Arc<Account>, count: &Arc<AtomicU64>| {
            let guest = Box::pin(computes(Arc::clone(account), Arc::clone(count), Arc::clone(&enough)));
            runtime.spawn(turns.take_turns(guest, Arc::clone(account), far))
        };
        let (many, one) = (Arc::new(Account::default()), Arc::new(Account::default()));
        let (many_count, one_count) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let mut guests: Vec<_> = (0..16).map(|_| start(&many, &many_count)).collect();
        // The many have a head start, which must not count against them for ever.
        while many_count.load(Ordering::Relaxed) < 20 {
            std::thread::yield_now();
        }
        guests.push(start(&one, &one_count));
        let before = many_count.load(Ordering::Relaxed);
        while one_count.load(Ordering::Relaxed) < 50 {
            std::thread::yield_now();
        }
        let meanwhile = many_count.load(Ordering::Relaxed) - before;
        enough.store(true, Ordering::Relaxed);
        runtime.block_on(async {
            for guest in guests {
                guest.await.expect("no panic");
            }
        });
        assert!((35..=65).contains(&meanwhile), "{meanwhile} turns of sixteen guests beside 50 turns of one");
        assert_eq!(turns.lock().free, 1, "every turn came back");
    }

    #[test]
    fn a_guest_that_is_dropped_gives_its_turn_back() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
        let turns = Turns::new(1);
        let (enough, count) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let far = Instant::now() + std::time::Duration::from_secs(600);
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

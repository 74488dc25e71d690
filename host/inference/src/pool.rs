//! The threads on which models run.
//!
//! A fixed number of *slots*, each held by one thread. A run cannot always be stopped (tract has no way to), so one that
//! outlives its caller is *abandoned*: its thread gives the slot to a new one at once, finishes by itself, and ends.
//! While as many threads as allowed are abandoned, nothing is accepted, and a further run that outlives its caller
//! keeps its slot until it ends. So there are never more threads than both numbers together.

use std::collections::{HashSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::interrupt::Interrupt;

/// The bounds of a pool.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PoolLimits {
    /// Runs at once.
    pub(crate) slots: usize,
    /// Runs that wait.
    pub(crate) max_queued: usize,
    /// Threads whose callers have gone.
    pub(crate) max_abandoned: usize,
}

/// Why work was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("too many native runs wait already; try again")]
    Full,
    #[error("too many native runs have overrun their deadline and still run; try again when they have ended")]
    Abandoned,
    #[error("the server is stopping")]
    Stopping,
}

/// Runs that share something which takes one at a time.
pub(crate) type Exclusive = u64;

/// A new [`Exclusive`].
pub(crate) fn exclusive() -> Exclusive {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Hands over the result. Called when the slot is free again: a caller that has its answer finds no trace of the run.
type Deliver = Box<dyn FnOnce() + Send>;

type Work = Box<dyn FnOnce(&Interrupt) -> Deliver + Send>;

/// The pool; its threads end when it is dropped, each after the run that it is at.
pub(crate) struct Pool {
    shared: Arc<Shared>,
}

struct Shared {
    limits: PoolLimits,
    /// Short: held while work is queued or taken, never while it runs.
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Queued>,
    /// What is taken by runs now.
    taken: HashSet<Exclusive>,
    running: usize,
    abandoned: usize,
    stopping: bool,
}

struct Queued {
    task: Arc<Task>,
    work: Work,
}

/// One piece of work, from its acceptance to its end.
struct Task {
    exclusive: Option<Exclusive>,
    interrupt: Interrupt,
    /// Changed only while [`Shared::state`] is locked.
    phase: Mutex<Phase>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Queued,
    Running,
    /// Its thread has no slot any more.
    Abandoned,
    Ended,
}

impl Task {
    fn phase(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Work that was accepted. Dropping it gives the work up.
pub(crate) struct Ticket {
    shared: Arc<Shared>,
    task: Arc<Task>,
}

impl Pool {
    /// Starts one thread for each slot.
    ///
    /// # Errors
    /// When the system gives no more threads.
    pub(crate) fn start(limits: PoolLimits) -> std::io::Result<Self> {
        let shared = Arc::new(Shared { limits, state: Mutex::default(), changed: Condvar::new() });
        let pool = Self { shared };
        for _ in 0..limits.slots {
            pool.shared.start_thread()?;
        }
        Ok(pool)
    }

    /// Queues work, which gives back what delivers its result; a panic in it ends the work, not the thread.
    ///
    /// # Errors
    /// [`Refused`] at once, without waiting.
    pub(crate) fn submit<D: FnOnce() + Send + 'static>(
        &self,
        exclusive: Option<Exclusive>,
        work: impl FnOnce(&Interrupt) -> D + Send + 'static,
    ) -> Result<Ticket, Refused> {
        let mut state = self.shared.state();
        if state.stopping {
            return Err(Refused::Stopping);
        }
        if state.abandoned >= self.shared.limits.max_abandoned {
            return Err(Refused::Abandoned);
        }
        if state.queue.len() >= self.shared.limits.max_queued {
            return Err(Refused::Full);
        }
        let task = Arc::new(Task { exclusive, interrupt: Interrupt::default(), phase: Mutex::new(Phase::Queued) });
        state
            .queue
            .push_back(Queued { task: Arc::clone(&task), work: Box::new(move |interrupt| Box::new(work(interrupt))) });
        drop(state);
        self.shared.changed.notify_one();
        Ok(Ticket { shared: Arc::clone(&self.shared), task })
    }

    /// Runs that are waited for now, and threads that are not.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let state = self.shared.state();
        (state.running, state.abandoned)
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.stopping = true;
        let queue = std::mem::take(&mut state.queue);
        drop(state);
        // Outside the lock: dropping work drops what it holds.
        drop(queue);
        self.shared.changed.notify_all();
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.shared.give_up(&self.task);
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start_thread(self: &Arc<Self>) -> std::io::Result<()> {
        let shared = Arc::clone(self);
        std::thread::Builder::new().name("inference".to_owned()).spawn(move || shared.work()).map(drop)
    }

    /// The life of a thread.
    fn work(&self) {
        while let Some(Queued { task, work }) = self.next() {
            let deliver = catch_unwind(AssertUnwindSafe(|| work(&task.interrupt)));
            let mut state = self.state();
            if let Some(exclusive) = task.exclusive {
                state.taken.remove(&exclusive);
            }
            let phase = std::mem::replace(&mut *task.phase(), Phase::Ended);
            let had_slot = phase != Phase::Abandoned;
            if had_slot {
                state.running -= 1;
            } else {
                state.abandoned -= 1;
            }
            drop(state);
            // Somebody may wait for what this run had taken.
            self.changed.notify_all();
            match deliver {
                Ok(deliver) => deliver(),
                Err(_panic) => tracing::error!("a native run panicked"),
            }
            if !had_slot {
                return;
            }
        }
    }

    /// Waits for work that can run; none when the pool stops.
    fn next(&self) -> Option<Queued> {
        let mut state = self.state();
        loop {
            if state.stopping {
                return None;
            }
            let free =
                |queued: &Queued| queued.task.exclusive.is_none_or(|exclusive| !state.taken.contains(&exclusive));
            if let Some(queued) = state.queue.iter().position(free).and_then(|position| state.queue.remove(position)) {
                state.taken.extend(queued.task.exclusive);
                state.running += 1;
                *queued.task.phase() = Phase::Running;
                return Some(queued);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn give_up(self: &Arc<Self>, task: &Arc<Task>) {
        let mut state = self.state();
        let mut phase = task.phase();
        match *phase {
            Phase::Queued => {
                *phase = Phase::Ended;
                let position = state.queue.iter().position(|queued| Arc::ptr_eq(&queued.task, task));
                let queued = position.and_then(|position| state.queue.remove(position));
                drop(phase);
                drop(state);
                drop(queued);
            }
            Phase::Running => {
                task.interrupt.stop();
                // Otherwise it keeps its slot until it ends.
                if state.abandoned < self.limits.max_abandoned && !state.stopping {
                    match self.start_thread() {
                        Ok(()) => {
                            *phase = Phase::Abandoned;
                            state.abandoned += 1;
                            state.running -= 1;
                        }
                        Err(error) => {
                            tracing::warn!(%error, "a native run that overran keeps its slot until it ends");
                        }
                    }
                }
            }
            Phase::Abandoned | Phase::Ended => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::{Pool, PoolLimits, Refused, exclusive};

    /// Work that goes on until it is let go, and says when it begins.
    struct Held {
        begun: mpsc::Receiver<()>,
        let_go: mpsc::Sender<()>,
        ticket: super::Ticket,
    }

    fn hold(pool: &Pool, exclusive: Option<super::Exclusive>) -> Held {
        let (begin, begun) = mpsc::channel();
        let (let_go, gone) = mpsc::channel();
        let work = move |_: &_| {
            begin.send(()).unwrap();
            let _ = gone.recv();
            || ()
        };
        Held { begun, let_go, ticket: pool.submit(exclusive, work).unwrap() }
    }

    fn run(pool: &Pool) {
        let (done, finished) = mpsc::channel();
        let _ticket = pool.submit(None, move |_| move || done.send(()).unwrap()).unwrap();
        finished.recv().unwrap();
    }

    fn pool(slots: usize, max_queued: usize, max_abandoned: usize) -> Pool {
        Pool::start(PoolLimits { slots, max_queued, max_abandoned }).unwrap()
    }

    #[test]
    fn an_abandoned_run_gives_its_slot_to_a_new_thread() {
        let pool = pool(1, 4, 2);
        let stuck = hold(&pool, None);
        stuck.begun.recv().unwrap();
        drop(stuck.ticket);
        assert_eq!(pool.counts(), (0, 1));
        run(&pool);
        drop(stuck.let_go);
    }

    #[test]
    fn too_many_abandoned_runs_are_refused_until_they_end() {
        let pool = pool(1, 4, 1);
        let stuck = hold(&pool, None);
        stuck.begun.recv().unwrap();
        drop(stuck.ticket);
        assert_eq!(pool.submit(None, |_| || ()).err(), Some(Refused::Abandoned));
        drop(stuck.let_go);
        // The thread ends by itself; then there is room again.
        while pool.counts().1 > 0 {
            std::thread::yield_now();
        }
        run(&pool);
    }

    #[test]
    fn an_overrun_beyond_the_bound_keeps_its_slot_and_comes_back() {
        let pool = pool(2, 4, 1);
        let (first, second) = (hold(&pool, None), hold(&pool, None));
        first.begun.recv().unwrap();
        second.begun.recv().unwrap();
        drop(first.ticket);
        drop(second.ticket);
        assert_eq!(pool.counts(), (1, 1), "one thread was replaced, the other keeps its slot");
        drop((first.let_go, second.let_go));
        while pool.counts() != (0, 0) {
            std::thread::yield_now();
        }
        run(&pool);
    }

    #[test]
    fn a_full_queue_refuses_and_given_up_work_leaves_it() {
        let pool = pool(1, 1, 1);
        let running = hold(&pool, None);
        running.begun.recv().unwrap();
        let waiting = hold(&pool, None);
        assert_eq!(pool.submit(None, |_| || ()).err(), Some(Refused::Full));
        drop(waiting.ticket);
        assert!(waiting.begun.recv().is_err(), "it never began");
        drop(running.let_go);
        run(&pool);
    }

    #[test]
    fn exclusive_runs_wait_for_each_other_and_let_others_pass() {
        let pool = pool(2, 4, 1);
        let one = exclusive();
        let first = hold(&pool, Some(one));
        first.begun.recv().unwrap();
        let second = hold(&pool, Some(one));
        run(&pool);
        assert!(second.begun.try_recv().is_err(), "the first run still holds what both need");
        drop(first.let_go);
        second.begun.recv().unwrap();
        drop(second.let_go);
    }

    #[test]
    fn a_panic_ends_the_run_and_not_the_thread() {
        let pool = pool(1, 4, 1);
        let (dropped, ended) = mpsc::channel::<()>();
        let _ticket = pool.submit(None, move |_| {
            let _dropped = &dropped;
            if true {
                panic!("on purpose");
            }
            move || drop(dropped)
        });
        assert!(ended.recv().is_err(), "the caller sees that no result will come");
        run(&pool);
    }
}

//! What a guest computes: told to its caller, and charged to its app.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::invoke::Outcome;
use crate::turns::Account;

/// The processor time of this thread, in nanoseconds. Reading it is a system call, unlike reading the time of day.
fn thread_cpu_ns() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    // Both parts of a thread's own clock are at or above zero.
    time.tv_sec.unsigned_abs() * 1_000_000_000 + time.tv_nsec.unsigned_abs()
}

/// An invocation whose turns are measured.
pub(crate) struct Metered<F> {
    guest: F,
    account: Arc<Account>,
    used: Duration,
    turns: u32,
}

impl<F> Metered<F> {
    pub(crate) fn new(guest: F, account: Arc<Account>) -> Self {
        Self { guest, account, used: Duration::ZERO, turns: 0 }
    }
}

impl<F: Future<Output = Outcome> + Unpin> Future for Metered<F> {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        let clock = if self.turns == 0 { Clock::wall() } else { Clock::cpu() };
        let mut polled = Pin::new(&mut self.guest).poll(context);
        let turn = clock.elapsed();
        self.account.charge(turn);
        self.used += turn;
        self.turns += 1;
        if let Poll::Ready(outcome) = &mut polled {
            outcome.usage.cpu = self.used;
        }
        polled
    }
}

/// What measures a turn.
enum Clock {
    /// For the first: it takes two ticks at most, in which the kernel rarely takes the processor away, and most
    /// guests are done within a few hundredths of that. The thread's own clock would be 3 % of their time.
    Wall(Instant),
    /// For the others: where guests compute for long, threads wait for processors.
    Cpu(u64),
}

impl Clock {
    fn wall() -> Self {
        Self::Wall(Instant::now())
    }

    fn cpu() -> Self {
        Self::Cpu(thread_cpu_ns())
    }

    fn elapsed(&self) -> Duration {
        match self {
            Self::Wall(since) => since.elapsed(),
            Self::Cpu(since) => Duration::from_nanos(thread_cpu_ns().saturating_sub(*since)),
        }
    }
}

//! What a guest computes: told to its caller, and charged to its app.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::invoke::Outcome;
use crate::turns::Account;

/// The processor time of this thread, in nanoseconds.
///
/// Reading it is a system call of 0.2 µs, which is why it is read twice a turn and not at each border between guest
/// and host.
fn thread_cpu_ns() -> u64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    // Both parts of a thread's own clock are at or above zero.
    time.tv_sec.unsigned_abs() * 1_000_000_000 + time.tv_nsec.unsigned_abs()
}

/// An invocation whose turns are measured.
pub(crate) struct Metered<F> {
    guest: F,
    account: Arc<Account>,
    cpu_ns: u64,
}

impl<F> Metered<F> {
    pub(crate) fn new(guest: F, account: Arc<Account>) -> Self {
        Self { guest, account, cpu_ns: 0 }
    }

    /// Processor time of its turns so far.
    pub(crate) fn cpu(&self) -> Duration {
        Duration::from_nanos(self.cpu_ns)
    }
}

impl<F: Future<Output = Outcome> + Unpin> Future for Metered<F> {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        let since = thread_cpu_ns();
        let mut polled = Pin::new(&mut self.guest).poll(context);
        let turn_ns = thread_cpu_ns().saturating_sub(since);
        self.account.charge(turn_ns);
        self.cpu_ns += turn_ns;
        if let Poll::Ready(outcome) = &mut polled {
            outcome.usage.cpu = Duration::from_nanos(self.cpu_ns);
        }
        polled
    }
}

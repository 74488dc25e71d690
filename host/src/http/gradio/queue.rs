//! The queue in front of each space: clients of this protocol wait for their turn, where those of the others are told to
//! come again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dashmap::DashMap;
use spaces::SpaceId;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::live::LiveSpace;

/// Calls of one space that may wait or run.
const MAX_INSIDE: usize = 4_096;
/// Queues that are kept although nobody is in them.
const MAX_IDLE: usize = 1_024;

/// The queues of all spaces that were called of late.
#[derive(Default)]
pub(super) struct Queues {
    queues: DashMap<SpaceId, Arc<Queue>>,
}

impl Queues {
    /// The queue of a space; it lets as many run as the space may have.
    pub(super) fn of(&self, space: &LiveSpace) -> Arc<Queue> {
        let n_places = space.limits.concurrency as usize;
        if let Some(queue) = self.queues.get(&space.id).filter(|queue| queue.n_places == n_places) {
            return Arc::clone(&queue);
        }
        let queue = Arc::new(Queue::new(n_places));
        self.queues.insert(space.id.clone(), Arc::clone(&queue));
        queue
    }

    /// Forgets those in which nobody waits or runs, when there are many.
    pub(super) fn tidy_now_and_then(&self) {
        if self.queues.len() < MAX_IDLE {
            return;
        }
        self.queues.retain(|_, queue| Arc::strong_count(queue) > 1);
    }
}

/// One space's queue: first come, first served.
pub(super) struct Queue {
    n_places: usize,
    places: Semaphore,
    /// Those that run among them.
    n_inside: AtomicUsize,
}

/// A place in the queue.
pub(super) struct Ticket {
    queue: Arc<Queue>,
    /// How many wait before this one.
    pub(super) rank: usize,
}

impl Queue {
    fn new(n_places: usize) -> Self {
        Self { n_places, places: Semaphore::new(n_places), n_inside: AtomicUsize::new(0) }
    }

    /// The end of the queue; none where it is full.
    pub(super) fn enter(self: Arc<Self>) -> Option<Ticket> {
        let n_before = self.n_inside.fetch_add(1, Ordering::Relaxed);
        let rank = n_before.saturating_sub(self.n_places - 1);
        let ticket = Ticket { queue: self, rank };
        (n_before < MAX_INSIDE).then_some(ticket)
    }
}

impl Ticket {
    /// Waits for the turn. The place is free again when what this returns is dropped.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.queue.places.acquire().await.ok()
    }

    /// How many wait.
    pub(super) fn queue_size(&self) -> usize {
        self.queue.n_inside.load(Ordering::Relaxed).saturating_sub(self.queue.n_places)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.queue.n_inside.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_queue_is_bounded_and_counts_those_before() {
        let queue = Arc::new(Queue::new(1));
        let tickets: Vec<_> = (0..MAX_INSIDE).map(|_| Arc::clone(&queue).enter().expect("room")).collect();
        assert!(tickets.iter().enumerate().all(|(index, ticket)| ticket.rank == index));
        assert!(Arc::clone(&queue).enter().is_none());
        let turn = tickets[0].turn().await;
        assert!(turn.is_some() && queue.places.try_acquire().is_err(), "one at a time");
        drop(turn);
        drop(tickets);
        assert_eq!(queue.n_inside.load(Ordering::Relaxed), 0);
        assert!(queue.places.try_acquire().is_ok());
    }
}

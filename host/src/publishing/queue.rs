//! Whose publish runs next.
//!
//! A publish first takes a [`Place`], before a byte of it is received; the places are few, and fewer for one
//! owner, so that nobody fills the queue alone. When its bytes are there it waits for a [`Turn`]. Turns go round
//! among the owners that wait, and an owner has one at a time: thirty uploads of one person delay another's by one.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::oneshot;

/// Publishes of all owners that run, wait or are being received.
const MAX_PLACES: usize = 64;
/// Those of one owner.
const MAX_PLACES_OF_OWNER: usize = 16;

/// The queue is full, for everybody or for this owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Full {
    #[error("{MAX_PLACES} publishes are waiting already")]
    Everybody,
    #[error("{MAX_PLACES_OF_OWNER} publishes of this owner are waiting already")]
    Owner,
}

/// The queue. Clones share it.
#[derive(Clone)]
pub(crate) struct PublishQueue {
    // A plain lock: it is held for a few comparisons, never while somebody waits.
    state: Arc<Mutex<State>>,
}

struct State {
    /// Turns that may still be given.
    n_free: usize,
    /// The owners with a place or a turn; the first of those that wait is the next.
    owners: VecDeque<OwnerState>,
}

struct OwnerState {
    name: String,
    n_places: usize,
    has_turn: bool,
    waiting: VecDeque<oneshot::Sender<Turn>>,
}

/// A place in the queue; given back when dropped.
pub(crate) struct Place {
    queue: PublishQueue,
    owner: String,
}

/// The right to run one worker; given back when dropped.
pub(crate) struct Turn {
    queue: PublishQueue,
    /// None once there is nothing to give back.
    owner: Option<String>,
}

impl PublishQueue {
    /// A queue that lets `n_workers` run at once.
    pub(crate) fn new(n_workers: usize) -> Self {
        Self { state: Arc::new(Mutex::new(State { n_free: n_workers, owners: VecDeque::new() })) }
    }

    /// Takes a place for a publish of `owner`.
    ///
    /// # Errors
    /// [`Full`] when there is none.
    pub(crate) fn enter(&self, owner: &str) -> Result<Place, Full> {
        let mut state = self.lock();
        if state.owners.iter().map(|owner| owner.n_places).sum::<usize>() >= MAX_PLACES {
            return Err(Full::Everybody);
        }
        let found = state.owner(owner);
        if found.n_places >= MAX_PLACES_OF_OWNER {
            return Err(Full::Owner);
        }
        found.n_places += 1;
        Ok(Place { queue: self.clone(), owner: owner.to_owned() })
    }

    /// Waits for a turn of `owner` before all others of that owner: for what a visitor waits for.
    pub(crate) async fn urgent_turn(&self, owner: &str) -> Turn {
        self.turn(owner, VecDeque::push_front).await
    }

    async fn turn(
        &self,
        owner: &str,
        join: impl FnOnce(&mut VecDeque<oneshot::Sender<Turn>>, oneshot::Sender<Turn>),
    ) -> Turn {
        let (sender, turn) = oneshot::channel();
        {
            let mut state = self.lock();
            join(&mut state.owner(owner).waiting, sender);
            self.give_turns(&mut state);
        }
        turn.await.expect("the queue keeps the sender until it gives the turn")
    }

    /// Gives free turns to those who wait.
    fn give_turns(&self, state: &mut State) {
        while state.n_free > 0 {
            let next = state.owners.iter().position(|owner| !owner.has_turn && !owner.waiting.is_empty());
            let Some(mut owner) = next.and_then(|index| state.owners.remove(index)) else { return };
            while let Some(waiting) = owner.waiting.pop_front() {
                // One that no longer waits must not get a turn: it would give it back under our lock.
                if waiting.is_closed() {
                    continue;
                }
                let turn = Turn { queue: self.clone(), owner: Some(owner.name.clone()) };
                match waiting.send(turn) {
                    Ok(()) => {
                        owner.has_turn = true;
                        state.n_free -= 1;
                        break;
                    }
                    // It went in this very moment.
                    Err(turn) => turn.forget(),
                }
            }
            // Behind all others.
            state.owners.push_back(owner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("never poisoned: no code under it panics")
    }
}

impl State {
    fn owner(&mut self, name: &str) -> &mut OwnerState {
        let index = self.owners.iter().position(|owner| owner.name == name).unwrap_or_else(|| {
            let waiting = VecDeque::new();
            self.owners.push_back(OwnerState { name: name.to_owned(), n_places: 0, has_turn: false, waiting });
            self.owners.len() - 1
        });
        &mut self.owners[index]
    }

    /// Forgets owners that have nothing here any more.
    fn tidy(&mut self) {
        self.owners.retain(|owner| owner.n_places > 0 || owner.has_turn || !owner.waiting.is_empty());
    }
}

impl Place {
    /// Waits for a turn.
    pub(crate) async fn turn(&self) -> Turn {
        self.queue.turn(&self.owner, VecDeque::push_back).await
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        state.owner(&self.owner).n_places -= 1;
        state.tidy();
    }
}

impl Turn {
    /// Ends a turn that nobody took, without giving it back.
    fn forget(mut self) {
        self.owner = None;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(owner) = self.owner.take() else { return };
        let mut state = self.queue.lock();
        state.n_free += 1;
        state.owner(&owner).has_turn = false;
        self.queue.give_turns(&mut state);
        state.tidy();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lets everybody wait in this order and tells in which order they get their turns, each given back at once
    /// after all had a look: turns that are held together are in one group.
    async fn rounds(queue: &PublishQueue, owners: &[&str]) -> Vec<Vec<usize>> {
        let places: Vec<_> = owners.iter().map(|owner| queue.enter(owner).unwrap()).collect();
        let mut waiting: Vec<_> =
            places.iter().enumerate().map(|(index, place)| (index, Box::pin(place.turn()))).collect();
        let mut rounds = Vec::new();
        while !waiting.is_empty() {
            let (mut held, mut left) = (Vec::new(), Vec::new());
            for (index, mut turn) in waiting {
                match futures::poll!(&mut turn) {
                    std::task::Poll::Ready(turn) => held.push((index, turn)),
                    std::task::Poll::Pending => left.push((index, turn)),
                }
            }
            assert!(!held.is_empty(), "nobody gets a turn");
            waiting = left;
            rounds.push(held.iter().map(|(index, _)| *index).collect());
        }
        rounds
    }

    #[tokio::test]
    async fn turns_go_round_among_owners() {
        let queue = PublishQueue::new(1);
        let order = rounds(&queue, &["ada", "ada", "ada", "bob", "bob", "eve"]).await;
        assert_eq!(order, [[0], [3], [5], [1], [4], [2]]);
    }

    #[tokio::test]
    async fn an_owner_has_one_turn_at_a_time() {
        let queue = PublishQueue::new(2);
        let order = rounds(&queue, &["ada", "ada", "ada", "bob"]).await;
        assert_eq!(order, [vec![0, 3], vec![1], vec![2]]);
    }

    #[tokio::test]
    async fn urgent_turns_come_before_the_owners_others() {
        let queue = PublishQueue::new(1);
        let place = queue.enter("ada").unwrap();
        let running = place.turn().await;
        let (mut patient, mut urgent) = (Box::pin(place.turn()), Box::pin(queue.urgent_turn("ada")));
        assert!(futures::poll!(&mut patient).is_pending());
        assert!(futures::poll!(&mut urgent).is_pending());
        drop(running);
        assert!(futures::poll!(&mut patient).is_pending());
        assert!(futures::poll!(&mut urgent).is_ready());
    }

    #[tokio::test]
    async fn who_no_longer_waits_is_passed_over() {
        let queue = PublishQueue::new(1);
        let (first, second) = (queue.enter("ada").unwrap(), queue.enter("bob").unwrap());
        let running = first.turn().await;
        let mut gone = Box::pin(second.turn());
        assert!(futures::poll!(&mut gone).is_pending());
        drop(gone);
        drop(running);
        let turn = first.turn().await;
        drop((turn, first, second));
        assert_eq!(queue.lock().n_free, 1);
        assert!(queue.lock().owners.is_empty(), "nothing is left behind");
    }

    #[test]
    fn the_queue_is_bounded_for_one_owner_and_for_all() {
        let queue = PublishQueue::new(1);
        let places: Vec<_> = (0..MAX_PLACES_OF_OWNER).map(|_| queue.enter("ada").unwrap()).collect();
        assert_eq!(queue.enter("ada").err(), Some(Full::Owner));
        let others: Vec<_> = (places.len()..MAX_PLACES).map(|n| queue.enter(&format!("owner-{n}")).unwrap()).collect();
        assert_eq!(queue.enter("bob").err(), Some(Full::Everybody));
        drop(others);
        assert_eq!(queue.enter("ada").err(), Some(Full::Owner));
        drop(places);
        assert!(queue.enter("ada").is_ok());
    }
}

//! Tells a run that nobody waits for it any more.

use std::sync::{Mutex, PoisonError};

type Action = Box<dyn Fn() + Send>;

/// Shared by a run and by whoever may give it up.
#[derive(Default)]
pub(crate) struct Interrupt {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    stopped: bool,
    action: Option<Action>,
}

impl Interrupt {
    /// Asks the run to stop; engines that cannot be asked go on.
    pub(crate) fn stop(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.stopped = true;
        if let Some(action) = &state.action {
            action();
        }
    }

    /// Sets how the run is stopped from now on; does it at once where it should have stopped already.
    pub(crate) fn on_stop(&self, action: impl Fn() + Send + 'static) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.stopped {
            action();
        }
        state.action = Some(Box::new(action));
    }

    /// True once the run should stop.
    pub(crate) fn is_stopped(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).stopped
    }
}

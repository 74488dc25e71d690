//! How many descriptors the system grants, and who gets them.
//!
//! Each connection takes one, and so does each loaded space, for its memory image. Neither may keep the server from
//! opening files.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Kept for files, workers and the database.
const OTHERS: usize = 512;
/// The most that connections get, where there is plenty.
const MAX_CONNECTIONS: usize = 8_192;
/// The fewest of each, whatever the system grants.
const FEWEST: usize = 16;

/// The shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Descriptors {
    /// Connections at once; further ones wait in the kernel's queue.
    pub(crate) connections: usize,
    /// Spaces that are loaded.
    pub(crate) spaces: usize,
}

impl Descriptors {
    /// Takes all that the system allows.
    pub(crate) fn take() -> Self {
        let mut limit = getrlimit(Resource::Nofile);
        let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
        if setrlimit(Resource::Nofile, raised).is_ok() {
            limit.current = limit.maximum;
        }
        Self::share(limit.current.map_or(usize::MAX, |number| usize::try_from(number).unwrap_or(usize::MAX)))
    }

    fn share(granted: usize) -> Self {
        let free = granted.saturating_sub(OTHERS);
        let connections = (free / 2).min(MAX_CONNECTIONS);
        Self { connections: connections.max(FEWEST), spaces: (free - connections).max(FEWEST) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_leave_the_rest_to_others() {
        assert_eq!(Descriptors::share(100), Descriptors { connections: 16, spaces: 16 });
        assert_eq!(Descriptors::share(1_024), Descriptors { connections: 256, spaces: 256 });
        assert_eq!(Descriptors::share(1 << 20), Descriptors { connections: 8_192, spaces: (1 << 20) - 512 - 8_192 });
    }
}

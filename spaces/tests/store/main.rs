//! The store against real folders and real SQLite.
#![cfg(feature = "store")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod bundles;
mod crash;
mod flags;
mod logs;
mod revisions;
mod search;
mod settings;
mod support;
mod sweep;
mod usage;

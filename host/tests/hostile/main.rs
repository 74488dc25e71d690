//! Hostile inputs, against the real server: one file for each way in, one test or more for each row. A test's name
//! begins with the id of its row.
//!
//! After each test [`harness::Arena`] checks that nothing has been harmed: see its `unharmed`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a panic is how a test fails, and what it prints is its report"
)]

#[path = "../../runtime/tests/sandbox/guest.rs"]
mod guest;
#[path = "../server/harness.rs"]
#[expect(dead_code, reason = "shared with the server's other tests, which use the rest")]
mod server;
mod attack;
mod bombs;
mod border;
mod cpu;
mod gaps;
mod harness;
mod http;
mod memory;
mod pressure;
mod publish;
mod worker;

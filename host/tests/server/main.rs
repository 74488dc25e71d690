//! The whole server, over HTTP and from its command line: real processes, real models, a folder of their own.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a panic is how a test fails, and what it prints is its report"
)]

mod authors;
mod call;
mod golden;
#[expect(dead_code, reason = "shared with the hostile inputs, which use the rest")]
mod harness;
mod operations;
mod publish;
mod stream;

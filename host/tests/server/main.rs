//! The whole server, over HTTP and from its command line: real processes, real models, a folder of their own.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a panic is how a test fails, and what it prints is its report"
)]

mod authors;
mod call;
mod examples;
mod flags;
mod gallery;
mod golden;
mod harness;
mod inspect;
mod limits;
mod native;
mod operations;
mod publish;
mod revisions;
mod settings;
mod share;
mod sign_in;
mod stream;
mod usage;

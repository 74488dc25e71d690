//! `vitrine`: the server, its publish worker and its command line, in one binary.
//!
//! Reading order: [`cli`] says what can be asked; [`serve`] starts the server; [`app`] holds its long-lived
//! parts; [`http`] answers; [`live`] keeps the spaces that are called; [`publishing`] makes them, with
//! [`worker`] as the process that touches strangers' code.
//!
//! **Invariant**: this package knows wasmtime only through `host-runtime`, and SQLite only through `spaces`.

mod cli;
mod config;
mod serve;
mod app;
mod auth;
mod descriptors;
mod enforcement;
mod examples;
mod flagging;
mod catalog;
mod card;
mod origin;
mod calling;
mod batching;
mod http;
mod live;
mod inference;
mod sessions;
mod sign_ins;
mod temporary;
mod logs;
mod meters;
mod usage;
mod publishing;
mod worker;
mod blocking;
mod assets;
mod base_url;
mod convert;
mod embedded;
mod shutdown;
mod telemetry;
mod traces;
mod threads;
mod trim;
mod usual;
#[cfg(test)]
mod seeds;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}

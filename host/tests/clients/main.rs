//! Real clients, unmodified and from their registries, against the real server: one folder for each protocol, with the
//! scripts that drive them. `xtask/setup/clients.sh` installs them.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails, and what it prints is its report")]

#[path = "../server/harness.rs"]
#[expect(dead_code, reason = "shared with the server's other tests, which use the rest")]
mod server;
mod harness;
mod gradio;
mod open_inference;
mod mcp;
mod openapi;
mod traces;

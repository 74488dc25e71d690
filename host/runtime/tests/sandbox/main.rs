//! The sandbox against guests of a few lines of WAT: one per limit, asserting the exact error.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails, also in what its functions share")]

mod guest;
mod harness;
mod inference;
mod invoke;
mod publish;
mod split;

//! The sandbox against guests of a few lines of WAT: one per limit, asserting the exact error.

mod guest;
mod harness;
mod invoke;
mod publish;
mod split;

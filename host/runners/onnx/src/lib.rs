//! The built-in app that turns an ONNX file into a space.
//!
//! It implements the world `vitrine:space` like any author's app and runs inside the sandbox, because the model
//! file is a stranger's: nothing outside ever parses it.
//!
//! Reading order: [`runner`] is the life of a space; [`graph`] reads and checks the file; [`sklearn`] rewrites
//! what scikit-learn exports and tract does not know; [`input`] turns values into tensors; [`model`] runs them,
//! or [`native`] lets the host do it; [`output`] turns tensors into values. `guest` is the border to the host, the only part that is not native.
//!
//! # Invariants
//! - Nothing here does input or output except through [`assets::Assets`].
//! - After [`runner::Runner::load`] neither the model's file nor its protobuf is in memory: only what a call needs.
//! - No state changes after loading, so the host may freeze the memory and start every call from it.

pub mod assets;
pub mod graph;
pub mod input;
#[cfg(not(target_arch = "wasm32"))]
pub mod inspect;
#[cfg(any(test, target_arch = "wasm32"))]
mod kernels;
mod memory;
pub mod model;
mod names;
pub mod native;
pub mod output;
pub mod picture;
pub mod resample;
pub mod runner;
pub mod sklearn;

#[cfg(target_arch = "wasm32")]
mod guest;

pub use runner::{CallError, LoadError, Runner};

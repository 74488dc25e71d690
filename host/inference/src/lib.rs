//! Native inference: runs the models of trusted owners in this process, outside the sandbox.
//!
//! Reading order: [`inference`] is what a server uses; [`engine`] the trait that its two engines fill, [`tract`] and
//! [`onnxruntime`] ([`direct`] is for benchmarks); [`pool`] the threads on which they run; [`models`] what is kept loaded; [`tensor`] what goes in and
//! comes out.
//!
//! A model file is a stranger's. Every file passes the runner's own checks first (sizes, cycles, no data in other files),
//! but an engine that then goes wrong does so in the server: hence the operator's policy on who may use this, which is
//! the caller's to ask.
//!
//! # Invariants
//! - This package knows neither HTTP nor guests nor who owns a space.
//! - A run that outlives its caller costs a thread until it ends, never a slot; how many such threads there may be is
//!   bounded.
//! - What is loaded, and what is being loaded, counts against one limit in bytes.

mod direct;
mod engine;
mod inference;
mod interrupt;
mod models;
mod onnxruntime;
mod pool;
mod tensor;
mod tract;

pub use direct::{DirectCall, direct};
pub use engine::{EngineKind, StartError};
pub use inference::{InferError, Inference, InferenceConfig, InferenceStats, ModelRef};
pub use onnx_runner::native::Wanted;
pub use tensor::NamedTensor;

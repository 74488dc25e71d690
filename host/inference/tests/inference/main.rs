//! Both engines on real models. ONNX Runtime is the library inside the wheel that `make stage` installs.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails, also in what its functions share")]

mod answers;
mod harness;
mod limits;
mod refusals;

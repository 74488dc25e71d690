//! Kernels for the sandbox that are faster than tract's own, handed to tract through its registries.
//!
//! They are written for what Cranelift makes of them, since that is what runs: see [`gemm`]. On other machines they
//! compile to portable code, so that native tests run them; tract is told of them only inside the sandbox.

pub(crate) mod gemm;
mod lanes;

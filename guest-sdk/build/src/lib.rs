//! Builds a guest crate into a component of the world `vitrine:space/space`.
//!
//! [`build_component`] does the whole way; [`Toolchain`] is its first half and also builds the browser client.
//!
//! # Invariants
//! - Nothing is built with the target folder of native code: the wasm compiler may be another one than the
//!   native, and the two would rebuild each other's procedural macros forever.
//! - An output file is written only when its bytes change, so that its time stamp means something.

mod component;
mod package;
mod sysroot;
mod toolchain;

pub use component::{BuildError, BuiltComponent, build_component, build_component_with};
pub use package::PackageError;
pub use sysroot::SysrootError;
pub use toolchain::{Toolchain, ToolchainError, WASM_TARGET};

//! The sandbox: runs strangers' components and nothing else.
//!
//! Reading order: [`engine`] holds every runtime setting; [`limits`] the bounds of one invocation; [`wit`] the
//! contract; `capability` the host side of each of its imports; [`artefact`] the files that hold compiled
//! spaces; `guest` is one instance and its one call; `admission` says who may begin and `turns` who goes on;
//! [`sandbox`] loads apps and invokes them; [`publish`] makes them, in a process of its own.
//!
//! **Invariant**: this package never reads a manifest, never sees HTTP, and shows no wasmtime type to its
//! users. It is the only one that links wasmtime. Bytes and numbers come in; bytes, numbers and
//! typed errors go out.

pub mod engine;
pub mod limits;
pub mod wit;
mod ticker;
mod admission;
mod turns;
mod meter;
mod guest;
mod state;
mod capability;
pub mod artefact;
pub mod sandbox;
pub mod invoke;
pub mod publish;
mod reuse;

pub use artefact::{Artefact, LoadError, RunnerCode};
pub use capability::components::DrawnComponent;
pub use capability::page::Arrangement;
pub use engine::{EngineConfig, engine_version, has_swap};
pub use invoke::{Blame, GuestEvent, Invocation, InvokeError, Outcome, Overload, Usage};
pub use limits::Limits;
pub use reuse::Reuse;
pub use sandbox::{App, Sandbox, SandboxConfig};
pub use state::{
    AssetError, AssetSource, InferenceError, Inferring, LogLevel, LogSink, NativeInference, NoAssets, SessionStore,
    escape,
};

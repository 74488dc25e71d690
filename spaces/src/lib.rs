//! The domain of Vitrine: what a space is, apart from how it runs and how it is served.
//!
//! Reading order: [`id`] names things; [`limits`] is what a space may use; [`manifest`] is
//! what an author writes; [`interface`] is what a space
//! says of itself; [`value`] is what travels through it; [`schema`] describes that to programs; [`settings`] are what
//! its owner changes later; [`usage`] is what calls have cost; [`view`] is the JSON that the API and the pages share; `store` (feature) keeps spaces and their
//! revisions.
//!
//! **Invariant**: without the feature `store` nothing here does input or output, so the package also compiles
//! for the browser and for guests. It never sees HTTP, wasmtime or leptos.

pub mod id;
pub mod digest;
pub mod interface;
pub mod value;
pub mod schema;
pub mod diff;
pub mod limits;
pub mod manifest;
pub mod settings;
pub mod usage;
pub mod view;
pub mod inspection;
pub mod catalog;
pub mod suggest;
#[cfg(feature = "store")]
pub mod store;

pub use digest::Digest;
pub use id::SpaceId;

//! The pages of Vitrine.
//!
//! The server draws every page whole (feature `ssr`, entry: [`server::Pages`]); in the browser (feature
//! `hydrate`, package `web-hydrate`) only the islands come alive: [`components::SpaceApp`], the search of the
//! gallery, the log and a few buttons. Both draw the same tree from the same data, so nothing here depends
//! on the feature except `server`, `pages` and the author's Markdown, which the server alone reads.
//!
//! What needs a library of JavaScript (plots, formulas, long tables, models) is a custom element of `web/elements`: a
//! page loads its script when it has such an element.
//!
//! What people read is in `texts`, one module for each part of the app, so that it can be translated.
//!
//! Each page is a full page load: its data is read before it is drawn, so that neither a router nor a resource
//! nor an inline script is needed, and the content policy allows none. The one exception is between the app of a space
//! and how to call it, which share what was entered: [`components::SpaceApp`] shows either.
//!
//! **Invariant**: this package never sees the host, storage or a web framework. It reaches the server through
//! [`spaces::catalog::SpaceCatalog`], and the browser through the API that everybody uses.

// Views are nested types, one level per element and closure.
#![recursion_limit = "256"]

pub mod client;
pub mod components;
mod escape;
pub mod gallery;
pub mod inputs;
#[cfg(feature = "ssr")]
pub mod markdown;
pub mod outputs;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(any(feature = "ssr", feature = "authors"))]
pub mod publisher;
#[cfg(feature = "ssr")]
pub mod server;
pub mod signature;
pub mod snippets;
pub mod state;
mod texts;
mod wire;

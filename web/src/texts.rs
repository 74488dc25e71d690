//! Every text of the pages that somebody reads, by the part of the app that shows it.
//!
//! A fixed text is a constant. A text with values in it is a function that gives the whole sentence, so that a language
//! may order its words and decide its plurals for itself. `code` between backticks is drawn as code where the docs
//! say so; see [`crate::components::marked()`]. What is the same in every language stays where it is used: names of
//! formats and programs, symbols of units (`ms`, `kB`), code.
//!
//! A translation is a second tree of modules with the same names, chosen when a client is compiled: the compiler finds
//! what is missing, and a text that no page of a client shows is not in it. Nothing looks up keys at run time.
//!
//! A part is compiled where its texts are shown: in the server, which draws every page; in the clients of visitors and
//! authors, or of authors alone, where an island shows it.
//!
//! `tests/texts.rs` finds texts that stand elsewhere.

#[cfg(feature = "ssr")]
pub(crate) mod age;
pub(crate) mod api;
#[cfg(any(feature = "ssr", feature = "authors"))]
pub(crate) mod authors;
pub(crate) mod common;
pub(crate) mod errors;
#[cfg(feature = "ssr")]
pub(crate) mod files;
#[cfg(feature = "ssr")]
pub(crate) mod flags;
#[cfg(feature = "ssr")]
pub(crate) mod gallery;
pub(crate) mod inputs;
#[cfg(feature = "ssr")]
pub(crate) mod metrics;
pub(crate) mod outputs;
#[cfg(feature = "ssr")]
pub(crate) mod pages;
#[cfg(any(feature = "ssr", feature = "authors"))]
pub(crate) mod publisher;
#[cfg(feature = "ssr")]
pub(crate) mod revisions;
pub(crate) mod run;
pub(crate) mod search;
#[cfg(feature = "ssr")]
pub(crate) mod settings;
#[cfg(feature = "ssr")]
pub(crate) mod share;
pub(crate) mod signature;
pub(crate) mod space;
#[cfg(feature = "ssr")]
pub(crate) mod space_head;
#[cfg(any(feature = "ssr", feature = "authors"))]
pub(crate) mod visibility;

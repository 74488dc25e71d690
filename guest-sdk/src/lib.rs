//! What authors of Vitrine spaces import.
//!
//! A space is a component of the WIT world `vitrine:space/space` (folder `wit/`). Its `init` runs once, when it
//! is published; the memory that `init` leaves is frozen, and every request starts from a fresh copy of it.
//! So a model is loaded once and nothing of one request is there for the next, except what the space keeps in
//! the visitor's [`session`].
//!
//! # Invariants
//! - The SDK holds no host handle across calls: a handle taken in `init` would be stale in the frozen memory.
//! - No random state is cached: each draw asks the host, so two calls never see the same numbers. What `init`
//!   draws is frozen with its memory. The standard library seeds `HashMap` with constants on this target; a
//!   visitor who collides keys slows only the call that they made.
//! - There is no clock, file, network or environment; standard output goes nowhere, [`log`] goes to the author.
//! - Natively (`cargo test`) the host's side is replaced by a small stand-in: see [`assets`] and [`log`].
#![deny(missing_docs)]

mod app;
pub mod assets;
pub mod bindings;
pub mod component;
pub mod config;
mod endpoint;
mod error;
pub mod inference;
mod layout;
pub mod log;
#[cfg(feature = "onnx")]
pub mod onnx;
mod panic;
pub mod random;
pub mod session;
pub mod stream;

pub use app::App;
pub use bindings::{CallError, Context, SpaceDescription as Space, Value};
#[cfg(feature = "image")]
pub use component::Image;
pub use component::{
    AnnotatedImage, Audio, BarPlot, Chat, Choice, Code, Color, Date, DateTime, DownloadButton, File, HighlightedText,
    Html, ImageSlider, Json, Label, LinePlot, Map, Markdown, Message, Metric, Model3D, Outputs, Plot, Role, Said,
    ScatterPlot, Table, Video,
};
pub use error::{Error, Result};
pub use guest_sdk_macro::{Choice, Outputs, space};
#[cfg(not(target_arch = "wasm32"))]
pub use layout::take_arranged;
pub use layout::{Layout, Selection, Updates};
pub use stream::Stream;

/// Not part of the API: what the macros expand to.
#[doc(hidden)]
pub mod __internal {
    pub use crate::app::Component;
    pub use crate::component::__internal::*;
    pub use crate::component::{Choice, Input, InputOptions, Output, OutputOptions, Outputs};
    pub use crate::endpoint::{Inputs, State};
    pub use crate::layout::arrange;
    pub use serde_json::Value as JsonValue;
}

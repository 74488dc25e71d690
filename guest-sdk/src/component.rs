//! The types of inputs and outputs, and how each is drawn.
//!
//! | type | input | output |
//! | --- | --- | --- |
//! | `f64`, `f32`, integers | number, or slider | number |
//! | `bool` | checkbox | checkbox |
//! | `String` | text field (`type = "password"`), or menu with `choices` | text |
//! | `Vec<String>` | several of the `choices` | |
//! | an enum with `#[derive(Choice)]` | radio, or dropdown beyond five choices | text |
//! | `Vec` of such an enum | checkbox group | |
//! | [`Color`], [`DateTime`], [`Date`] | picker | colour, text |
//! | [`Image`] (feature `image`), `Vec<Image>` | image, gallery | image, gallery |
//! | [`ImageSlider`] | two images | two images to compare |
//! | [`AnnotatedImage`] | | image with labelled boxes and masks |
//! | [`File`], [`Audio`], [`Video`], [`Model3D`], `Vec<File>` | upload | player, viewer or download |
//! | [`DownloadButton`] | | button |
//! | [`Table`], [`Json`] | table, JSON | table, JSON |
//! | [`LinePlot`], [`BarPlot`], [`ScatterPlot`], [`Plot`] | | plot of a table, Vega-Lite |
//! | [`Chat`] | message box | conversation |
//! | [`Label`], [`Metric`] | | classification, number with its change |
//! | [`Code`] | code with its language | the same |
//! | [`HighlightedText`], [`Map`] | a text of which parts are marked, a map of which points are set | the same |
//! | [`Markdown`], [`Html`] | | text |
//! | `Option<T>` | may be left out | `None` shows nothing |

mod chat;
mod choice;
mod code;
mod color;
mod datetime;
mod document;
mod draw;
#[cfg(feature = "image")]
mod image;
mod input;
mod label;
mod media;
mod output;
mod picture;
mod plot;
mod scalar;
mod table;

pub use self::chat::{Chat, Message, Role};
pub use self::choice::Choice;
pub use self::code::Code;
pub use self::color::Color;
pub use self::datetime::{Date, DateTime};
pub use self::document::{HighlightedText, Html, Map, Metric, Plot, Said};
#[cfg(not(target_arch = "wasm32"))]
pub use self::draw::take_drawn;
pub use self::draw::{Drawn, OptionValue, Side, draw};
#[cfg(feature = "image")]
pub use self::image::Image;
pub use self::input::{Input, InputOptions};
pub use self::label::Label;
pub use self::media::{Audio, DownloadButton, File, Model3D, Video};
pub use self::output::{Output, OutputOptions, Outputs};
pub use self::picture::{AnnotatedImage, ImageSlider};
pub use self::plot::{BarPlot, LinePlot, ScatterPlot};
pub use self::scalar::{Json, Markdown};
pub use self::table::{Row, Table};

/// What the macros name.
#[doc(hidden)]
pub mod __internal {
    pub use super::choice::{choice_component, choice_from_value, choice_value};
    pub use super::draw::{Drawn, described};
    pub use super::input::{
        Chosen, CodeLike, Dated, Defaulted, FileLike, Literal, Ranged, Sourced, TableLike, TextLike, Typed,
    };
    pub use super::output::{humanize, output_field};
}

use crate::Value;
use crate::bindings::vitrine::space::description::{Component, Textbox};

/// What a text is drawn as where nothing better is known.
fn text_component() -> Component {
    Component::Textbox(Textbox { lines: 1, placeholder: None, max_length: None })
}

fn text_of(value: Value) -> Result<String, String> {
    match value {
        Value::Text(text) => Ok(text),
        other => Err(unexpected("a text", &other)),
    }
}

/// The message for a value of another kind than the component's, which the host's check rules out.
pub(crate) fn unexpected(wanted: &str, value: &Value) -> String {
    let kind = match value {
        Value::Null => "nothing",
        Value::Boolean(_) => "a boolean",
        Value::Integer(_) => "an integer",
        Value::Number(_) => "a number",
        Value::Text(_) => "a text",
        Value::Texts(_) => "several texts",
        Value::Json(_) => "JSON",
        Value::Media(_) => "a file",
        Value::Medias(_) => "several files",
        Value::Tensor(_) => "a tensor",
        Value::Table(_) => "a table",
        Value::Label(_) => "a classification",
    };
    format!("expected {wanted}, got {kind}")
}

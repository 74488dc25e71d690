//! The types of inputs and outputs, and how each is drawn.
//!
//! | type | input | output |
//! | --- | --- | --- |
//! | `f64`, `f32`, integers | number, or slider | number |
//! | `bool` | checkbox | checkbox |
//! | `String` | text field | text |
//! | an enum with `#[derive(Choice)]` | radio, or dropdown beyond five choices | text |
//! | `Vec` of such an enum | checkbox group | |
//! | [`Image`] (feature `image`), `Vec<Image>` | image, gallery | image, gallery |
//! | [`File`], [`Audio`], [`Video`], `Vec<File>` | upload | player or download |
//! | [`Table`], [`Json`] | table, JSON | table, JSON |
//! | [`Label`], [`Markdown`] | | classification, text |
//! | `Option<T>` | may be left out | `None` shows nothing |

mod choice;
#[cfg(feature = "image")]
mod image;
mod input;
mod label;
mod media;
mod output;
mod scalar;
mod table;

pub use self::choice::Choice;
#[cfg(feature = "image")]
pub use self::image::Image;
pub use self::input::{Input, InputOptions};
pub use self::label::Label;
pub use self::media::{Audio, File, Video};
pub use self::output::{Output, Outputs};
pub use self::scalar::{Json, Markdown};
pub use self::table::{Row, Table};

/// What the macros name.
#[doc(hidden)]
pub mod __internal {
    pub use super::choice::{choice_component, choice_from_value, choice_value};
    pub use super::input::{Defaulted, FileLike, Literal, Ranged, TextLike};
    pub use super::output::{humanize, output_field};
}

use crate::Value;

/// The message for a value of another kind than the component's, which the host's check rules out.
fn unexpected(wanted: &str, value: &Value) -> String {
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

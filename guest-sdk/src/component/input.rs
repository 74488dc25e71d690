//! What a parameter of an endpoint must be able to do.

use super::draw::Drawn;
use crate::Value;
use crate::bindings::vitrine::space::description::Component;

/// A type that an endpoint can take as an input.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an input of a space",
    label = "not an input type",
    note = "inputs are numbers, `bool`, `String`, enums with `#[derive(guest_sdk::Choice)]`, `Image` (feature `image`), \
            `File`, `Audio`, `Video`, `Table`, `Json`, `Color`, `Date`, `DateTime`, `Chat`, `Code`, \
            `HighlightedText`, `Map`, `ImageSlider`, `Model3D`, and `Option` or `Vec` of some of them",
    note = "the value that `#[init]` returns is taken by reference: `model: &Model`"
)]
pub trait Input: Sized {
    /// True where a request may leave the input out.
    const OPTIONAL: bool = false;

    /// How the input is drawn.
    fn component(options: &InputOptions) -> Component;

    /// How it is drawn instead by hosts that know more components; it takes the same kind of value.
    fn drawn(_options: &InputOptions) -> Option<Drawn> {
        None
    }

    /// Reads the value of a request.
    ///
    /// # Errors
    /// What to do about the value, for the visitor.
    fn from_value(value: Value) -> Result<Self, String>;
}

/// What `#[input(…)]` says about an input.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "each field is the option of its name, see `#[space]`")]
pub struct InputOptions {
    pub minimum: Option<f64>,
    pub maximum: Option<f64>,
    pub step: Option<f64>,
    pub slider: bool,
    pub lines: Option<u32>,
    pub placeholder: Option<String>,
    pub max_length: Option<u32>,
    pub file_types: Vec<String>,
    pub text_type: Option<String>,
    pub choices: Vec<String>,
    pub allow_custom_value: bool,
    pub timezone: Option<String>,
    pub language: Option<String>,
    pub sources: Vec<String>,
    pub headers: Vec<String>,
    pub datatype: Vec<String>,
    pub fixed: bool,
}

impl<T: Input> Input for Option<T> {
    const OPTIONAL: bool = true;

    fn component(options: &InputOptions) -> Component {
        T::component(options)
    }

    fn drawn(options: &InputOptions) -> Option<Drawn> {
        T::drawn(options)
    }

    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}

/// A literal of type `L` in `default = …` or an `#[example(…)]`, as a value of the input's type.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this value does not fit an input of type `{Self}`",
    label = "does not fit `{Self}`"
)]
pub trait Literal<L> {
    /// The value that the page starts from.
    fn literal(literal: L) -> Value;
}

impl<T: Literal<L>, L> Literal<L> for Option<T> {
    fn literal(literal: L) -> Value {
        T::literal(literal)
    }
}

/// Types that take `minimum`, `maximum`, `step` and `slider`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`minimum`, `maximum`, `step` and `slider` are for numbers, not `{Self}`",
    label = "not a number"
)]
pub trait Ranged {}

/// Types that take `lines`, `placeholder` and `max_length`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`lines`, `placeholder` and `max_length` are for `String`, not `{Self}`",
    label = "not a text"
)]
pub trait TextLike {}

/// Types that take `file_types`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(message = "`file_types` is for `File`, not `{Self}`", label = "not a file")]
pub trait FileLike {}

/// Types that take `type`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(message = "`type` is for `String`, not `{Self}`", label = "not a text")]
pub trait Typed {}

/// Types that take `choices` and `allow_custom_value`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`choices` and `allow_custom_value` are for `String` and `Vec<String>`, not `{Self}`",
    label = "not a text, and not a list of texts"
)]
pub trait Chosen {}

/// Types that take `timezone`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(message = "`timezone` is for `DateTime` and `Date`, not `{Self}`", label = "not a date")]
pub trait Dated {}

/// Types that take `language`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(message = "`language` is for `Code`, not `{Self}`", label = "not code")]
pub trait CodeLike {}

/// Types that take `sources`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`sources` is for `Image` and `Audio`, not `{Self}`",
    label = "neither a picture nor a sound"
)]
pub trait Sourced {}

/// Types that take `headers`, `datatype` and `fixed`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`headers`, `datatype` and `fixed` are for `Table`, not `{Self}`",
    label = "not a table"
)]
pub trait TableLike {}

/// Types that take `default`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "an input of type `{Self}` has no default",
    label = "no default for `{Self}`",
    note = "an `Option` is left out instead of having a default; a file can be offered with `#[example(…)]`"
)]
pub trait Defaulted {}

impl<T: Ranged> Ranged for Option<T> {}
impl<T: TextLike> TextLike for Option<T> {}
impl<T: FileLike> FileLike for Option<T> {}
impl<T: Typed> Typed for Option<T> {}
impl<T: CodeLike> CodeLike for Option<T> {}
impl<T: Chosen> Chosen for Option<T> {}
impl<T: Dated> Dated for Option<T> {}
impl<T: Sourced> Sourced for Option<T> {}
impl<T: TableLike> TableLike for Option<T> {}

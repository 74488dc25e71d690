//! Why a [`Value`](super::Value) does not fit, in words for whoever sent it.

use std::fmt;

use super::Dtype;

/// The most dimensions of a tensor.
pub const MAX_TENSOR_RANK: usize = 16;

/// How deep a JSON value nests: parsers, ours among them, give up at 128 levels, and answers and stored interfaces
/// wrap a value in some of their own.
pub const MAX_JSON_DEPTH: usize = 64;

/// How many characters of a wrong value a message repeats.
const MAX_QUOTED_CHARS: usize = 80;

/// How many choices a message lists.
pub(super) const MAX_LISTED_CHOICES: usize = 20;

/// Why a value does not fit its component. Reads after "input `x`: ".
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ValueError {
    #[error("expected {expected}, found {found}")]
    Type { expected: &'static str, found: &'static str },
    #[error("`{text}` is not {expected}")]
    Text { text: String, expected: &'static str },
    #[error("expected {expected}, but {problem}")]
    Form { expected: &'static str, problem: &'static str },
    #[error("expected {expected} images, found {given}")]
    ImageCount { expected: usize, given: usize },
    #[error("the text is not UTF-8")]
    Utf8,
    #[error("not valid JSON: {problem}")]
    Json { problem: String },
    #[error("the JSON nests deeper than {MAX_JSON_DEPTH} levels")]
    TooDeep,
    #[error("{number} is not a finite number")]
    NotFinite { number: f64 },
    #[error("{} is below the minimum {}", Decimal(*.number), Decimal(*.minimum))]
    Below { number: f64, minimum: f64 },
    #[error("{} is above the maximum {}", Decimal(*.number), Decimal(*.maximum))]
    Above { number: f64, maximum: f64 },
    #[error("the text has {length} characters, but at most {maximum} are allowed")]
    TooLong { length: usize, maximum: u32 },
    #[error("`{given}` is not among the choices {choices}")]
    Choice { given: String, choices: String },
    #[error("`{given}` is chosen more than once")]
    ChosenTwice { given: String },
    #[error("expected one file, found {given}")]
    OneFile { given: usize },
    #[error("the string is not a data URL of the form `data:image/png;base64,...`")]
    DataUrl,
    #[error("`{key}` is not valid base64: {problem}")]
    Base64 { key: &'static str, problem: String },
    #[error("there is no key `{key}`")]
    Key { key: &'static str },
    #[error("there is a key `{given}`, but only {known} are known")]
    UnknownKey { given: String, known: &'static str },
    #[error("`{given}` is not a media type like `image/png`")]
    MediaTypeForm { given: String },
    #[error("expected a file of type `{expected}`, found `{given}`")]
    MediaType { given: String, expected: String },
    #[error("{problem}")]
    Asset { problem: String },
    #[error(
        "`{given}` is not an element type; use one of boolean, u8, s8, u16, s16, u32, s32, u64, s64, f16, f32, f64"
    )]
    UnknownDtype { given: String },
    #[error("expected elements of type {expected}, found {given}")]
    Dtype { given: Dtype, expected: Dtype },
    #[error("expected a tensor of shape {}, found {}", Shape(.expected), Shape(.given))]
    Shape { given: Vec<u64>, expected: Vec<Option<u64>> },
    #[error("the shape {} of {dtype} takes {expected} bytes, found {given}", Shape(.shape))]
    TensorBytes { given: usize, expected: u128, dtype: Dtype, shape: Vec<u64> },
    #[error("the shape {} takes {expected} numbers, found {given}", Shape(.shape))]
    TensorLength { given: usize, expected: u128, shape: Vec<u64> },
    #[error("the nested arrays are not all of the same length")]
    Ragged,
    #[error("the tensor has more than {MAX_TENSOR_RANK} dimensions")]
    TooManyDimensions,
    #[error("element {index}: `{given}` is not of type {dtype}")]
    Element { index: usize, given: String, dtype: Dtype },
    #[error("expected the columns {expected}, found {given}")]
    Headers { given: String, expected: String },
    #[error("row {row} has {given} cells, but there are {expected} columns")]
    Row { row: usize, given: usize, expected: usize },
    #[error("row {row}, column `{column}`: expected a number, text, boolean or null, found {found}")]
    Cell { row: usize, column: String, found: &'static str },
    #[error("the columns have different lengths")]
    ColumnLengths,
    #[error("the score of `{label}` is {score}, not a finite number")]
    Score { label: String, score: f64 },
}

/// The beginning of a stranger's text, for a message: short, and without characters that steer a terminal.
pub fn quoted(text: &str) -> String {
    let mut characters = text.chars();
    let visible = |c: char| {
        if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }
    };
    let mut beginning: String = characters.by_ref().take(MAX_QUOTED_CHARS).map(visible).collect();
    if characters.next().is_some() {
        beginning.push('…');
    }
    beginning
}

/// `` `a`, `b`, … `` for a message.
pub(crate) fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut list = String::new();
    for (index, word) in words.enumerate() {
        if index > 0 {
            list.push_str(", ");
        }
        if index == MAX_LISTED_CHOICES {
            list.push('…');
            break;
        }
        list.push('`');
        list.push_str(&quoted(word));
        list.push('`');
    }
    list
}

/// A number for a message: without the hundreds of zeros that `Display` writes for a large one.
struct Decimal(f64);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.abs();
        if size != 0.0 && !(1e-5..1e16).contains(&size) { write!(f, "{:e}", self.0) } else { write!(f, "{}", self.0) }
    }
}

/// A shape for a message, a free dimension written `?`.
struct Shape<'a, T>(&'a [T]);

impl fmt::Display for Shape<'_, u64> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dimensions: Vec<String> = self.0.iter().map(u64::to_string).collect();
        write!(f, "[{}]", dimensions.join(", "))
    }
}

impl fmt::Display for Shape<'_, Option<u64>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let write = |dimension: &Option<u64>| dimension.map_or_else(|| "?".to_owned(), |known| known.to_string());
        let dimensions: Vec<String> = self.0.iter().map(write).collect();
        write!(f, "[{}]", dimensions.join(", "))
    }
}

//! Values: what travels between a visitor and a space. One to one with `types.wit`.

pub mod annotated;
pub mod decode;
mod elements;
pub mod encode;
mod fit;
mod form;
mod half;
pub mod media_type;
mod problem;
pub mod sample;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use elements::{Elements, push as push_element};
pub(crate) use fit::check;
pub(crate) use problem::listed;
pub use problem::quoted;
pub use problem::{MAX_JSON_DEPTH, MAX_TENSOR_RANK, ValueError};

/// One input or output value.
///
/// The serde form is for storage (defaults and examples in an interface); the form that clients see is made
/// by [`encode`] and read by [`decode`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", content = "value", rename_all = "kebab-case")]
pub enum Value {
    Null,
    Boolean(bool),
    Integer(i64),
    Number(f64),
    Text(String),
    Texts(Vec<String>),
    /// Any JSON document.
    Json(serde_json::Value),
    Media(Media),
    Medias(Vec<Media>),
    Tensor(Tensor),
    Table(Vec<Column>),
    /// A classification, best first.
    Label(Vec<Confidence>),
}

/// A file with its type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Media {
    /// The file's bytes, encoded as `mime_type` says.
    #[serde(with = "base64_bytes")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, content_encoding = "base64"))]
    pub bytes: Vec<u8>,
    /// The IANA media type, such as `image/png`.
    pub mime_type: String,
    /// The file name that the visitor sees.
    pub name: Option<String>,
}

/// The element type of a tensor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Dtype {
    Boolean,
    U8,
    S8,
    U16,
    S16,
    U32,
    S32,
    U64,
    S64,
    F16,
    F32,
    F64,
}

impl Dtype {
    /// The size of one element in bytes.
    pub fn size_bytes(self) -> usize {
        match self {
            Self::Boolean | Self::U8 | Self::S8 => 1,
            Self::U16 | Self::S16 | Self::F16 => 2,
            Self::U32 | Self::S32 | Self::F32 => 4,
            Self::U64 | Self::S64 | Self::F64 => 8,
        }
    }
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Boolean => "boolean",
            Self::U8 => "u8",
            Self::S8 => "s8",
            Self::U16 => "u16",
            Self::S16 => "s16",
            Self::U32 => "u32",
            Self::S32 => "s32",
            Self::U64 => "u64",
            Self::S64 => "s64",
            Self::F16 => "f16",
            Self::F32 => "f32",
            Self::F64 => "f64",
        })
    }
}

/// An n-dimensional array.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tensor {
    pub dtype: Dtype,
    /// The dimensions, outermost first. Empty for a scalar.
    pub shape: Vec<u64>,
    /// The elements in row-major order, little endian.
    #[serde(with = "base64_bytes")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, content_encoding = "base64"))]
    pub bytes: Vec<u8>,
}

/// One cell of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum Cell {
    Null,
    Boolean(bool),
    Integer(i64),
    Number(f64),
    Text(String),
}

/// One column of a table; all columns of a table have the same length.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Column {
    /// The header.
    pub name: String,
    pub cells: Vec<Cell>,
}

/// One candidate of a classification.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Confidence {
    /// The class name.
    pub label: String,
    /// The score in 0..1, or none where the model gives only the class.
    pub score: Option<f64>,
}

mod base64_bytes {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize as _, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map_err(de::Error::custom)
    }
}

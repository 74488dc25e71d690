//! The protocol's element types, and which one each component has.

use std::fmt;
use std::str::FromStr;

use spaces::interface::{Component, ValueKind};
use spaces::value::Dtype;

/// The type of a tensor's elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Datatype {
    /// Numbers and booleans of a fixed size.
    Fixed(Dtype),
    /// Two bytes each, which no space takes: there is no such type in the contract.
    Bf16,
    /// Each element is a text, a document or a file.
    Bytes,
}

/// A word that is no [`Datatype`].
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UnknownDatatype;

impl Datatype {
    /// The size of one element in bytes, where all have the same.
    pub(super) fn size_bytes(self) -> Option<usize> {
        match self {
            Self::Fixed(dtype) => Some(dtype.size_bytes()),
            Self::Bf16 => Some(2),
            Self::Bytes => None,
        }
    }

    /// The name in a model's configuration, without `TYPE_`.
    pub(super) fn config_name(self) -> &'static str {
        match self {
            Self::Bytes => "STRING",
            other => other.as_str(),
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Fixed(Dtype::Boolean) => "BOOL",
            Self::Fixed(Dtype::U8) => "UINT8",
            Self::Fixed(Dtype::S8) => "INT8",
            Self::Fixed(Dtype::U16) => "UINT16",
            Self::Fixed(Dtype::S16) => "INT16",
            Self::Fixed(Dtype::U32) => "UINT32",
            Self::Fixed(Dtype::S32) => "INT32",
            Self::Fixed(Dtype::U64) => "UINT64",
            Self::Fixed(Dtype::S64) => "INT64",
            Self::Fixed(Dtype::F16) => "FP16",
            Self::Fixed(Dtype::F32) => "FP32",
            Self::Fixed(Dtype::F64) => "FP64",
            Self::Bf16 => "BF16",
            Self::Bytes => "BYTES",
        }
    }
}

impl fmt::Display for Datatype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Datatype {
    type Err = UnknownDatatype;

    fn from_str(text: &str) -> Result<Self, UnknownDatatype> {
        use Dtype::{Boolean, F16, F32, F64, S8, S16, S32, S64, U8, U16, U32, U64};
        let fixed = [Boolean, U8, S8, U16, S16, U32, S32, U64, S64, F16, F32, F64].map(Self::Fixed);
        let all = fixed.into_iter().chain([Self::Bf16, Self::Bytes]);
        all.into_iter().find(|datatype| datatype.as_str() == text).ok_or(UnknownDatatype)
    }
}

/// The element type and the shape of a component's values; a free dimension is none.
pub(super) fn signature(component: &Component) -> (Datatype, Vec<Option<u64>>) {
    if let Component::Tensor { dtype, shape } = component {
        return (Datatype::Fixed(*dtype), shape.clone());
    }
    let datatype = match component.value_kind() {
        ValueKind::Number => Datatype::Fixed(Dtype::F64),
        ValueKind::Boolean => Datatype::Fixed(Dtype::Boolean),
        _ => Datatype::Bytes,
    };
    (datatype, vec![if component.takes_many() { None } else { Some(1) }])
}

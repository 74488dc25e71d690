//! Tensors as they cross the border of this package: plain bytes, copied once into the engine's own memory.

use spaces::value::{Dtype, Tensor};
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::prelude::{self as tract, DatumType};

/// A tensor with the name of its graph input or output.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedTensor {
    pub name: String,
    pub tensor: Tensor,
}

/// Whether the bytes are as many as type and shape say.
pub(crate) fn check_bytes(tensor: &Tensor) -> Result<(), String> {
    let mut sizes = tensor.shape.iter();
    let expected =
        sizes.try_fold(tensor.dtype.size_bytes(), |product, &size| product.checked_mul(usize::try_from(size).ok()?));
    if expected == Some(tensor.bytes.len()) {
        Ok(())
    } else {
        Err(format!("its shape {:?} does not fit its {} bytes", tensor.shape, tensor.bytes.len()))
    }
}

/// Calls a macro with one line a type: ours, ONNX's, and Rust's.
macro_rules! element_types {
    ($with:ident) => {
        $with! {
            (Boolean, Bool, bool), (U8, Uint8, u8), (S8, Int8, i8), (U16, Uint16, u16), (S16, Int16, i16),
            (U32, Uint32, u32), (S32, Int32, i32), (U64, Uint64, u64), (S64, Int64, i64), (F16, Float16, half::f16),
            (F32, Float, f32), (F64, Double, f64)
        }
    };
}
pub(crate) use element_types;

macro_rules! onnx_types {
    ($(($ours:ident, $onnx:ident, $rust:ty)),*) => {
        /// ONNX's name of an element type.
        pub(crate) fn onnx_type(dtype: Dtype) -> DataType {
            match dtype { $(Dtype::$ours => DataType::$onnx),* }
        }
    };
}
element_types!(onnx_types);

macro_rules! tract_types {
    ($(($ours:ident, $onnx:ident, $rust:ty)),*) => {
        fn datum_type(dtype: Dtype) -> DatumType {
            use tract::Datum as _;
            match dtype { $(Dtype::$ours => <$rust>::datum_type()),* }
        }

        fn dtype(datum_type: DatumType) -> Option<Dtype> {
            use tract::Datum as _;
            $(if datum_type == <$rust>::datum_type() { return Some(Dtype::$ours); })*
            None
        }
    };
}
element_types!(tract_types);

/// One copy of the bytes, into tract's memory. The bytes must fit, see [`check_bytes`].
pub(crate) fn to_tract(tensor: &Tensor) -> Result<tract::Tensor, String> {
    let shape: Vec<usize> = tensor.shape.iter().map(|&size| usize::try_from(size).unwrap_or(usize::MAX)).collect();
    let mut made = tract::Tensor::zero_dt(datum_type(tensor.dtype), &shape).map_err(|error| format!("{error:#}"))?;
    let bytes = made.as_bytes_mut();
    match tensor.dtype {
        // Any other byte would be no `bool`.
        Dtype::Boolean => bytes.iter_mut().zip(&tensor.bytes).for_each(|(to, from)| *to = u8::from(*from != 0)),
        _ => bytes.copy_from_slice(&little_endian(&tensor.bytes, tensor.dtype.size_bytes())),
    }
    Ok(made)
}

/// One copy of the bytes, out of tract's memory.
pub(crate) fn from_tract(tensor: &tract::Tensor) -> Result<Tensor, String> {
    let datum_type = tensor.datum_type();
    let dtype = dtype(datum_type).ok_or_else(|| format!("its element type {datum_type:?} is not supported"))?;
    let shape = tensor.shape().iter().map(|&size| size as u64).collect();
    Ok(Tensor { dtype, shape, bytes: little_endian(tensor.as_bytes(), dtype.size_bytes()).into_owned() })
}

/// Little endian to the machine's order and back; nothing is copied where they are the same.
fn little_endian(bytes: &[u8], size: usize) -> std::borrow::Cow<'_, [u8]> {
    if cfg!(target_endian = "little") {
        return std::borrow::Cow::Borrowed(bytes);
    }
    std::borrow::Cow::Owned(bytes.chunks_exact(size).flat_map(|element| element.iter().rev().copied()).collect())
}

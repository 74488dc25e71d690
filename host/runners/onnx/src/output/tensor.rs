//! Tensors of tract as values, and back.

use spaces::value::{self, Dtype};
use tract_onnx::prelude::{DatumType, Tensor};

/// The element type as clients see it; none for types that have no plain form.
pub(crate) fn dtype(datum_type: DatumType) -> Option<Dtype> {
    Some(match datum_type {
        DatumType::Bool => Dtype::Boolean,
        DatumType::U8 => Dtype::U8,
        DatumType::I8 => Dtype::S8,
        DatumType::U16 => Dtype::U16,
        DatumType::I16 => Dtype::S16,
        DatumType::U32 => Dtype::U32,
        DatumType::I32 => Dtype::S32,
        DatumType::U64 => Dtype::U64,
        DatumType::I64 => Dtype::S64,
        DatumType::F16 => Dtype::F16,
        DatumType::F32 => Dtype::F32,
        DatumType::F64 => Dtype::F64,
        _ => return None,
    })
}

/// Reads a tensor that a client sent; its bytes must fit its shape.
pub(crate) fn tensor_from(value: &value::Tensor) -> Result<Tensor, String> {
    let shape: Vec<usize> = value.shape.iter().map(|&size| usize::try_from(size).unwrap_or(usize::MAX)).collect();
    let expected = shape.iter().try_fold(value.dtype.size_bytes(), |product, &size| product.checked_mul(size));
    if expected != Some(value.bytes.len()) {
        return Err(format!("its shape {:?} does not fit its {} bytes", value.shape, value.bytes.len()));
    }
    macro_rules! read {
        ($number:ty) => {{
            let (chunks, _) = value.bytes.as_chunks::<{ size_of::<$number>() }>();
            let numbers: Vec<$number> = chunks.iter().map(|bytes| <$number>::from_le_bytes(*bytes)).collect();
            Tensor::from_shape(&shape, &numbers)
        }};
    }
    let tensor = match value.dtype {
        Dtype::Boolean => Tensor::from_shape(&shape, &value.bytes.iter().map(|&byte| byte != 0).collect::<Vec<_>>()),
        Dtype::U8 => Tensor::from_shape(&shape, &value.bytes),
        Dtype::S8 => read!(i8),
        Dtype::U16 => read!(u16),
        Dtype::S16 => read!(i16),
        Dtype::U32 => read!(u32),
        Dtype::S32 => read!(i32),
        Dtype::U64 => read!(u64),
        Dtype::S64 => read!(i64),
        Dtype::F16 => read!(tract_onnx::prelude::f16),
        Dtype::F32 => read!(f32),
        Dtype::F64 => read!(f64),
    };
    tensor.map_err(|error| format!("{error:#}"))
}

/// Writes a tensor for a client.
pub(crate) fn value_from(tensor: &Tensor) -> Result<value::Tensor, String> {
    let dtype =
        dtype(tensor.datum_type()).ok_or_else(|| format!("element type {:?} is not supported", tensor.datum_type()))?;
    let shape = tensor.shape().iter().map(|&size| size as u64).collect();
    macro_rules! write {
        ($number:ty) => {{
            let view = tensor.to_plain_array_view::<$number>().map_err(|error| format!("{error:#}"))?;
            let numbers = view.as_standard_layout();
            let numbers = numbers.as_slice().ok_or("its elements are not in order")?;
            // A compiler makes a plain copy of this, as it does not of a collected iterator.
            let mut bytes = vec![0; size_of_val(numbers)];
            let (chunks, _) = bytes.as_chunks_mut::<{ size_of::<$number>() }>();
            for (chunk, number) in chunks.iter_mut().zip(numbers) {
                *chunk = number.to_le_bytes();
            }
            bytes
        }};
    }
    let bytes = match dtype {
        Dtype::Boolean => {
            let view = tensor.to_plain_array_view::<bool>().map_err(|error| format!("{error:#}"))?;
            view.iter().map(|&on| u8::from(on)).collect()
        }
        Dtype::U8 => write!(u8),
        Dtype::S8 => write!(i8),
        Dtype::U16 => write!(u16),
        Dtype::S16 => write!(i16),
        Dtype::U32 => write!(u32),
        Dtype::S32 => write!(i32),
        Dtype::U64 => write!(u64),
        Dtype::S64 => write!(i64),
        Dtype::F16 => write!(tract_onnx::prelude::f16),
        Dtype::F32 => write!(f32),
        Dtype::F64 => write!(f64),
    };
    Ok(value::Tensor { dtype, shape, bytes })
}

/// The elements as numbers, in row-major order.
pub(super) fn numbers(tensor: &Tensor) -> Result<Vec<f64>, String> {
    let cast = tensor.cast_to::<f64>().map_err(|error| format!("it holds no numbers: {error:#}"))?;
    let view = cast.to_plain_array_view::<f64>().map_err(|error| format!("{error:#}"))?;
    Ok(view.iter().copied().collect())
}

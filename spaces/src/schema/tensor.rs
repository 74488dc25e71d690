//! Tensors: nested arrays, a flat one where the whole shape is known, or an object with shape and elements.

use serde_json::{Value as Json, json};

use super::{Files, any_of, array, object, or_null, text};
use crate::value::{Dtype, MAX_TENSOR_RANK};

/// A tensor that a request sends; each of `shape` is a dimension, none for a free one.
pub(super) fn taken(dtype: Dtype, shape: &[Option<u64>]) -> Json {
    let mut forms = vec![nested(dtype, shape)];
    let n_elements: Option<u64> = shape.iter().copied().try_fold(1, |n, size| size?.checked_mul(n));
    if let Some(n_elements) = n_elements.filter(|_| shape.len() != 1) {
        forms.push(nested(dtype, &[Some(n_elements)]));
    }
    for (key, schema, required) in [
        // Nested or flat, as long as it fits the shape.
        ("data", json!({}), json!(["data"])),
        ("bytes", bytes(), json!(["shape", "bytes"])),
    ] {
        let mut form = object([("dtype", json!({ "const": dtype })), ("shape", dimensions()), (key, schema)]);
        form["required"] = required;
        forms.push(form);
    }
    let sizes: Vec<_> = shape.iter().map(|size| size.map_or_else(|| "?".to_owned(), |size| size.to_string())).collect();
    json!({ "description": format!("a tensor of {dtype}, shape [{}]", sizes.join(", ")), "anyOf": forms })
}

/// A tensor of an answer.
pub(super) fn given(dtype: Dtype, files: Files) -> Json {
    let elements = json!({
        "type": "array", "items": any_of(element(dtype), json!({ "type": "null" })),
        "description": "all elements in row-major order; null where a number is not finite",
    });
    // A large one is a file of its elements, little endian.
    let elements = if files == Files::Apart { or_null(elements) } else { elements };
    let mut tensor = object([("dtype", json!({ "const": dtype })), ("shape", dimensions()), ("data", elements)]);
    tensor["required"] = json!(["dtype", "shape", "data"]);
    tensor
}

fn nested(dtype: Dtype, shape: &[Option<u64>]) -> Json {
    let innermost = match dtype {
        Dtype::Boolean => any_of(element(dtype), json!({ "enum": [0, 1] })),
        // Null is NaN.
        Dtype::F16 | Dtype::F32 | Dtype::F64 => json!({ "type": ["number", "null"] }),
        _ => element(dtype),
    };
    shape.iter().rev().fold(innermost, |items, size| {
        let mut schema = array(items);
        if let Some(size) = size {
            schema["minItems"] = json!(size);
            schema["maxItems"] = json!(size);
        }
        schema
    })
}

fn element(dtype: Dtype) -> Json {
    let integer = |minimum: i64, maximum: u64| json!({ "type": "integer", "minimum": minimum, "maximum": maximum });
    match dtype {
        Dtype::Boolean => json!({ "type": "boolean" }),
        Dtype::U8 => integer(0, u8::MAX.into()),
        Dtype::S8 => integer(i8::MIN.into(), i8::MAX as u64),
        Dtype::U16 => integer(0, u16::MAX.into()),
        Dtype::S16 => integer(i16::MIN.into(), i16::MAX as u64),
        Dtype::U32 => integer(0, u32::MAX.into()),
        Dtype::S32 => integer(i32::MIN.into(), i32::MAX as u64),
        Dtype::U64 => integer(0, u64::MAX),
        Dtype::S64 => integer(i64::MIN, i64::MAX as u64),
        Dtype::F16 | Dtype::F32 | Dtype::F64 => json!({ "type": "number" }),
    }
}

fn dimensions() -> Json {
    json!({ "type": "array", "items": { "type": "integer", "minimum": 0 }, "maxItems": MAX_TENSOR_RANK })
}

fn bytes() -> Json {
    let mut bytes = text();
    bytes["contentEncoding"] = json!("base64");
    bytes["description"] = json!("the elements in row-major order, little endian");
    bytes
}

//! JSON → [`Tensor`]: nested arrays, or an object with shape and data.

use serde_json::{Map, Value as Json};

use super::json;
use super::media::decode_base64;
use crate::value::fit::{n_elements, shape_fits};
use crate::value::problem::{MAX_TENSOR_RANK, ValueError, quoted};
use crate::value::{Dtype, Tensor, elements};

/// Decodes a tensor of the component's element type; `expected` are its dimensions, none for a free one.
pub(super) fn decode(dtype: Dtype, expected: &[Option<u64>], json: Json) -> Result<Tensor, ValueError> {
    match json {
        Json::Object(object) => decode_object(dtype, expected, object),
        Json::Array(_) => decode_array(dtype, expected, &json),
        scalar if expected.is_empty() => decode_array(dtype, expected, &scalar),
        other => Err(ValueError::Type { expected: "nested arrays of numbers", found: json::found(&other) }),
    }
}

fn decode_object(dtype: Dtype, expected: &[Option<u64>], mut object: Map<String, Json>) -> Result<Tensor, ValueError> {
    if let Some(given) = object.remove("dtype") {
        let unknown = || ValueError::UnknownDtype { given: quoted(given.as_str().unwrap_or("")) };
        let given: Dtype = serde_json::from_value(given.clone()).map_err(|_| unknown())?;
        if given != dtype {
            return Err(ValueError::Dtype { given, expected: dtype });
        }
    }
    let shape = object.remove("shape").map(decode_shape).transpose()?;
    let bytes = object.remove("bytes");
    let data = object.remove("data");
    if let Some(given) = object.keys().next() {
        return Err(ValueError::UnknownKey { given: quoted(given), known: "`dtype`, `shape`, `data` and `bytes`" });
    }
    match (shape, data, bytes) {
        (Some(shape), None, Some(Json::String(text))) => {
            Ok(Tensor { dtype, shape, bytes: decode_base64("bytes", &text)? })
        }
        (None, None, Some(_)) => Err(ValueError::Key { key: "shape" }),
        (_, None, Some(other)) => Err(ValueError::Type { expected: "`bytes` as base64", found: json::found(&other) }),
        (_, Some(_), Some(_)) => Err(ValueError::Type { expected: "either `data` or `bytes`", found: "both" }),
        (_, None, None) => Err(ValueError::Key { key: "data" }),
        (None, Some(data), None) => decode_array(dtype, expected, &data),
        (Some(shape), Some(data), None) => {
            let flat = flatten(dtype, &data)?;
            let given = flat.bytes.len() / dtype.size_bytes();
            let wanted = n_elements(&shape);
            if wanted != given as u128 {
                return Err(ValueError::TensorLength { given, expected: wanted, shape });
            }
            if flat.shape.len() != 1 && flat.shape != shape {
                return Err(ValueError::Shape { given: flat.shape, expected: shape.into_iter().map(Some).collect() });
            }
            Ok(Tensor { dtype, shape, bytes: flat.bytes })
        }
    }
}

fn decode_array(dtype: Dtype, expected: &[Option<u64>], json: &Json) -> Result<Tensor, ValueError> {
    let tensor = flatten(dtype, json)?;
    if shape_fits(expected, &tensor.shape) || tensor.shape.len() != 1 {
        return Ok(tensor);
    }
    // A flat list is enough where the component itself knows the whole shape.
    let Some(shape) = expected.iter().copied().collect::<Option<Vec<u64>>>() else {
        return Ok(tensor);
    };
    let given = tensor.bytes.len() / dtype.size_bytes();
    let wanted = n_elements(&shape);
    if wanted != given as u128 {
        return Err(ValueError::TensorLength { given, expected: wanted, shape });
    }
    Ok(Tensor { shape, ..tensor })
}

fn decode_shape(json: Json) -> Result<Vec<u64>, ValueError> {
    let wrong = |found| ValueError::Type { expected: "`shape` as an array of whole numbers", found };
    let Json::Array(items) = json else {
        return Err(wrong(json::found(&json)));
    };
    if items.len() > MAX_TENSOR_RANK {
        return Err(ValueError::TooManyDimensions);
    }
    items.iter().map(|item| item.as_u64().ok_or_else(|| wrong(json::found(item)))).collect()
}

/// Reads nested arrays of equal lengths in row-major order. The first branch sets the shape.
fn flatten(dtype: Dtype, json: &Json) -> Result<Tensor, ValueError> {
    let mut shape = Vec::new();
    let mut next = json;
    while let Json::Array(items) = next {
        if shape.len() == MAX_TENSOR_RANK {
            return Err(ValueError::TooManyDimensions);
        }
        shape.push(items.len() as u64);
        match items.first() {
            Some(first) => next = first,
            None => break,
        }
    }
    let mut bytes = Vec::new();
    // Never deeper than `shape`, hence than the cap above, however deep the other branches go.
    push_all(dtype, &shape, json, &mut bytes)?;
    Ok(Tensor { dtype, shape, bytes })
}

fn push_all(dtype: Dtype, shape: &[u64], json: &Json, bytes: &mut Vec<u8>) -> Result<(), ValueError> {
    let Some((length, inner)) = shape.split_first() else {
        return match json {
            Json::Array(_) => Err(ValueError::Ragged),
            element => elements::push(dtype, bytes.len() / dtype.size_bytes(), element, bytes),
        };
    };
    match json {
        Json::Array(items) if items.len() as u64 == *length => {
            items.iter().try_for_each(|item| push_all(dtype, inner, item, bytes))
        }
        _ => Err(ValueError::Ragged),
    }
}

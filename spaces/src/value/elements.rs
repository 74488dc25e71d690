//! The elements of a tensor, between their little-endian bytes and JSON.

use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use super::problem::{ValueError, quoted};
use super::{Dtype, half};

/// The largest integer up to which every integer is a JSON number of its own for all readers: 2^53.
const MAX_EXACT_INTEGER: f64 = 9_007_199_254_740_992.0;

/// Appends one element; `index` is for the message. Null is NaN where the type has one.
///
/// # Errors
/// [`ValueError::Element`] where the number is not one of the type.
pub fn push(dtype: Dtype, index: usize, json: &Json, bytes: &mut Vec<u8>) -> Result<(), ValueError> {
    match try_push(dtype, json, bytes) {
        Some(()) => Ok(()),
        None => Err(ValueError::Element { index, given: quoted(&brief(json)), dtype }),
    }
}

/// All elements in order; numbers that are not finite become null.
pub(super) fn to_json(dtype: Dtype, bytes: &[u8]) -> Vec<Json> {
    match dtype {
        Dtype::Boolean => bytes.iter().map(|byte| Json::Bool(*byte != 0)).collect(),
        Dtype::U8 => each(bytes, |[byte]| Json::from(byte)),
        Dtype::S8 => each(bytes, |element| Json::from(i8::from_le_bytes(element))),
        Dtype::U16 => each(bytes, |element| Json::from(u16::from_le_bytes(element))),
        Dtype::S16 => each(bytes, |element| Json::from(i16::from_le_bytes(element))),
        Dtype::U32 => each(bytes, |element| Json::from(u32::from_le_bytes(element))),
        Dtype::S32 => each(bytes, |element| Json::from(i32::from_le_bytes(element))),
        Dtype::U64 => each(bytes, |element| Json::from(u64::from_le_bytes(element))),
        Dtype::S64 => each(bytes, |element| Json::from(i64::from_le_bytes(element))),
        Dtype::F16 => each(bytes, |element| shortest(half::to_f32(u16::from_le_bytes(element)))),
        Dtype::F32 => each(bytes, |element| shortest(f32::from_le_bytes(element))),
        Dtype::F64 => each(bytes, |element| Json::from(f64::from_le_bytes(element))),
    }
}

/// All elements in order, written without a tree in between; numbers that are not finite become null.
#[derive(Debug, Clone, Copy)]
pub struct Elements<'a> {
    pub dtype: Dtype,
    pub bytes: &'a [u8],
}

impl Serialize for Elements<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes = self.bytes;
        match self.dtype {
            Dtype::Boolean => serializer.collect_seq(bytes.iter().map(|byte| *byte != 0)),
            Dtype::U8 => serializer.collect_seq(bytes),
            Dtype::S8 => serializer.collect_seq(numbers(bytes, i8::from_le_bytes)),
            Dtype::U16 => serializer.collect_seq(numbers(bytes, u16::from_le_bytes)),
            Dtype::S16 => serializer.collect_seq(numbers(bytes, i16::from_le_bytes)),
            Dtype::U32 => serializer.collect_seq(numbers(bytes, u32::from_le_bytes)),
            Dtype::S32 => serializer.collect_seq(numbers(bytes, i32::from_le_bytes)),
            Dtype::U64 => serializer.collect_seq(numbers(bytes, u64::from_le_bytes)),
            Dtype::S64 => serializer.collect_seq(numbers(bytes, i64::from_le_bytes)),
            Dtype::F16 => serializer.collect_seq(numbers(bytes, |bits| half::to_f32(u16::from_le_bytes(bits)))),
            Dtype::F32 => serializer.collect_seq(numbers(bytes, f32::from_le_bytes)),
            Dtype::F64 => serializer.collect_seq(numbers(bytes, f64::from_le_bytes)),
        }
    }
}

fn numbers<const N: usize, T>(bytes: &[u8], number: impl Fn([u8; N]) -> T) -> impl Iterator<Item = T> {
    bytes.as_chunks().0.iter().map(move |chunk| number(*chunk))
}

fn try_push(dtype: Dtype, json: &Json, bytes: &mut Vec<u8>) -> Option<()> {
    match dtype {
        Dtype::Boolean => bytes.push(match json {
            Json::Bool(boolean) => u8::from(*boolean),
            _ => u8::try_from(integer(json)?).ok().filter(|byte| *byte < 2)?,
        }),
        Dtype::U8 => bytes.push(integer(json)?.try_into().ok()?),
        Dtype::S8 => bytes.extend(i8::try_from(integer(json)?).ok()?.to_le_bytes()),
        Dtype::U16 => bytes.extend(u16::try_from(integer(json)?).ok()?.to_le_bytes()),
        Dtype::S16 => bytes.extend(i16::try_from(integer(json)?).ok()?.to_le_bytes()),
        Dtype::U32 => bytes.extend(u32::try_from(integer(json)?).ok()?.to_le_bytes()),
        Dtype::S32 => bytes.extend(i32::try_from(integer(json)?).ok()?.to_le_bytes()),
        Dtype::U64 => bytes.extend(u64::try_from(integer(json)?).ok()?.to_le_bytes()),
        Dtype::S64 => bytes.extend(i64::try_from(integer(json)?).ok()?.to_le_bytes()),
        Dtype::F16 => {
            let number = float(json)?;
            let bits = half::from_f32(number as f32);
            // Out of range is the sender's mistake; it must not silently become infinite.
            if number.is_finite() && !half::to_f32(bits).is_finite() {
                return None;
            }
            bytes.extend(bits.to_le_bytes());
        }
        Dtype::F32 => {
            let number = float(json)?;
            let narrow = number as f32;
            if number.is_finite() && !narrow.is_finite() {
                return None;
            }
            bytes.extend(narrow.to_le_bytes());
        }
        Dtype::F64 => bytes.extend(float(json)?.to_le_bytes()),
    }
    Some(())
}

fn integer(json: &Json) -> Option<i128> {
    let Json::Number(number) = json else {
        return None;
    };
    if let Some(integer) = number.as_i64() {
        return Some(i128::from(integer));
    }
    if let Some(integer) = number.as_u64() {
        return Some(i128::from(integer));
    }
    // JavaScript writes integers as it likes, so `1.0` and `1e3` are integers too.
    number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() <= MAX_EXACT_INTEGER).map(|float| float as i128)
}

fn float(json: &Json) -> Option<f64> {
    match json {
        Json::Null => Some(f64::NAN),
        Json::Number(number) => number.as_f64(),
        _ => None,
    }
}

fn brief(json: &Json) -> String {
    match json {
        Json::Array(_) => "an array".to_owned(),
        Json::Object(_) => "an object".to_owned(),
        Json::String(text) => format!("\"{text}\""),
        scalar => scalar.to_string(),
    }
}

fn each<const N: usize>(bytes: &[u8], element: impl Fn([u8; N]) -> Json) -> Vec<Json> {
    bytes.as_chunks().0.iter().map(|chunk| element(*chunk)).collect()
}

/// 0.1 as 0.1: widened bit by bit it would be 0.10000000149011612, twice as long and no more exact.
fn shortest(number: f32) -> Json {
    Json::from(number.to_string().parse::<f64>().unwrap_or(f64::from(number)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn elements_come_back_or_name_what_does_not_fit() {
        let check = |dtype: Dtype, element: Json, expected: Result<Json, &str>| {
            let mut bytes = Vec::new();
            let pushed = push(dtype, 7, &element, &mut bytes).map_err(|error| error.to_string());
            let found = pushed.map(|()| to_json(dtype, &bytes).remove(0));
            if let Ok(found) = &found {
                let written = serde_json::to_string(&Elements { dtype, bytes: &bytes }).expect("elements are JSON");
                let read: Vec<Json> = serde_json::from_str(&written).expect("they are an array");
                assert_eq!(&read, std::slice::from_ref(found), "{dtype} {written}");
            }
            assert_eq!(found, expected.map_err(str::to_owned), "{dtype} {element}");
        };
        check(Dtype::Boolean, json!(true), Ok(json!(true)));
        check(Dtype::Boolean, json!(0), Ok(json!(false)));
        check(Dtype::Boolean, json!(2), Err("element 7: `2` is not of type boolean"));
        check(Dtype::U8, json!(255), Ok(json!(255)));
        check(Dtype::U8, json!(256), Err("element 7: `256` is not of type u8"));
        check(Dtype::U8, json!(-1), Err("element 7: `-1` is not of type u8"));
        check(Dtype::S8, json!(-128), Ok(json!(-128)));
        check(Dtype::U16, json!(65535), Ok(json!(65535)));
        check(Dtype::S16, json!(1e3), Ok(json!(1000)));
        check(Dtype::U32, json!(1.5), Err("element 7: `1.5` is not of type u32"));
        check(Dtype::S32, json!(i32::MIN), Ok(json!(i32::MIN)));
        check(Dtype::U64, json!(u64::MAX), Ok(json!(u64::MAX)));
        check(Dtype::S64, json!(i64::MIN), Ok(json!(i64::MIN)));
        check(Dtype::S64, json!(u64::MAX), Err("element 7: `18446744073709551615` is not of type s64"));
        check(Dtype::S64, json!(1e300), Err("element 7: `1e+300` is not of type s64"));
        check(Dtype::F16, json!(0.5), Ok(json!(0.5)));
        check(Dtype::F16, json!(1e6), Err("element 7: `1000000.0` is not of type f16"));
        check(Dtype::F32, json!(0.1), Ok(json!(0.1)));
        check(Dtype::F32, json!(1e39), Err("element 7: `1e+39` is not of type f32"));
        check(Dtype::F32, json!(null), Ok(json!(null)));
        check(Dtype::F64, json!(0.1), Ok(json!(0.1)));
        check(Dtype::F64, json!("x"), Err("element 7: `\"x\"` is not of type f64"));
        check(Dtype::F64, json!(true), Err("element 7: `true` is not of type f64"));
    }
}

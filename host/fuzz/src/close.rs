//! Equality of what went through JSON text.
//!
//! `serde_json` reads floats fast and not always to the last bit (its feature `float_roundtrip` would), so numbers
//! may differ there and nowhere else.

use serde::Serialize;
use serde_json::Value as Json;

/// Some units in the last place of an `f64`.
const RELATIVE_ERROR: f64 = 1e-15;

/// Panics where the two differ in more than the last bits of a float. Floats that are not finite are all alike.
pub(crate) fn assert<T: Serialize + std::fmt::Debug>(found: &T, expected: &T) {
    let json = |value: &T| serde_json::to_value(value).expect("what is compared is JSON");
    assert!(is_close(&json(found), &json(expected)), "found {found:?}\nexpected {expected:?}");
}

fn is_close(found: &Json, expected: &Json) -> bool {
    match (found, expected) {
        (Json::Number(a), Json::Number(b)) if a.is_f64() && b.is_f64() => {
            let (a, b) = (a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN));
            a == b || (a - b).abs() <= RELATIVE_ERROR * b.abs()
        }
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_close(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| is_close(a, b)))
        }
        (a, b) => a == b,
    }
}

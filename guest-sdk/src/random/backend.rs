//! The custom backend of `getrandom`, for targets of which it knows no random source.
#![expect(unsafe_code, reason = "the backend is a function found by its symbol and given a raw buffer")]

use std::slice;

/// # Safety
/// `getrandom` calls this with `destination` valid for writes of `len` bytes.
#[unsafe(no_mangle)]
unsafe extern "Rust" fn __getrandom_v03_custom(destination: *mut u8, len: usize) -> Result<(), getrandom::Error> {
    // SAFETY: the caller's promise; zeroed first, since a slice must not point to uninitialised memory.
    let bytes = unsafe {
        destination.write_bytes(0, len);
        slice::from_raw_parts_mut(destination, len)
    };
    super::fill(bytes);
    Ok(())
}

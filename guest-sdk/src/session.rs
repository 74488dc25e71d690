//! A small store for each visitor, the only thing that outlives a call.
//!
//! During `init`, for callers without a session, and natively it is empty and refuses writes.

pub use crate::bindings::vitrine::space::session::Error;

/// The bytes stored under `key` for this visitor.
pub fn get(key: &str) -> Option<Vec<u8>> {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::vitrine::space::session::get(key);
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = key;
        None
    }
}

/// Stores `value` under `key`; an empty value removes the key.
///
/// # Errors
/// [`Error::NoSession`] without a visitor; [`Error::TooLarge`] carries the session's cap in bytes.
pub fn set(key: &str, value: &[u8]) -> Result<(), Error> {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::vitrine::space::session::set(key, value);
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = (key, value);
        Err(Error::NoSession)
    }
}

//! Settings and secrets that the owner gave the space.

/// The setting called `key`. Natively there are none.
pub fn get(key: &str) -> Option<String> {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::vitrine::space::config::get(key);
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = key;
        None
    }
}

//! The read-only files of the space's bundle.
//!
//! Natively they are read from the current folder, which under `cargo test` is the package's.

pub use crate::bindings::vitrine::space::assets::Error;

/// Reads a whole asset. `path` is relative to the bundle, with `/` between folders.
///
/// # Errors
/// [`Error::NotFound`] lists the closest names; [`Error::Unavailable`] says why the host could not read it.
pub fn read(path: &str) -> Result<Vec<u8>, Error> {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::vitrine::space::assets::read(path);
    #[cfg(not(target_arch = "wasm32"))]
    std::fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::NotFound(format!("no file `{path}` in the current folder")),
        _ => Error::Unavailable(format!("`{path}`: {error}")),
    })
}

/// Reads a text asset.
///
/// # Errors
/// As [`read`]; [`Error::Unavailable`] when the file is not UTF-8.
pub fn read_to_string(path: &str) -> Result<String, Error> {
    String::from_utf8(read(path)?).map_err(|error| Error::Unavailable(format!("`{path}` is not UTF-8: {error}")))
}

/// The paths of all assets, sorted. Natively it is empty.
pub fn list_paths() -> Vec<String> {
    #[cfg(target_arch = "wasm32")]
    return crate::bindings::vitrine::space::assets::list_paths();
    #[cfg(not(target_arch = "wasm32"))]
    Vec::new()
}

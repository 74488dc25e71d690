//! Compiled spaces on disk, and the one place that trusts them.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use wasmtime::component::Component;
use wasmtime::{Engine, Module};

use crate::invoke::EngineError;

/// A compiled space.
#[derive(Debug, Clone)]
pub struct Artefact {
    pub path: PathBuf,
    /// BLAKE3 of the file, as recorded when this server's worker wrote it.
    pub digest: [u8; 32],
    /// True where it imports the shared code of the built-in runner.
    pub needs_runner: bool,
}

/// The compiled code of a built-in runner, shared by all its spaces.
#[derive(Clone)]
pub struct RunnerCode {
    pub(crate) module: Module,
}

/// Why an artefact was not loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("the artefact {path:?} cannot be read")]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the artefact {path:?} is damaged: its digest is not the recorded one")]
    Digest { path: PathBuf },
    #[error("the artefact {path:?} was made by another engine")]
    Incompatible {
        path: PathBuf,
        #[source]
        source: EngineError,
    },
    #[error("the artefact needs the built-in runner's code, which is not loaded")]
    NoRunner,
    #[error("the component does not fit this host: {message}")]
    Link { message: String },
}

/// Hashes a file with BLAKE3: it is hashed before the first call to a space, and this takes a third of the time that
/// SHA-256 takes on processors with instructions for it.
///
/// # Errors
/// When it cannot be read.
pub fn file_digest(path: &Path) -> io::Result<[u8; 32]> {
    Ok(blake3::Hasher::new().update_reader(File::open(path)?)?.finalize().into())
}

fn verify(path: &Path, digest: &[u8; 32]) -> Result<(), LoadError> {
    let found = file_digest(path).map_err(|source| LoadError::Read { path: path.to_owned(), source })?;
    if found == *digest { Ok(()) } else { Err(LoadError::Digest { path: path.to_owned() }) }
}

#[expect(unsafe_code, reason = "the only way to load compiled code; the digest stands for its origin")]
pub(crate) fn load_component(engine: &Engine, path: &Path, digest: &[u8; 32]) -> Result<Component, LoadError> {
    verify(path, digest)?;
    // SAFETY: `verify` has just found the digest that was recorded when this host's own worker compiled the
    // file, so it is wasmtime's output and not an upload. The file lies in the data folder, is written once
    // under a temporary name and never changed, so the mapping stays valid.
    unsafe { Component::deserialize_file(engine, path) }
        .map_err(|source| LoadError::Incompatible { path: path.to_owned(), source: source.into() })
}

#[expect(unsafe_code, reason = "the only way to load compiled code; the digest stands for its origin")]
pub(crate) fn load_module(engine: &Engine, path: &Path, digest: &[u8; 32]) -> Result<Module, LoadError> {
    verify(path, digest)?;
    // SAFETY: as in `load_component`.
    unsafe { Module::deserialize_file(engine, path) }
        .map_err(|source| LoadError::Incompatible { path: path.to_owned(), source: source.into() })
}

/// Writes `bytes` so that `path` holds all of them or does not exist, also across a power cut.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    let partial = path.with_extension(format!("partial-{}", std::process::id()));
    let mut file = File::create(&partial)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&partial, path)?;
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

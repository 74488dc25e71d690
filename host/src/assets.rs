//! A bundle's files, as the sandbox and the value decoder read them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use host_runtime::{AssetError, AssetSource};
use spaces::manifest::{Manifest, RUNNER_ASSET};
use spaces::value::decode::AssetReader;

/// Files by their path in the bundle. Only listed paths can be read, so no path is ever resolved.
pub(crate) struct FileAssets {
    files: BTreeMap<String, PathBuf>,
    /// The content of [`RUNNER_ASSET`].
    manifest: Option<Vec<u8>>,
}

impl FileAssets {
    /// `manifest` is what the built-in runner reads.
    pub(crate) fn new(files: BTreeMap<String, PathBuf>, manifest: Option<&Manifest>) -> Self {
        let manifest = manifest.map(|manifest| serde_json::to_vec(manifest).expect("manifests are plain data"));
        Self { files, manifest }
    }

    /// The file behind a path of the bundle.
    pub(crate) fn file(&self, path: &str) -> Option<&PathBuf> {
        self.files.get(path)
    }
}

impl AssetSource for FileAssets {
    fn read(&self, path: &str) -> Result<Vec<u8>, AssetError> {
        if path == RUNNER_ASSET
            && let Some(manifest) = &self.manifest
        {
            return Ok(manifest.clone());
        }
        match self.files.get(path) {
            Some(file) => std::fs::read(file).map_err(|error| AssetError::Unavailable(error.kind().to_string())),
            None => Err(AssetError::NotFound(missing(path, self.files.keys()))),
        }
    }

    fn paths(&self) -> Vec<String> {
        self.files.keys().cloned().collect()
    }
}

impl AssetReader for FileAssets {
    fn read(&self, path: &str) -> Result<(Vec<u8>, String), String> {
        match AssetSource::read(self, path) {
            Ok(bytes) => Ok((bytes, media_type(path))),
            Err(AssetError::NotFound(message) | AssetError::Unavailable(message)) => Err(message),
        }
    }
}

/// The media type that a file name suggests.
pub(crate) fn media_type(path: &str) -> String {
    mime_guess::from_path(path).first_or_octet_stream().to_string()
}

fn missing<'a>(path: &str, known: impl Iterator<Item = &'a String>) -> String {
    let mut names: Vec<_> = known.take(9).map(|name| format!("`{name}`")).collect();
    match names.len() {
        0 => return format!("there is no file `{path}`: the bundle has none"),
        9 => {
            names.pop();
            names.push("…".to_owned());
        }
        _ => {}
    }
    format!("there is no file `{path}` in the bundle; there are {}", names.join(", "))
}

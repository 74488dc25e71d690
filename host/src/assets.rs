//! A bundle's files, as the sandbox and the value decoder read them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use host_runtime::{AssetError, AssetSource};
use onnx_runner::native::FACTS_ASSET;
use spaces::manifest::{Manifest, RUNNER_ASSET};
use spaces::value::decode::AssetReader;

/// Files by their path in the bundle. Only listed paths can be read, so no path is ever resolved.
pub(crate) struct FileAssets {
    files: BTreeMap<String, PathBuf>,
    /// The content of [`RUNNER_ASSET`].
    manifest: Option<Vec<u8>>,
    /// The content of [`FACTS_ASSET`].
    facts: Option<Vec<u8>>,
}

impl FileAssets {
    /// `manifest` is what the built-in runner reads.
    pub(crate) fn new(files: BTreeMap<String, PathBuf>, manifest: Option<&Manifest>) -> Self {
        let manifest = manifest.map(|manifest| serde_json::to_vec(manifest).expect("manifests are plain data"));
        Self { files, manifest, facts: None }
    }

    /// Adds what the built-in runner must know of a model that the host runs.
    ///
    /// # Errors
    /// A message for the author when the model cannot be read.
    pub(crate) fn with_facts(mut self) -> Result<Self, String> {
        self.facts = Some(onnx_runner::native::facts(&self).map_err(|error| error.to_string())?);
        Ok(self)
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
        if path == FACTS_ASSET
            && let Some(facts) = &self.facts
        {
            return Ok(facts.clone());
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

impl onnx_runner::assets::Assets for FileAssets {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        AssetSource::read(self, path).map_err(|error| match error {
            AssetError::NotFound(message) | AssetError::Unavailable(message) => message,
        })
    }

    fn paths(&self) -> Vec<String> {
        AssetSource::paths(self)
    }

    fn contains(&self, path: &str) -> bool {
        // Virtual assets are not listed.
        self.files.contains_key(path) || AssetSource::read(self, path).is_ok()
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

pub(crate) fn missing<'a>(path: &str, known: impl Iterator<Item = &'a String>) -> String {
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

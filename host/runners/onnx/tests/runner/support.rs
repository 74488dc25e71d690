//! A bundle in memory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use onnx_runner::assets::Assets;
use onnx_runner::{LoadError, Runner};
use spaces::manifest::RUNNER_ASSET;

/// Files by path.
#[derive(Debug, Default)]
pub(crate) struct Bundle(BTreeMap<String, Vec<u8>>);

impl Bundle {
    /// A bundle of one model of `tests/models`.
    pub(crate) fn of(model: &str) -> Self {
        Self::default().with("model.onnx", read(&format!("models/{model}.onnx")))
    }

    pub(crate) fn with(mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.0.insert(path.to_owned(), bytes.into());
        self
    }

    /// Adds a manifest, written as in `space.toml`.
    pub(crate) fn with_manifest(self, toml: &str) -> Self {
        let manifest: spaces::manifest::Manifest = toml::from_str(toml).expect("the test's manifest is valid");
        self.with(RUNNER_ASSET, serde_json::to_vec(&manifest).expect("a manifest is JSON"))
    }

    pub(crate) fn load(&self) -> Result<Runner, LoadError> {
        Runner::load(self)
    }
}

impl Assets for Bundle {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).cloned().ok_or_else(|| format!("the bundle has no file `{path}`"))
    }

    fn paths(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

pub(crate) fn read(path: &str) -> Vec<u8> {
    let path = folder().join(path);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}; run tests/make_models.py", path.display()))
}

pub(crate) fn read_json(path: &str) -> serde_json::Value {
    serde_json::from_slice(&read(path)).expect("the file is JSON")
}

/// The numbers of a nested list.
pub(crate) fn numbers(json: &serde_json::Value) -> Vec<f64> {
    match json {
        serde_json::Value::Array(list) => list.iter().flat_map(numbers).collect(),
        other => vec![other.as_f64().unwrap_or_else(|| panic!("{other} is no number"))],
    }
}

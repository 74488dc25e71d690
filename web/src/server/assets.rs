//! The files of the browser client.

use serde::{Deserialize, Serialize};

/// File names below `/assets/`, each with a digest in it: they may be cached for ever.
///
/// This is the form of `artifacts/site/manifest.json`, which `cargo xtask site` writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteAssets {
    /// The style sheet.
    pub css: String,
    /// The small script that starts the client.
    pub boot: String,
    /// The client's JavaScript half.
    pub js: String,
    /// The client.
    pub wasm: String,
}

impl SiteAssets {
    /// Reads `manifest.json`.
    ///
    /// # Errors
    /// When `json` is not the manifest that the build step writes.
    pub fn parse(json: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(json)
    }

    /// The address of a file.
    pub(crate) fn url(&self, name: &str) -> String {
        format!("/assets/{name}")
    }
}

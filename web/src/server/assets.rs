//! The files of the browser client.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use spaces::catalog::Audience;

/// File names below `/assets/`, each with a digest in it: they may be cached for ever.
///
/// This is the form of `artifacts/site/manifest.json`, which `cargo xtask site` writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteAssets {
    /// The style sheet.
    pub css: String,
    /// The small script that starts the client.
    pub boot: String,
    /// The client of visitors.
    pub client: ClientAssets,
    /// The client of who has signed in: the same, and what only authors use.
    pub authors: ClientAssets,
    /// The script of each custom element, by its tag.
    pub elements: BTreeMap<String, String>,
}

/// One client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientAssets {
    /// Its JavaScript half.
    pub js: String,
    /// Its module.
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

    /// The client that `audience` needs.
    pub(crate) fn client_for(&self, audience: Audience) -> &ClientAssets {
        match audience {
            Audience::Anyone => &self.client,
            Audience::Admin => &self.authors,
        }
    }

    /// The address of a file.
    pub(crate) fn url(&self, name: &str) -> String {
        format!("/assets/{name}")
    }

    /// JSON that tells the start script where the elements are.
    pub(crate) fn element_urls(&self) -> String {
        let urls: BTreeMap<_, _> = self.elements.iter().map(|(tag, name)| (tag, self.url(name))).collect();
        serde_json::to_string(&urls).unwrap_or_default()
    }
}

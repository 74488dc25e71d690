//! The browser of API documents: Swagger UI from its npm package, and our few lines that start it.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::publish;

/// Where `xtask/setup/npm.sh` has put it. Apache-2.0; its own parts name their licences in the last of its files.
const PACKAGE: &str = "xtask/setup/node_modules/swagger-ui-dist";

/// The files as they are.
pub(super) struct Docs {
    pub(super) css: Vec<u8>,
    pub(super) js: Vec<u8>,
    pub(super) start: Vec<u8>,
    licences: Vec<u8>,
}

impl Docs {
    /// Reads the files.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let package = |name: &str| {
            let path = root.join(PACKAGE).join(name);
            fs::read(&path).with_context(|| format!("cannot read {}: run `make setup`", path.display()))
        };
        let mut licences = Vec::new();
        for name in ["NOTICE", "LICENSE", "swagger-ui-bundle.js.LICENSE.txt"] {
            licences.extend(package(name)?);
            licences.push(b'\n');
        }
        Ok(Self {
            css: package("swagger-ui.css")?,
            js: package("swagger-ui-bundle.js")?,
            start: fs::read(root.join("web/assets/docs.js")).context("cannot read the start script of the docs")?,
            licences,
        })
    }

    /// Writes them into `assets`; gives back their names. The licences go with them, as they ask for.
    pub(super) fn write(&self, assets: &Path) -> Result<Value> {
        publish::write(assets, "swagger-ui-licences", "txt", &self.licences)?;
        Ok(json!({
            "css": publish::write(assets, "swagger-ui", "css", &self.css)?,
            "js": publish::write(assets, "swagger-ui", "js", &self.js)?,
            "start": publish::write(assets, "docs", "js", &self.start)?,
        }))
    }
}

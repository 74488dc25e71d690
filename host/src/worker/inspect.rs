//! Looks into an ONNX file for its author.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use spaces::inspection::ModelFacts;
use spaces::interface::Interface;
use spaces::manifest::Manifest;

use crate::assets::FileAssets;

/// One look into a bundle.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct InspectJob {
    /// Names the model.
    pub(crate) manifest: Manifest,
    /// The bundle's files, the model among them: path in the bundle → file on disk.
    pub(crate) assets: BTreeMap<String, PathBuf>,
}

/// What was found.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct InspectedModel {
    pub(crate) facts: Option<ModelFacts>,
    /// What the page would be, with the manifest in which each input and output is written out.
    pub(crate) space: Option<(Interface, Manifest)>,
    /// What the author is told where it cannot be published: a code and a message.
    pub(crate) refused: Option<(String, String)>,
}

pub(super) fn inspect(job: InspectJob) -> InspectedModel {
    let assets = FileAssets::new(job.assets, Some(&job.manifest));
    let found = onnx_runner::inspect::inspect(&assets);
    let mut inspected = InspectedModel {
        facts: found.facts,
        space: None,
        refused: found.refused.map(|message| ("init_failed".to_owned(), message)),
    };
    if let Some((mut interface, manifest)) = found.space {
        let fits = manifest.overlay(&mut interface).map_err(|error| ("invalid_manifest", error.to_string()));
        let whole = fits.and_then(|()| interface.check().map_err(|error| ("invalid_interface", error.to_string())));
        match whole {
            Ok(()) => inspected.space = Some((interface, manifest)),
            Err((code, message)) => inspected.refused = Some((code.to_owned(), message)),
        }
    }
    inspected
}

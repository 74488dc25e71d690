//! What cargo knows about the crate to build.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

/// The profile for guests; a workspace that defines it means it, others are built with `release`.
const GUEST_PROFILE: &str = "wasm-release";

/// A guest crate, as cargo sees it.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) profile: &'static str,
    /// Apart from the native code's target folder.
    pub(crate) target_dir: PathBuf,
    /// The file that cargo writes, without folder.
    pub(crate) artifact: String,
}

/// Why a folder is not a crate that can become a component.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    #[error("no Cargo.toml in `{folder}`")]
    NoManifest {
        folder: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot run cargo")]
    Run(#[source] io::Error),
    #[error("cargo refuses the crate: {message}")]
    Refused { message: String },
    #[error("cargo's answer is not what this version expects")]
    Answer(#[source] serde_json::Error),
    #[error("`{manifest}` is a workspace without a package of its own")]
    NoPackage { manifest: PathBuf },
    #[error("package `{package}` has no cdylib: add `[lib]` with `crate-type = [\"cdylib\"]` to its Cargo.toml")]
    NoCdylib { package: String },
}

impl Package {
    /// Asks `cargo metadata` about the crate in `folder`. `cargo` is a command without a subcommand.
    pub(crate) fn resolve(mut cargo: Command, folder: &Path) -> Result<Self, PackageError> {
        let manifest = folder
            .join("Cargo.toml")
            .canonicalize()
            .map_err(|source| PackageError::NoManifest { folder: folder.to_owned(), source })?;
        let output = cargo
            .args(["metadata", "--no-deps", "--format-version=1", "--manifest-path"])
            .arg(&manifest)
            .output()
            .map_err(PackageError::Run)?;
        if !output.status.success() {
            let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            return Err(PackageError::Refused { message });
        }
        let metadata: Metadata = serde_json::from_slice(&output.stdout).map_err(PackageError::Answer)?;
        let package = metadata
            .packages
            .into_iter()
            .find(|package| package.manifest_path == manifest)
            .ok_or_else(|| PackageError::NoPackage { manifest: manifest.clone() })?;
        let library = package
            .targets
            .into_iter()
            .find(|target| target.crate_types.iter().any(|kind| kind == "cdylib"))
            .ok_or_else(|| PackageError::NoCdylib { package: package.name.clone() })?;
        Ok(Self {
            name: package.name,
            profile: profile_of(&metadata.workspace_root),
            target_dir: metadata.target_directory.join("wasm"),
            artifact: format!("{}.wasm", library.name.replace('-', "_")),
        })
    }
}

/// The part of `cargo metadata` that is read here.
#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<MetadataPackage>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

#[derive(Debug, Deserialize)]
struct MetadataPackage {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<MetadataTarget>,
}

#[derive(Debug, Deserialize)]
struct MetadataTarget {
    name: String,
    crate_types: Vec<String>,
}

fn profile_of(workspace_root: &Path) -> &'static str {
    let defines_profile = fs::read_to_string(workspace_root.join("Cargo.toml"))
        .ok()
        .and_then(|text| text.parse::<toml::Table>().ok())
        .is_some_and(|manifest| manifest.get("profile").is_some_and(|profiles| profiles.get(GUEST_PROFILE).is_some()));
    if defines_profile { GUEST_PROFILE } else { "release" }
}

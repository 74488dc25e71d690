//! Why an upload is not a bundle.

use std::io;
use std::path::PathBuf;

/// The most characters of a hostile name in a message.
const MAX_SHOWN_CHARS: usize = 100;

/// What is wrong with an upload. All but [`BundleError::Io`] are for its author to mend.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    #[error(
        "`{filename}` is not of a known type: send an .onnx file, a .wasm component, or a .zip of a folder with space.toml"
    )]
    FileType { filename: String },
    #[error("the archive is broken: {reason}")]
    BrokenArchive { reason: &'static str },
    #[error("the archive has {found} entries; {max} are allowed")]
    TooManyEntries { found: usize, max: usize },
    #[error("the archive unpacks to more than {max_bytes} bytes (reached in `{entry}`)")]
    TooLarge { entry: String, max_bytes: u64 },
    /// The entry is escaped, since it may hold control characters.
    #[error("the name `{entry}` {reason}")]
    EntryName { entry: String, reason: &'static str },
    #[error("`{entry}` is in the archive twice (the other is `{other}`)")]
    Duplicate { entry: String, other: String },
    #[error("`{entry}` is a link or device; only files and folders are allowed")]
    NotAFile { entry: String },
    #[error("`{entry}` is encrypted; send an archive without a password")]
    Encrypted { entry: String },
    #[error("`{entry}` is compressed by method {method}; use stored or deflate")]
    Compression { entry: String, method: u16 },
    #[error("`{entry}` in the archive is broken: {reason}")]
    BrokenEntry { entry: String, reason: &'static str },
    #[error("space.toml is larger than {max_bytes} bytes")]
    ManifestTooLarge { max_bytes: u64 },
    #[error("space.toml is not UTF-8 text (at byte {offset})")]
    ManifestEncoding { offset: usize },
    #[error("there is no .onnx or .wasm file in the bundle")]
    NoApp,
    #[error("more than one file could be the app ({}): set `app` in space.toml", list(candidates))]
    SeveralApps { candidates: Vec<String> },
    #[error("space.toml names `{app}` as app, which is not in the bundle{}", hint(candidates))]
    AppMissing { app: String, candidates: Vec<String> },
    #[error("the app `{app}` must be an .onnx or a .wasm file")]
    AppType { app: String },
    #[error("`{app}` is not an ONNX model: {reason}")]
    NotOnnx { app: String, reason: &'static str },
    #[error("`{app}` is not a WebAssembly component: {reason}")]
    NotComponent { app: String, reason: &'static str },
    #[error("`{app}` is a core module: wrap it into a component (`vitrine build`, or `wasm-tools component new`)")]
    CoreModule { app: String },
    #[error(
        "`{app}` is machine code compiled ahead of time, which is never accepted: send the component it was made from"
    )]
    Precompiled { app: String },
    /// Our fault: the disk, not the upload.
    #[error("`{}` cannot be read or written", path.display())]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl BundleError {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FileType { .. } => "bundle_file_type",
            Self::BrokenArchive { .. } => "bundle_broken",
            Self::TooManyEntries { .. } => "bundle_too_many_entries",
            Self::TooLarge { .. } => "bundle_too_large",
            Self::EntryName { .. } => "bundle_entry_name",
            Self::Duplicate { .. } => "bundle_duplicate_entry",
            Self::NotAFile { .. } => "bundle_entry_type",
            Self::Encrypted { .. } => "bundle_encrypted",
            Self::Compression { .. } => "bundle_compression",
            Self::BrokenEntry { .. } => "bundle_broken_entry",
            Self::ManifestTooLarge { .. } => "manifest_too_large",
            Self::ManifestEncoding { .. } => "manifest_encoding",
            Self::NoApp => "app_missing",
            Self::SeveralApps { .. } => "app_ambiguous",
            Self::AppMissing { .. } => "app_not_found",
            Self::AppType { .. } => "app_type",
            Self::NotOnnx { .. } => "app_not_onnx",
            Self::NotComponent { .. } => "app_not_component",
            Self::CoreModule { .. } => "app_core_module",
            Self::Precompiled { .. } => "app_precompiled",
            Self::Io { .. } => "internal",
        }
    }

    /// The file or entry at fault, where there is one.
    pub fn entry(&self) -> Option<&str> {
        match self {
            Self::FileType { filename } => Some(filename),
            Self::TooLarge { entry, .. }
            | Self::EntryName { entry, .. }
            | Self::Duplicate { entry, .. }
            | Self::NotAFile { entry }
            | Self::Encrypted { entry }
            | Self::Compression { entry, .. }
            | Self::BrokenEntry { entry, .. } => Some(entry),
            Self::AppMissing { app, .. }
            | Self::AppType { app }
            | Self::NotOnnx { app, .. }
            | Self::NotComponent { app, .. }
            | Self::CoreModule { app }
            | Self::Precompiled { app } => Some(app),
            Self::ManifestTooLarge { .. } | Self::ManifestEncoding { .. } => Some(crate::manifest::FILE_NAME),
            Self::BrokenArchive { .. }
            | Self::TooManyEntries { .. }
            | Self::NoApp
            | Self::SeveralApps { .. }
            | Self::Io { .. } => None,
        }
    }

    pub(super) fn entry_name(name: &[u8], reason: &'static str) -> Self {
        let text = String::from_utf8_lossy(name);
        let shown: String = text.chars().take(MAX_SHOWN_CHARS).flat_map(char::escape_debug).collect();
        Self::EntryName { entry: shown, reason }
    }
}

fn list(names: &[String]) -> String {
    const MAX_LISTED: usize = 5;
    let mut text = names.iter().take(MAX_LISTED).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > MAX_LISTED {
        text.push_str(", …");
    }
    text
}

fn hint(candidates: &[String]) -> String {
    if candidates.is_empty() { String::new() } else { format!("; there is {}", list(candidates)) }
}

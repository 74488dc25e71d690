//! From an upload to the files of a bundle: what an author may send, checked while it is unpacked.
//!
//! An upload is one `.onnx` file, one `.wasm` component, or a `.zip` of a folder with `space.toml`. Names out of
//! an archive never reach the file system: unpacked files are numbered, and a name is only text in [`BundleFile`].
//!
//! Everything here blocks; call it where that is allowed.
//!
//! **Invariant**: what is written is bounded by [`BundleLimits`], whatever the archive's headers claim.

mod archive;
mod error;
mod name;
mod sniff;

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::view::AppKind;
use crate::{Digest, manifest};

use super::objects::{StoredObject, hash_file};

pub use error::BundleError;

/// The most bytes of a `space.toml`; the longest sensible one has a few kilobytes.
const MAX_MANIFEST_BYTES: u64 = 1 << 20;

/// Bounds on what an upload may unpack to.
#[derive(Debug, Clone, Copy)]
pub struct BundleLimits {
    /// Entries of an archive, folders included.
    pub max_entries: usize,
    /// Sum of all unpacked files, in bytes.
    pub max_unpacked_bytes: u64,
}

impl Default for BundleLimits {
    fn default() -> Self {
        Self { max_entries: 10_000, max_unpacked_bytes: 2 << 30 }
    }
}

/// The files of an upload; which of them is the app is not decided yet.
#[derive(Debug)]
pub struct Unpacked {
    /// The text of `space.toml`, not parsed.
    pub manifest: Option<String>,
    /// All other files, in the archive's order.
    pub files: Vec<BundleFile>,
    /// Entries left out: hidden files and what operating systems and tools leave behind.
    pub skipped: Vec<String>,
}

/// An app and its assets.
#[derive(Debug, Clone)]
pub struct Bundle {
    pub kind: AppKind,
    pub app: BundleFile,
    /// All files but the app and `space.toml`.
    pub assets: Vec<BundleFile>,
}

/// A file of a bundle, unpacked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleFile {
    /// The name in the bundle, with `/` between its parts; relative and free of `.` and `..`.
    pub name: String,
    /// Where its bytes are.
    pub path: PathBuf,
    pub digest: Digest,
    pub size_bytes: u64,
    /// Guessed from the name.
    pub mime_type: String,
}

/// Unpacks `upload`, which was sent as `filename`, into the folder `into`, which exists.
///
/// An `.onnx` or `.wasm` file stays where it is. A single folder that wraps a whole archive is taken off.
///
/// # Errors
/// [`BundleError`] naming the entry at fault; `into` may then hold a part of the files.
pub fn unpack(upload: &Path, filename: &str, into: &Path, limits: &BundleLimits) -> Result<Unpacked, BundleError> {
    let filename = name::check(filename.as_bytes())
        .and_then(|name| if name.contains('/') { Err("contains `/`") } else { Ok(name) })
        .map_err(|reason| BundleError::entry_name(filename.as_bytes(), reason))?;
    match extension(filename).as_deref() {
        Some("zip") => unpack_archive(upload, into, limits),
        Some("onnx" | "wasm") => {
            let stored = hash_file(upload).map_err(|source| BundleError::Io { path: upload.to_owned(), source })?;
            let file = BundleFile::new(filename.to_owned(), upload.to_owned(), stored);
            Ok(Unpacked { manifest: None, files: vec![file], skipped: Vec::new() })
        }
        Some("cwasm") => Err(BundleError::Precompiled { app: filename.to_owned() }),
        _ => Err(BundleError::FileType { filename: filename.to_owned() }),
    }
}

impl Unpacked {
    /// Takes the app out of the files: the one that the manifest names, else the only `.onnx` or `.wasm` file.
    ///
    /// # Errors
    /// [`BundleError`] when there is no such file or more than one, or when it is not what its name says.
    pub fn into_bundle(self, app: Option<&str>) -> Result<Bundle, BundleError> {
        let mut files = self.files;
        let index = match app {
            Some(app) => find_named(&files, app)?,
            None => find_only(&files)?,
        };
        let app = files.remove(index);
        let kind = sniff::app_kind(&app)?;
        Ok(Bundle { kind, app, assets: files })
    }
}

impl BundleFile {
    fn new(name: String, path: PathBuf, stored: StoredObject) -> Self {
        let mime_type = mime_type(&name);
        Self { name, path, digest: stored.digest, size_bytes: stored.size_bytes, mime_type }
    }
}

fn find_named(files: &[BundleFile], app: &str) -> Result<usize, BundleError> {
    let wanted = app.strip_prefix("./").unwrap_or(app);
    files
        .iter()
        .position(|file| file.name == wanted)
        .ok_or_else(|| BundleError::AppMissing { app: app.to_owned(), candidates: candidates(files) })
}

fn find_only(files: &[BundleFile]) -> Result<usize, BundleError> {
    let mut apps = files.iter().enumerate().filter(|(_, file)| is_app(&file.name));
    match (apps.next(), apps.next()) {
        (Some((index, _)), None) => Ok(index),
        (None, _) => Err(BundleError::NoApp),
        (Some(_), Some(_)) => Err(BundleError::SeveralApps { candidates: candidates(files) }),
    }
}

fn candidates(files: &[BundleFile]) -> Vec<String> {
    files.iter().filter(|file| is_app(&file.name)).map(|file| file.name.clone()).collect()
}

fn is_app(name: &str) -> bool {
    matches!(extension(name).as_deref(), Some("onnx" | "wasm"))
}

fn unpack_archive(upload: &Path, into: &Path, limits: &BundleLimits) -> Result<Unpacked, BundleError> {
    let failed = |source| BundleError::Io { path: upload.to_owned(), source };
    let mut file = File::open(upload).map_err(failed)?;
    let (archive, entries) = archive::read_directory(&mut file, limits.max_entries)?;
    refuse_duplicates(&entries)?;

    let (kept, skipped): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| !name::is_skipped(&entry.name));
    let wrapper =
        name::wrapping_folder(kept.iter().map(|entry| entry.name.as_str())).map_or(0, |folder| folder.len() + 1);
    let mut manifest = None;
    let mut files = Vec::with_capacity(kept.len());
    let mut left_bytes = limits.max_unpacked_bytes;
    for (index, entry) in kept.iter().enumerate() {
        let path = into.join(format!("{index:05}"));
        let stored = archive.extract(&mut file, entry, &path, left_bytes)?;
        let Some(stored) = stored else {
            return Err(BundleError::TooLarge { entry: entry.name.clone(), max_bytes: limits.max_unpacked_bytes });
        };
        left_bytes -= stored.size_bytes;
        let name = entry.name[wrapper..].to_owned();
        if name == manifest::FILE_NAME {
            manifest = Some(read_manifest(&path, stored.size_bytes)?);
        } else {
            files.push(BundleFile::new(name, path, stored));
        }
    }
    let skipped = skipped.into_iter().map(|entry| entry.name).collect();
    Ok(Unpacked { manifest, files, skipped })
}

/// Names that differ in case only count as the same: on other systems they are one file.
fn refuse_duplicates(entries: &[archive::Entry]) -> Result<(), BundleError> {
    let mut seen = HashMap::with_capacity(entries.len());
    for entry in entries {
        if let Some(other) = seen.insert(entry.name.to_lowercase(), &entry.name) {
            return Err(BundleError::Duplicate { entry: entry.name.clone(), other: other.clone() });
        }
    }
    Ok(())
}

fn read_manifest(path: &Path, size_bytes: u64) -> Result<String, BundleError> {
    if size_bytes > MAX_MANIFEST_BYTES {
        return Err(BundleError::ManifestTooLarge { max_bytes: MAX_MANIFEST_BYTES });
    }
    let bytes = fs::read(path).map_err(|source| BundleError::Io { path: path.to_owned(), source })?;
    String::from_utf8(bytes).map_err(|error| BundleError::ManifestEncoding { offset: error.utf8_error().valid_up_to() })
}

fn extension(name: &str) -> Option<String> {
    Path::new(name).extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase)
}

fn mime_type(name: &str) -> String {
    mime_guess::from_path(name).first_or_octet_stream().essence_str().to_owned()
}

//! Uploads: whatever they are, they stay in their folder and within their limits.
//!
//! An input is either a file with its name, or a recipe for an honest archive, whose checksums a fuzzer would not
//! find by itself.

use std::collections::HashSet;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;

use spaces::Digest;
use spaces::id::check_asset_path;
use spaces::manifest::Manifest;
use spaces::store::bundle::{BundleError, BundleFile, BundleLimits, Unpacked, unpack};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::message;
use super::source::Source;

const LIMITS: BundleLimits = BundleLimits { max_entries: 32, max_unpacked_bytes: 64 << 10 };

/// `0` and an archive; `1`, a name and a file; else a recipe.
pub(crate) fn check(data: &[u8]) {
    let mut source = Source::new(data);
    match source.byte() {
        b'0' => check_upload("upload.zip", source.rest(), |_| {}),
        b'1' => {
            let name = source.text();
            check_upload(&name, source.rest(), |_| {});
        }
        _ => check_honest(&mut source),
    }
}

/// What an ordinary program packs comes out as it went in.
fn check_honest(source: &mut Source<'_>) {
    let files = source.list(8, |source| (source.text(), source.flag(), source.bytes()));
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, is_stored, content) in &files {
        let method = if *is_stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default().compression_method(method);
        // The writer refuses what it refuses: two files of one name.
        if writer.start_file(name.as_str(), options).is_err() || writer.write_all(content).is_err() {
            return;
        }
    }
    let Ok(archive) = writer.finish() else { return };
    check_upload("upload.zip", archive.get_ref(), |unpacked| {
        let contents: Vec<&[u8]> = files.iter().map(|(_, _, content)| *content).collect();
        for file in &unpacked.files {
            let stored = fs::read(&file.path).expect("an unpacked file can be read");
            assert!(contents.contains(&stored.as_slice()), "`{}` has bytes that were not packed", file.name);
            assert!(files.iter().any(|(name, _, _)| name.ends_with(&file.name)), "`{}` was not packed", file.name);
        }
        let n_manifests = usize::from(unpacked.manifest.is_some());
        let n_folders = files.iter().filter(|(name, _, _)| name.ends_with('/')).count();
        assert_eq!(unpacked.files.len() + unpacked.skipped.len() + n_manifests + n_folders, files.len());
    });
}

fn check_upload(filename: &str, bytes: &[u8], check: impl FnOnce(&Unpacked)) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (upload, into) = (folder.path().join("upload"), folder.path().join("into"));
    fs::create_dir(&into).expect("a folder to unpack into");
    fs::write(&upload, bytes).expect("the upload is written");

    let unpacked = unpack(&upload, filename, &into, &LIMITS);
    check_folder(folder.path(), &into, bytes);
    let unpacked = match unpacked {
        Ok(unpacked) => unpacked,
        Err(error) => return check_error(&error),
    };
    check(&unpacked);
    check_files(&unpacked.files);
    let app = unpacked.manifest.as_deref().and_then(|text| Manifest::parse(text).ok()).and_then(|m| m.app);
    let n_files = unpacked.files.len();
    match unpacked.into_bundle(app.as_deref()) {
        Ok(bundle) => {
            assert_eq!(bundle.assets.len() + 1, n_files);
            let wanted = app.as_deref().map(|app| app.strip_prefix("./").unwrap_or(app));
            assert!(wanted.is_none_or(|wanted| wanted == bundle.app.name));
        }
        Err(error) => check_error(&error),
    }
}

/// Nothing was written beside the folder, and no more into it than the limits allow.
fn check_folder(around: &Path, into: &Path, upload: &[u8]) {
    let mut beside: Vec<_> = names(around);
    beside.sort();
    assert_eq!(beside, ["into", "upload"]);
    assert_eq!(fs::read(around.join("upload")).expect("the upload is still there"), upload);
    let unpacked = names(into);
    assert!(unpacked.len() <= LIMITS.max_entries);
    let sizes = unpacked.iter().map(|name| {
        let metadata = fs::symlink_metadata(into.join(name)).expect("an unpacked file");
        assert!(metadata.is_file(), "`{name}` is no file");
        metadata.len()
    });
    assert!(sizes.sum::<u64>() <= LIMITS.max_unpacked_bytes);
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder of ours");
    entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("our own name")).collect()
}

fn check_files(files: &[BundleFile]) {
    let mut names = HashSet::new();
    for file in files {
        check_asset_path(&file.name).expect("the name of a file is a path in the bundle");
        assert!(names.insert(file.name.to_lowercase()), "`{}` is there twice", file.name);
        let bytes = fs::read(&file.path).expect("an unpacked file can be read");
        assert_eq!((file.size_bytes, file.digest), (bytes.len() as u64, Digest::of(&bytes)), "`{}`", file.name);
    }
}

fn check_error(error: &BundleError) {
    message::check(error);
    assert!(!matches!(error, BundleError::Io { .. }), "an upload's mistake was taken for the disk's: {error:?}");
    assert!(!error.code().is_empty() && error.code() != "internal");
}

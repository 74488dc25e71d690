//! A folder → one zip archive, the same bytes for the same content.
//!
//! Order, times and permissions are fixed, so an unchanged folder has an unchanged digest wherever it is published
//! from.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use spaces::id::check_asset_path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::error::CliError;

/// Folders that tools make and no space reads. Names that begin with a dot are left out too: `.git`, `.venv`, and
/// `.env`, whose secrets must not become files of a public page.
const SKIPPED: &[&str] = &["target", "node_modules", "__pycache__"];

/// Deflating these costs time and saves next to nothing.
const INCOMPRESSIBLE: &[&str] =
    &["onnx", "safetensors", "npz", "png", "jpg", "jpeg", "webp", "gif", "mp3", "mp4", "ogg", "webm", "zip", "gz"];

/// From this size on an entry needs the zip64 form.
const ZIP64_BYTES: u64 = u32::MAX as u64;

/// A packed folder.
#[derive(Debug)]
pub(crate) struct Bundle {
    /// The archive; gone from disk when dropped.
    pub(crate) file: File,
    pub(crate) size_bytes: u64,
    /// How many files are in it.
    pub(crate) n_files: usize,
}

/// Packs the files of `dir`.
///
/// # Errors
/// [`CliError`] naming the file that cannot be read or cannot be part of a bundle.
pub(crate) fn pack(dir: &Path) -> Result<Bundle, CliError> {
    let mut files = Vec::new();
    collect(dir, "", &mut files)?;
    files.sort();

    let cannot_pack = |source| CliError::file("pack", dir, source);
    let archive = BufWriter::new(tempfile::tempfile().map_err(cannot_pack)?);
    let mut writer = ZipWriter::new(archive);
    for Entry { name, path } in &files {
        let size = fs::metadata(path).map_err(|source| CliError::file("read", path, source))?.len();
        writer.start_file(name.as_str(), options(name, size)).map_err(|error| cannot_pack(error.into()))?;
        let mut file = File::open(path).map_err(|source| CliError::file("read", path, source))?;
        io::copy(&mut file, &mut writer).map_err(|source| CliError::file("pack", path, source))?;
    }
    let mut archive = writer.finish().map_err(|error| cannot_pack(error.into()))?;
    archive.flush().map_err(cannot_pack)?;
    let mut file = archive.into_inner().map_err(|error| cannot_pack(error.into_error()))?;
    let size_bytes = file.metadata().map_err(cannot_pack)?.len();
    io::Seek::rewind(&mut file).map_err(cannot_pack)?;
    Ok(Bundle { file, size_bytes, n_files: files.len() })
}

/// One file; ordered by its name in the archive.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    name: String,
    path: PathBuf,
}

fn collect(dir: &Path, prefix: &str, files: &mut Vec<Entry>) -> Result<(), CliError> {
    let cannot_read = |source| CliError::file("read", dir, source);
    for entry in fs::read_dir(dir).map_err(cannot_read)? {
        let entry = entry.map_err(cannot_read)?;
        let path = entry.path();
        let file_name = entry.file_name();
        let Some(file_name) = file_name.to_str() else {
            return Err(CliError::input(format!("the file name `{}` is not UTF-8: rename it", path.display())));
        };
        if file_name.starts_with('.') {
            continue;
        }
        let name = format!("{prefix}{file_name}");
        let is_link = entry.file_type().map_err(cannot_read)?.is_symlink();
        // Follows links: weights are often links into a cache of models.
        let kind = fs::metadata(&path).map_err(|source| CliError::file("read", &path, source))?.file_type();
        if kind.is_dir() {
            if SKIPPED.contains(&file_name) {
                continue;
            }
            if is_link {
                // It may lead out of the folder, or in a circle.
                return Err(CliError::input(format!(
                    "`{}` is a link to a folder: put the files themselves there",
                    path.display()
                )));
            }
            collect(&path, &format!("{name}/"), files)?;
        } else if kind.is_file() {
            check_asset_path(&name).map_err(|error| CliError::input(error.to_string()))?;
            files.push(Entry { name, path });
        } else {
            return Err(CliError::input(format!("`{}` is neither a file nor a folder", path.display())));
        }
    }
    Ok(())
}

fn options(name: &str, size_bytes: u64) -> SimpleFileOptions {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let is_incompressible = INCOMPRESSIBLE.iter().any(|known| known.eq_ignore_ascii_case(extension));
    let options = SimpleFileOptions::default()
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644)
        .large_file(size_bytes >= ZIP64_BYTES);
    if is_incompressible {
        options.compression_method(CompressionMethod::Stored)
    } else {
        options.compression_method(CompressionMethod::Deflated)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::time::SystemTime;

    use super::*;

    fn write(dir: &Path, name: &str, content: &str) {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().expect("it is below `dir`")).expect("its folder");
        fs::write(path, content).expect("written");
    }

    fn bytes(mut bundle: Bundle) -> Vec<u8> {
        let mut bytes = Vec::new();
        bundle.file.read_to_end(&mut bytes).expect("readable");
        assert_eq!(bytes.len() as u64, bundle.size_bytes);
        bytes
    }

    #[test]
    fn order_and_times_do_not_matter() {
        let names = ["space.toml", "model.onnx", "images/a.png", "images-b", "images/z/deep.txt"];
        let one = tempfile::tempdir().expect("a temporary folder");
        let two = tempfile::tempdir().expect("a temporary folder");
        for name in names {
            write(one.path(), name, name);
        }
        for name in names.iter().rev() {
            write(two.path(), name, name);
            let file = File::options().write(true).open(two.path().join(name)).expect("it is there");
            file.set_modified(SystemTime::UNIX_EPOCH).expect("its time");
        }
        assert_eq!(bytes(pack(one.path()).expect("packed")), bytes(pack(two.path()).expect("packed")));
    }

    #[test]
    fn what_tools_leave_behind_stays_out() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let names = [
            "space.toml",
            ".env",
            ".git/config",
            ".venv/x",
            "target/app.wasm",
            "src/main.rs",
            "__pycache__/x.pyc",
            "node_modules/x.js",
            "data/target",
            "data/.DS_Store",
        ];
        for name in names {
            write(dir.path(), name, name);
        }
        let bundle = pack(dir.path()).expect("packed");
        assert_eq!(bundle.n_files, 3);
        let archive = zip::ZipArchive::new(bundle.file).expect("an archive");
        let packed: Vec<&str> = archive.file_names().collect();
        assert_eq!(packed, ["data/target", "space.toml", "src/main.rs"]);
    }

    #[test]
    fn links_to_files_are_followed_and_links_to_folders_refused() {
        let outside = tempfile::tempdir().expect("a temporary folder");
        write(outside.path(), "weights.bin", "weights");
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::os::unix::fs::symlink(outside.path().join("weights.bin"), dir.path().join("model.onnx")).expect("a link");
        assert_eq!(pack(dir.path()).expect("packed").n_files, 1);

        std::os::unix::fs::symlink(outside.path(), dir.path().join("more")).expect("a link");
        let error = pack(dir.path()).expect_err("a link to a folder").to_string();
        assert!(error.contains("is a link to a folder"), "{error}");
    }
}

//! What is published: a file as it is, or a folder packed on the fly.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use spaces::SpaceId;
use spaces::manifest::{self, Manifest};

use crate::cli::error::CliError;
use crate::cli::{bundle, output};

/// Larger than any `space.toml` that a person writes.
const MAX_MANIFEST_BYTES: u64 = 1 << 20;

/// Something to upload, its manifest checked.
#[derive(Debug)]
pub(crate) struct Source {
    path: PathBuf,
    file: File,
    size_bytes: u64,
    /// How many files a folder had.
    n_files: Option<usize>,
    /// What the server is told: its end says what the bytes are.
    file_name: String,
    /// `space` in `space.toml`.
    target: Option<SpaceId>,
}

impl Source {
    /// Opens a file or packs a folder.
    ///
    /// # Errors
    /// [`CliError`] where it is nothing that can be published, naming the line of `space.toml` at fault.
    pub(crate) fn open(path: &Path) -> Result<Self, CliError> {
        let metadata = fs::metadata(path).map_err(|source| CliError::file("read", path, source))?;
        if metadata.is_dir() { Self::open_folder(path) } else { Self::open_file(path, metadata.len()) }
    }

    fn open_folder(dir: &Path) -> Result<Self, CliError> {
        let manifest_path = dir.join(manifest::FILE_NAME);
        if !manifest_path.is_file() {
            return Err(CliError::input(format!(
                "there is no `{}` in `{}`: `vitrine new` writes one to begin with",
                manifest::FILE_NAME,
                dir.display()
            )));
        }
        let text =
            fs::read_to_string(&manifest_path).map_err(|source| CliError::file("read", &manifest_path, source))?;
        let manifest = parse(&manifest_path, &text)?;
        if dir.join("Cargo.toml").is_file() && !has_app(dir, manifest.app.as_deref()) {
            return Err(CliError::input(format!(
                "`{0}` is not built yet: run `vitrine build {0}` first",
                dir.display()
            )));
        }
        let bundle = bundle::pack(dir)?;
        Ok(Self {
            path: dir.to_owned(),
            file: bundle.file,
            size_bytes: bundle.size_bytes,
            n_files: Some(bundle.n_files),
            file_name: "bundle.zip".to_owned(),
            target: manifest.space,
        })
    }

    fn open_file(path: &Path, size_bytes: u64) -> Result<Self, CliError> {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("").to_ascii_lowercase();
        if !matches!(extension.as_str(), "onnx" | "wasm" | "zip") {
            return Err(CliError::input(format!(
                "`{}` cannot be published: give a .onnx, .wasm or .zip file, or a folder with space.toml",
                path.display()
            )));
        }
        if size_bytes == 0 {
            return Err(CliError::input(format!("`{}` is empty", path.display())));
        }
        let open = || File::open(path).map_err(|source| CliError::file("open", path, source));
        // Read through a handle of its own: the upload begins at the file's start.
        let target =
            if extension == "zip" { archived_manifest(path, open()?)?.and_then(|found| found.space) } else { None };
        let file = open()?;
        let stem = path.file_stem().map_or_else(|| "app".into(), |stem| stem.to_string_lossy());
        let file_name = format!("{stem}.{extension}");
        Ok(Self { path: path.to_owned(), file, size_bytes, n_files: None, file_name, target })
    }

    pub(crate) fn file_name(&self) -> &str {
        &self.file_name
    }

    pub(crate) fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    pub(crate) fn into_file(self) -> File {
        self.file
    }

    /// The path and the size, for a line of text.
    pub(crate) fn summary(&self) -> String {
        let size = output::size(self.size_bytes);
        match self.n_files {
            Some(n_files) => format!("{} ({n_files} files, packed {size})", self.path.display()),
            None => format!("{} ({size})", self.path.display()),
        }
    }

    /// Where it goes without `--to`: what `space.toml` says, else the user's space named after the file.
    ///
    /// # Errors
    /// [`CliError::Input`] where neither makes a name.
    pub(crate) fn default_target(&self, user: Option<&str>) -> Result<SpaceId, CliError> {
        if let Some(id) = &self.target {
            return Ok(id.clone());
        }
        // "." and ".." have no name of their own.
        let path = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let stem = if self.n_files.is_some() { path.file_name() } else { path.file_stem() };
        let name = as_name(&stem.unwrap_or_default().to_string_lossy());
        SpaceId::new(&as_name(user.unwrap_or("")), &name).map_err(|_| {
            CliError::input("where should it go? give --to owner/name, or write `space = \"owner/name\"` in space.toml")
        })
    }
}

/// Lower-case letters, digits and inner hyphens, as near to `text` as they come.
fn as_name(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

fn has_app(dir: &Path, app: Option<&str>) -> bool {
    if let Some(app) = app {
        return dir.join(app).is_file();
    }
    let Ok(entries) = fs::read_dir(dir) else {
        return false;
    };
    entries.flatten().any(|entry| {
        let path = entry.path();
        path.extension().is_some_and(|extension| extension == "wasm" || extension == "onnx")
    })
}

/// The manifest of a zip archive; none where there is none, which the server may accept or refuse.
fn archived_manifest(path: &Path, file: File) -> Result<Option<Manifest>, CliError> {
    let mut archive = zip::ZipArchive::new(file)
        .map_err(|error| CliError::input(format!("`{}` is not a zip archive: {error}", path.display())))?;
    let Ok(entry) = archive.by_name(manifest::FILE_NAME) else {
        return Ok(None);
    };
    let mut text = String::new();
    let read = entry.take(MAX_MANIFEST_BYTES).read_to_string(&mut text);
    read.map_err(|source| CliError::file("read", path, source))?;
    parse(path, &text).map(Some)
}

/// The error begins with `space.toml:LINE:COLUMN`; what comes before it says which `space.toml`.
fn parse(path: &Path, text: &str) -> Result<Manifest, CliError> {
    Manifest::parse(text).map_err(|error| match path.parent() {
        Some(dir) if path.ends_with(manifest::FILE_NAME) => {
            CliError::input(dir.join(error.to_string()).display().to_string())
        }
        _ => CliError::input(format!("{}: {error}", path.display())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::Builder::new().prefix("My_Space").tempdir().expect("a temporary folder");
        for (name, content) in files {
            fs::write(dir.path().join(name), content).expect("written");
        }
        dir
    }

    fn refused(path: &Path) -> String {
        Source::open(path).expect_err("it cannot be published").to_string()
    }

    #[test]
    fn the_manifest_names_the_target() {
        let dir = folder(&[("space.toml", "space = \"alice/iris\""), ("model.onnx", "x")]);
        let source = Source::open(dir.path()).expect("a bundle");
        assert_eq!(source.default_target(Some("bob")).expect("named").to_string(), "alice/iris");
        assert_eq!(source.file_name(), "bundle.zip");
    }

    #[test]
    fn a_file_goes_to_the_users_space_of_its_name() {
        let dir = folder(&[("Iris Model_v2.ONNX", "x")]);
        let source = Source::open(&dir.path().join("Iris Model_v2.ONNX")).expect("a file");
        assert_eq!(source.file_name(), "Iris Model_v2.onnx");
        let check = |user: Option<&str>, expected: Option<&str>| {
            assert_eq!(source.default_target(user).ok().map(|id| id.to_string()).as_deref(), expected);
        };
        check(Some("Ann.Smith"), Some("ann-smith/iris-model-v2"));
        check(Some(""), None);
        check(None, None);
    }

    #[test]
    fn mistakes_are_found_before_the_upload() {
        let empty = folder(&[("notes.txt", "x"), ("empty.onnx", ""), ("broken.zip", "no")]);
        assert!(refused(empty.path()).starts_with("there is no `space.toml` in"));
        assert!(refused(&empty.path().join("notes.txt")).contains("cannot be published: give a .onnx"));
        assert!(refused(&empty.path().join("empty.onnx")).ends_with("is empty"));
        assert!(refused(&empty.path().join("broken.zip")).contains("is not a zip archive"));
        assert!(refused(&empty.path().join("missing.onnx")).starts_with("cannot read"));

        let broken = folder(&[("space.toml", "title = \"x\"\ntitel = 1\n")]);
        let message = refused(broken.path());
        assert!(message.contains("/space.toml:2:1: "), "{message}");

        let unbuilt = folder(&[("space.toml", ""), ("Cargo.toml", "")]);
        assert!(refused(unbuilt.path()).contains("is not built yet: run `vitrine build "));
    }
}

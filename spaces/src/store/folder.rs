//! The data folder: its paths, its lock, and files that appear whole or not at all.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::Digest;

use super::error::OpenError;

/// An open and locked data folder.
#[derive(Debug)]
pub(super) struct DataFolder {
    root: PathBuf,
    /// The operating system gives the lock back when this closes, also after a `kill -9`.
    _lock: File,
}

impl DataFolder {
    /// Makes and locks the folder and empties `tmp`.
    ///
    /// The flag tells whether `tmp` had something in it, that is, whether a publish was killed.
    pub(super) fn open(root: &Path) -> Result<(Self, bool), OpenError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| OpenError::Folder { path, source }
        };
        if !root.is_dir() {
            create_private(root).map_err(failed(root))?;
        }
        // Absolute, so that a later change of the working directory means nothing.
        let root = root.canonicalize().map_err(failed(root))?;
        let lock_path = root.join("lock");
        let lock =
            File::options().write(true).create(true).truncate(false).open(&lock_path).map_err(failed(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenError::Locked { path: root }),
            Err(TryLockError::Error(source)) => {
                return Err(OpenError::Folder { path: lock_path, source });
            }
        }
        let folder = Self { root, _lock: lock };
        for path in [folder.objects(), folder.artefacts(), folder.tmp()] {
            fs::create_dir_all(&path).map_err(failed(&path))?;
        }
        let tmp = folder.tmp();
        let leftovers = empty(&tmp).map_err(failed(&tmp))?;
        Ok((folder, leftovers))
    }

    pub(super) fn database(&self) -> PathBuf {
        self.root.join("vitrine.db")
    }

    pub(super) fn objects(&self) -> PathBuf {
        self.root.join("objects")
    }

    pub(super) fn artefacts(&self) -> PathBuf {
        self.root.join("artefacts")
    }

    pub(super) fn tmp(&self) -> PathBuf {
        self.root.join("tmp")
    }

    /// `objects/ab/cdef…`: two digits of fan-out keep the folders short.
    pub(super) fn object(&self, digest: &Digest) -> PathBuf {
        let digits = digest.to_string();
        self.objects().join(&digits[..2]).join(&digits[2..])
    }

    /// `artefacts/<digest>.cwasm`
    pub(super) fn artefact(&self, digest: &Digest) -> PathBuf {
        self.artefacts().join(format!("{digest}.cwasm"))
    }
}

/// Moves a complete file to its final name, durably: the bytes reach the disk before the name does.
///
/// `from` and `to` are on one file system. A file already at `to` is replaced.
pub(super) fn publish_file(from: &Path, to: &Path) -> io::Result<()> {
    File::open(from)?.sync_all()?;
    fs::rename(from, to)?;
    match to.parent() {
        Some(parent) => File::open(parent)?.sync_all(),
        None => Ok(()),
    }
}

/// Makes a folder that only its owner can look into: it will hold secrets.
fn create_private(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Removes everything in the folder `path`; tells whether there was anything.
fn empty(path: &Path) -> io::Result<bool> {
    let mut found = false;
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        found = true;
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(found)
}

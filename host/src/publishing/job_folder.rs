//! The folder that a worker works in: the only files that it gets to see.
//!
//! Everything that a job reads lies in it or is linked into it, and the worker writes into [`OUT`] only. Where the
//! worker becomes another user, the folder is its whole file system: it may read the inputs but not change them,
//! since they are kept under digests that were taken before.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

/// Where the worker writes, in the job's folder.
const OUT: &str = "out";
/// Where inputs from elsewhere appear, in the job's folder.
const IN: &str = "in";
/// What makes a file readable, and a folder passable, for another user.
const READABLE: u32 = 0o004;
const PASSABLE: u32 = 0o005;

/// A folder prepared for a worker. Its calls block.
pub(super) struct JobFolder {
    root: PathBuf,
    /// The user that the worker becomes; none where it stays the server's.
    user: Option<u32>,
    n_linked: usize,
}

impl JobFolder {
    /// Prepares `root`, the folder of a draft.
    ///
    /// # Errors
    /// When the folders cannot be made or given away.
    pub(super) fn new(root: &Path, user: Option<u32>) -> io::Result<Self> {
        let out = root.join(OUT);
        fs::create_dir_all(&out)?;
        fs::create_dir_all(root.join(IN))?;
        let folder = Self { root: root.to_owned(), user, n_linked: 0 };
        folder.open(root, PASSABLE)?;
        folder.open(&root.join(IN), PASSABLE)?;
        if let Some(user) = user {
            chown(&out, Some(user), Some(user))?;
        }
        Ok(folder)
    }

    /// The working directory of the worker.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Lets the worker read `file`; the result is its path as the worker sees it.
    ///
    /// A file from elsewhere is linked, or copied where it must not become readable or lies on another disk.
    ///
    /// # Errors
    /// When the file cannot be opened up or brought here.
    pub(super) fn input(&mut self, file: &Path) -> io::Result<PathBuf> {
        if let Ok(inside) = file.strip_prefix(&self.root) {
            self.open(file, READABLE)?;
            let folders = inside.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
            for folder in folders {
                self.open(&self.root.join(folder), PASSABLE)?;
            }
            return Ok(inside.to_owned());
        }
        let inside = Path::new(IN).join(self.n_linked.to_string());
        self.n_linked += 1;
        let target = self.root.join(&inside);
        let is_open = self.user.is_none() || fs::metadata(file)?.mode() & READABLE != 0;
        if !is_open || fs::hard_link(file, &target).is_err() {
            fs::copy(file, &target)?;
            self.open(&target, READABLE)?;
        }
        Ok(inside)
    }

    /// Where the worker writes what it makes, as the worker sees it.
    pub(super) fn output(name: &str) -> PathBuf {
        Path::new(OUT).join(name)
    }

    /// Takes back what the worker has made, and returns its path as the server sees it.
    ///
    /// # Errors
    /// When there is no such file, or something that is not one.
    pub(super) fn take(&self, name: &str) -> io::Result<PathBuf> {
        let path = self.root.join(OUT).join(name);
        let found = fs::symlink_metadata(&path)?;
        if !found.is_file() || found.nlink() != 1 {
            return Err(io::Error::other("the worker has left something else than a file"));
        }
        if self.user.is_some() {
            let root = fs::metadata(&self.root)?;
            chown(&path, Some(root.uid()), Some(root.gid()))?;
        }
        Ok(path)
    }

    /// Adds the rights in `bits` for the worker's user, where it is another one.
    fn open(&self, path: &Path, bits: u32) -> io::Result<()> {
        if self.user.is_none() {
            return Ok(());
        }
        let mode = fs::metadata(path)?.mode();
        if mode & bits == bits {
            return Ok(());
        }
        fs::set_permissions(path, Permissions::from_mode(mode | bits))
    }
}

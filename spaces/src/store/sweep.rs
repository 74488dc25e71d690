//! Removes bytes that nothing refers to.
//!
//! Why this can never take something from a publish: bytes without a row exist only while a [`Draft`](super::Draft)
//! or a rebuilt artefact holds the shared side of `Inner::unreferenced`; a sweep holds its exclusive side from before
//! it reads the rows until its last file is removed. And the lock on the data folder keeps other processes out.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use tokio::task::spawn_blocking;

use super::Store;
use super::error::BoxError;

/// What a sweep did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swept {
    /// A publish is running; nothing was looked at. Ask again later.
    Busy,
    Done {
        n_files: usize,
        n_bytes: u64,
    },
}

/// Why a sweep ended early; what it removed was unreferenced all the same.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    #[error("the database cannot be read")]
    Database(#[source] BoxError),
    #[error("`{}` cannot be swept", path.display())]
    Folder {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl Store {
    /// Removes objects and artefacts that no revision refers to, unless a publish is running.
    ///
    /// Lists every stored file, so run it in the background: at start, and now and then.
    ///
    /// # Errors
    /// [`SweepError`] when rows or folders cannot be read, or a file not removed.
    pub async fn sweep(&self) -> Result<Swept, SweepError> {
        // Not a waiting `write`: behind it, new publishes would queue for as long as the running one takes.
        let Ok(guard) = self.inner.unreferenced.clone().try_write_owned() else {
            return Ok(Swept::Busy);
        };
        let database = |source: sqlx::Error| SweepError::Database(source.into());
        let mut transaction = self.inner.database.write().await.map_err(database)?;
        sqlx::query("DELETE FROM artefacts WHERE component_digest NOT IN (SELECT component_digest FROM revisions)")
            .execute(&mut *transaction)
            .await
            .map_err(database)?;
        let artefacts: Vec<String> =
            sqlx::query_scalar("SELECT digest FROM artefacts").fetch_all(&mut *transaction).await.map_err(database)?;
        let objects: Vec<String> = sqlx::query_scalar(
            "SELECT digest FROM assets UNION SELECT component_digest FROM revisions
             UNION SELECT bundle_digest FROM revisions UNION SELECT digest FROM example_outputs",
        )
        .fetch_all(&mut *transaction)
        .await
        .map_err(database)?;
        transaction.commit().await.map_err(database)?;

        let (objects_folder, artefacts_folder) = (self.inner.folder.objects(), self.inner.folder.artefacts());
        let removal = spawn_blocking(move || {
            // Moved in here: should the caller go away, the files are still removed under the lock.
            let _guard = guard;
            let mut removed = Removed::default();
            let objects: HashSet<String> = objects.into_iter().collect();
            for folder in folders(&objects_folder)? {
                let prefix = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
                remove_files(&folder, &mut removed, |name| objects.contains(&format!("{prefix}{name}")))?;
            }
            let artefacts: HashSet<String> = artefacts.into_iter().map(|digest| format!("{digest}.cwasm")).collect();
            remove_files(&artefacts_folder, &mut removed, |name| artefacts.contains(name))?;
            Ok(removed)
        });
        let Removed { n_files, n_bytes } = removal.await.map_err(|source| SweepError::Database(source.into()))??;
        if n_files > 0 {
            tracing::info!(n_files, n_bytes, "removed {n_files} unreferenced files");
        }
        Ok(Swept::Done { n_files, n_bytes })
    }
}

#[derive(Default)]
struct Removed {
    n_files: usize,
    n_bytes: u64,
}

fn folders(root: &Path) -> Result<Vec<PathBuf>, SweepError> {
    let failed = |source| SweepError::Folder { path: root.to_owned(), source };
    let mut folders = Vec::new();
    for entry in fs::read_dir(root).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_type().map_err(failed)?.is_dir() {
            folders.push(entry.path());
        }
    }
    Ok(folders)
}

fn remove_files(folder: &Path, removed: &mut Removed, is_kept: impl Fn(&str) -> bool) -> Result<(), SweepError> {
    let failed = |source| SweepError::Folder { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_name().to_str().is_some_and(&is_kept) {
            continue;
        }
        let metadata = entry.metadata().map_err(failed)?;
        fs::remove_file(entry.path()).map_err(failed)?;
        removed.n_files += 1;
        removed.n_bytes += metadata.len();
    }
    Ok(())
}

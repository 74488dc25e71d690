//! Compiled code: a cache by component and engine version.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use sqlx::{Row as _, Sqlite, Transaction};
use tokio::task::spawn_blocking;

use crate::Digest;

use super::Store;
use super::error::{PutError, ReadError};
use super::folder::{DataFolder, publish_file};
use super::revisions::{parse_column, to_i64, to_u64};

/// A compiled component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artefact {
    pub path: PathBuf,
    /// BLAKE3, recorded when it was compiled. Loading compiled code is unsafe, so compare before loading.
    pub digest: Digest,
    pub size_bytes: u64,
}

impl Store {
    /// The artefact of `component` for the engine version `engine`; none if it must be compiled (again).
    ///
    /// # Errors
    /// [`ReadError`] when the database cannot be read.
    pub async fn artefact(&self, component: &Digest, engine: &str) -> Result<Option<Artefact>, ReadError> {
        let row = sqlx::query("SELECT digest, size_bytes FROM artefacts WHERE component_digest = ? AND engine = ?")
            .bind(component.to_string())
            .bind(engine)
            .fetch_optional(self.inner.database.reader())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let digest = parse_column("artefact digest", component, row.get("digest"))?;
        let path = self.inner.folder.artefact(&digest);
        // A backup may leave the cache out.
        if !path.is_file() {
            return Ok(None);
        }
        Ok(Some(Artefact { path, digest, size_bytes: to_u64(row.get("size_bytes")) }))
    }

    /// Keeps an artefact that was compiled anew; takes the file away from where it is.
    ///
    /// `file` is on the data folder's file system: make it in a [`Draft`](super::Draft)'s folder.
    ///
    /// # Errors
    /// [`PutError`]; the cache is as before.
    pub async fn put_artefact(&self, component: &Digest, engine: &str, file: &Path) -> Result<Artefact, PutError> {
        // Keeps a sweep away until the row refers to the file.
        let _guard = self.inner.unreferenced.read().await;
        let artefact = adopt(&self.inner.folder, file).await?;
        let mut transaction = self.inner.database.write().await?;
        insert(&mut transaction, component, engine, &artefact).await?;
        transaction.commit().await?;
        Ok(artefact)
    }
}

/// Moves `file` among the artefacts, under its digest.
pub(super) async fn adopt(folder: &DataFolder, file: &Path) -> Result<Artefact, PutError> {
    let from = file.to_owned();
    let target = folder.artefacts();
    let moved = spawn_blocking(move || {
        let (digest, size_bytes) = hash(&from)?;
        let path = target.join(format!("{digest}.cwasm"));
        publish_file(&from, &path)?;
        Ok(Artefact { path, digest, size_bytes })
    });
    moved
        .await
        .map_err(std::io::Error::other)
        .flatten()
        .map_err(|source| PutError::File { path: file.to_owned(), source })
}

/// Unlike objects, whose digests people see and compare, artefacts are hashed with what the sandbox checks in no time.
fn hash(path: &Path) -> io::Result<(Digest, u64)> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path)?)?;
    Ok((Digest::from_bytes(hasher.finalize().into()), hasher.count()))
}

/// Records an artefact; a later one of the same component and engine replaces it.
pub(super) async fn insert(
    transaction: &mut Transaction<'static, Sqlite>,
    component: &Digest,
    engine: &str,
    artefact: &Artefact,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO artefacts (component_digest, engine, digest, size_bytes) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET digest = excluded.digest, size_bytes = excluded.size_bytes",
    )
    .bind(component.to_string())
    .bind(engine)
    .bind(artefact.digest.to_string())
    .bind(to_i64(artefact.size_bytes))
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

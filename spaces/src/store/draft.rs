//! A publish in progress: a folder to work in, bytes put ahead, and one commit.

use std::path::{Path, PathBuf};

use sqlx::{Sqlite, Transaction};
use tempfile::TempDir;
use time::OffsetDateTime;
use tokio::runtime::Handle;
use tokio::sync::OwnedRwLockReadGuard;
use tokio::task::spawn_blocking;

use crate::interface::Interface;
use crate::manifest::{Accent, Manifest};
use crate::view::AppKind;
use crate::{Digest, SpaceId};

use super::Store;
use super::artefacts::{self, Artefact};
use super::error::{CommitError, OpenError, PutError};
use super::listing::Card;
use super::objects::StoredObject;
use super::revisions::{Asset, ExampleOutput, to_i64, to_micros, visibility_text};

/// A publish in progress. Dropped, it leaves nothing but unreferenced objects for the next sweep.
///
/// While a draft lives no sweep runs, so what has been put into the store stays until it is committed.
#[derive(Debug)]
pub struct Draft {
    store: Store,
    /// There until the draft is dropped.
    folder: Option<TempDir>,
    _no_sweep: OwnedRwLockReadGuard<()>,
}

/// A revision to be: everything that it refers to has been put into the store.
#[derive(Debug, Clone)]
pub struct NewRevision {
    pub space: SpaceId,
    pub kind: AppKind,
    /// The upload; its bytes may or may not be kept as an object.
    pub bundle: StoredObject,
    /// The component with its model loaded; kept as an object, from which artefacts are rebuilt.
    pub component: Digest,
    /// The version of the engine that compiled `artefact`.
    pub engine: String,
    pub artefact: Artefact,
    pub manifest: Manifest,
    pub interface: Interface,
    pub assets: Vec<Asset>,
    /// What its examples gave, each kept as an object.
    pub example_outputs: Vec<ExampleOutput>,
    pub created_at: OffsetDateTime,
    /// Who publishes it.
    pub published_by: String,
}

impl Store {
    /// Starts a publish: makes its folder under `tmp`.
    ///
    /// Waits while a sweep runs (a fraction of a second).
    ///
    /// # Errors
    /// [`OpenError::Folder`] when the folder cannot be made.
    pub async fn draft(&self) -> Result<Draft, OpenError> {
        let no_sweep = self.inner.unreferenced.clone().read_owned().await;
        let tmp = self.inner.folder.tmp();
        let folder = TempDir::new_in(&tmp).map_err(|source| OpenError::Folder { path: tmp, source })?;
        Ok(Draft { store: self.clone(), folder: Some(folder), _no_sweep: no_sweep })
    }
}

impl Draft {
    /// A folder for the upload, the unpacked bundle and what is compiled. It goes away with the draft.
    pub fn path(&self) -> &Path {
        self.folder.as_ref().expect("taken by `drop` only").path()
    }

    /// A path in the draft's folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// Stores a file's bytes as an object; bytes that the store has already are not written again.
    ///
    /// # Errors
    /// [`PutError`] when the file cannot be read or the object not written.
    pub async fn put_object(&self, file: &Path) -> Result<StoredObject, PutError> {
        self.store.inner.objects.put_file(file).await
    }

    /// Stores an asset's bytes. The same as [`Draft::put_object`].
    ///
    /// # Errors
    /// As [`Draft::put_object`].
    pub async fn put_asset(&self, file: &Path) -> Result<StoredObject, PutError> {
        self.put_object(file).await
    }

    /// Takes a compiled file out of the draft's folder into the store.
    ///
    /// # Errors
    /// [`PutError::File`] when it cannot be read, synced or moved.
    pub async fn put_artefact(&self, file: &Path) -> Result<Artefact, PutError> {
        artefacts::adopt(&self.store.inner.folder, file).await
    }

    /// Adds the revision and makes it live, in one transaction; returns its number.
    ///
    /// The space is made if it is new. A visibility in the manifest becomes the space's.
    ///
    /// # Errors
    /// [`CommitError`]; the old revision, if any, is still live.
    pub async fn commit(self, revision: NewRevision) -> Result<u64, CommitError> {
        self.check_present(&revision).await?;
        let mut transaction = self.store.inner.database.write().await?;
        let number = insert(&mut transaction, &revision).await?;
        transaction.commit().await?;
        let space = revision.space;
        tracing::info!(space.id = %space, revision.number = number, "revision {number} of space `{space}` is live");
        Ok(number)
    }

    async fn check_present(&self, revision: &NewRevision) -> Result<(), CommitError> {
        let folder = &self.store.inner.folder;
        let component = ("component", folder.object(&revision.component), revision.component);
        let artefact = ("artefact", folder.artefact(&revision.artefact.digest), revision.artefact.digest);
        let assets = revision.assets.iter().map(|asset| ("asset", folder.object(&asset.digest), asset.digest));
        let outputs = revision.example_outputs.iter();
        let outputs = outputs.map(|output| ("example's output", folder.object(&output.digest), output.digest));
        let needed: Vec<_> = [component, artefact].into_iter().chain(assets).chain(outputs).collect();
        // A bundle may have thousands of files: too many to ask for on an async worker.
        let missing = spawn_blocking(move || needed.into_iter().find(|(_, path, _)| !path.is_file()));
        match missing.await {
            Ok(Some((what, _, digest))) => Err(CommitError::Missing { what, digest }),
            Ok(None) => Ok(()),
            Err(_) => Err(CommitError::Interrupted),
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        let folder = self.folder.take();
        // Removing thousands of files takes a while, so it is not done on an async worker.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn_blocking(move || drop(folder));
        }
    }
}

async fn insert(transaction: &mut Transaction<'static, Sqlite>, new: &NewRevision) -> Result<u64, CommitError> {
    let card = Card::of(&new.space, &new.manifest, &new.interface);
    let manifest = encode("manifest", &new.manifest)?;
    let interface = encode("interface", &new.interface)?;
    let tags = encode("tags", &card.tags)?;

    let space_id = super::spaces::insert_if_new(transaction, &new.space).await?;
    let number: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(number), 0) + 1 FROM revisions WHERE space_id = ?")
        .bind(space_id)
        .fetch_one(&mut **transaction)
        .await?;
    let revision_id: i64 = sqlx::query_scalar(
        "INSERT INTO revisions (space_id, number, kind, engine, bundle_digest, bundle_bytes, component_digest,
             created_at, title, summary, emoji, license, tags, search_text, published_by, task, thumbnail, accent)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
    )
    .bind(space_id)
    .bind(number)
    .bind(new.kind.as_str())
    .bind(&new.engine)
    .bind(new.bundle.digest.to_string())
    .bind(to_i64(new.bundle.size_bytes))
    .bind(new.component.to_string())
    .bind(to_micros(new.created_at))
    .bind(&card.title)
    .bind(&card.summary)
    .bind(&card.emoji)
    .bind(&new.manifest.license)
    .bind(tags)
    .bind(card.search_text(&new.space))
    .bind(&new.published_by)
    .bind(&card.task)
    .bind(&card.thumbnail)
    .bind(new.manifest.accent.map(Accent::as_str))
    .fetch_one(&mut **transaction)
    .await?;
    sqlx::query("INSERT INTO revision_documents (revision_id, manifest, interface) VALUES (?, ?, ?)")
        .bind(revision_id)
        .bind(manifest)
        .bind(interface)
        .execute(&mut **transaction)
        .await?;
    for tag in card.distinct_tags() {
        sqlx::query("INSERT INTO revision_tags (tag, revision_id) VALUES (?, ?)")
            .bind(tag)
            .bind(revision_id)
            .execute(&mut **transaction)
            .await?;
    }
    for asset in &new.assets {
        sqlx::query("INSERT INTO assets (revision_id, path, digest, size_bytes, mime_type) VALUES (?, ?, ?, ?, ?)")
            .bind(revision_id)
            .bind(&asset.path)
            .bind(asset.digest.to_string())
            .bind(to_i64(asset.size_bytes))
            .bind(&asset.mime_type)
            .execute(&mut **transaction)
            .await?;
    }
    for output in &new.example_outputs {
        sqlx::query("INSERT INTO example_outputs (revision_id, endpoint, example, digest) VALUES (?, ?, ?, ?)")
            .bind(revision_id)
            .bind(to_i64(output.endpoint as u64))
            .bind(to_i64(output.example as u64))
            .bind(output.digest.to_string())
            .execute(&mut **transaction)
            .await?;
    }
    artefacts::insert(transaction, &new.component, &new.engine, &new.artefact).await?;
    sqlx::query("UPDATE spaces SET live_number = ?, visibility = COALESCE(?, visibility) WHERE id = ?")
        .bind(number)
        .bind(new.manifest.visibility.map(visibility_text))
        .bind(space_id)
        .execute(&mut **transaction)
        .await?;
    super::settings::refresh_card(transaction, &new.space).await?;
    Ok(super::revisions::to_u64(number))
}

fn encode(what: &'static str, value: &impl serde::Serialize) -> Result<String, CommitError> {
    serde_json::to_string(value).map_err(|source| CommitError::Encode { what, source })
}

//! Keeps spaces, their revisions and their bytes in one data folder.
//!
//! ```text
//! <data>/lock          held by the one process that has the folder open
//! <data>/vitrine.db    SQLite: spaces, revisions, settings, config, logs
//! <data>/objects/      immutable bytes by digest: assets, components, bundles
//! <data>/artefacts/    a cache of compiled code, rebuilt from components when missing
//! <data>/tmp/          one folder per publish in progress; emptied by `Store::open`
//! ```
//!
//! A publish takes a [`Draft`], puts bytes into it and commits it. Bytes come first (each written under another
//! name, synced, renamed), then one transaction inserts the revision **and** makes it live. Killed at any moment,
//! the folder holds the old state or the new one; bytes that no row refers to are left for [`Store::sweep`].
//!
//! **Invariants**: a revision never changes; a space serves only revisions of its own; a space without a live
//! revision is not listed; a file under `objects/` or `artefacts/` is complete.

mod artefacts;
pub mod bundle;
mod config;
mod database;
mod draft;
mod duplicate;
mod error;
mod facets;
mod flags;
mod folder;
mod listing;
mod logs;
mod objects;
mod revisions;
mod settings;
mod spaces;
mod sweep;
mod usage;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::RwLock;

use crate::Digest;

use database::Database;
use folder::DataFolder;
use objects::Objects;

pub use crate::catalog::{Audience, Facet, Facets, Search, SearchPage, Sort};
pub use crate::view::AppKind;
pub use artefacts::Artefact;
pub use config::{ConfigEntry, MAX_CONFIG_ENTRIES, MAX_CONFIG_KEY_BYTES, MAX_CONFIG_VALUE_BYTES};
pub use draft::{Draft, NewRevision};
pub use error::{ChangeError, CommitError, OpenError, PutError, ReadError};
pub use flags::{FlagError, MAX_FLAG_BYTES, MAX_FLAGS, MAX_FLAGS_BYTES, NewFlag};
pub use logs::{MAX_LOG_BYTES, MAX_LOG_LINES, MAX_LOG_MESSAGE_BYTES};
pub use objects::StoredObject;
pub use revisions::{Asset, ExampleOutput, LiveRevision, Revision};
pub use sweep::{SweepError, Swept};

/// An open data folder. Clones share it; it closes with the last one.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    database: Database,
    objects: Objects,
    /// Shared by everyone who writes bytes that no row refers to yet, exclusive for a sweep.
    /// Async, because a publish holds it across awaits, for seconds.
    unreferenced: Arc<RwLock<()>>,
    /// Last, so that the lock on the folder outlives the database.
    folder: DataFolder,
}

impl Store {
    /// Opens the data folder, makes it (readable by its owner only) if it is not there, migrates the database and
    /// throws away what publishes that were killed have left.
    ///
    /// Reads nothing per space, so it takes the same time with one space and with ten thousand.
    ///
    /// # Errors
    /// [`OpenError::Locked`] when another process has the folder open.
    pub async fn open(data: &Path) -> Result<Self, OpenError> {
        let (folder, leftovers) = DataFolder::open(data)?;
        let objects =
            Objects::open(&folder.objects()).map_err(|source| OpenError::Objects { source: source.into() })?;
        let database = Database::open(&folder.database()).await?;
        let inner = Inner { database, objects, unreferenced: Arc::default(), folder };
        let store = Self { inner: Arc::new(inner) };
        if leftovers {
            // A publish was killed, so there may be bytes without a row. A normal start skips this.
            if let Err(error) = store.sweep().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "unreferenced files could not be removed");
            }
        }
        Ok(store)
    }

    /// Waits for running queries, folds the write-ahead log into the database and closes it.
    pub async fn close(&self) {
        self.inner.database.close().await;
    }

    /// Where an object's bytes are, for reading or mapping. The file may be missing: see the errors of `open`.
    pub fn object_path(&self, digest: &Digest) -> PathBuf {
        self.inner.folder.object(digest)
    }

    /// Where an asset's bytes are. The same as [`Store::object_path`].
    pub fn asset_path(&self, digest: &Digest) -> PathBuf {
        self.object_path(digest)
    }
}

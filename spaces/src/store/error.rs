//! What can go wrong in the store. The database's own error types stay inside, boxed.

use std::io;
use std::path::PathBuf;

use crate::{Digest, SpaceId};

/// The cause of an error, for logs.
pub(super) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why a data folder cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("`{}` is in use by another process: one server per data folder", path.display())]
    Locked { path: PathBuf },
    #[error("`{}` cannot be used", path.display())]
    Folder {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the object store cannot be opened")]
    Objects {
        #[source]
        source: BoxError,
    },
    #[error("the database `{}` cannot be opened", path.display())]
    Database {
        path: PathBuf,
        #[source]
        source: BoxError,
    },
    #[error("the database `{}` cannot be migrated; was it written by a newer version?", path.display())]
    Migrate {
        path: PathBuf,
        #[source]
        source: BoxError,
    },
}

/// Why something cannot be read from the database.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("the database cannot be read")]
    Database(#[source] BoxError),
    /// Written by another version, or edited by hand.
    #[error("the {what} of `{id}` in the database is not valid")]
    Corrupt {
        what: &'static str,
        id: String,
        #[source]
        source: BoxError,
    },
}

/// Why a change was refused; nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    #[error("there is no space `{id}`")]
    UnknownSpace { id: SpaceId },
    #[error("space `{id}` has no revision {number}")]
    UnknownRevision { id: SpaceId, number: u64 },
    #[error("there is already a space `{id}`")]
    NameTaken { id: SpaceId },
    #[error("a space has at most {} config values and secrets", super::config::MAX_CONFIG_ENTRIES)]
    TooManyConfigEntries,
    #[error("the database cannot be changed")]
    Database(#[source] BoxError),
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Why a file was not taken into the store.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    #[error("`{}` cannot be read or moved", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("object {digest} cannot be stored")]
    Object {
        digest: Digest,
        #[source]
        source: BoxError,
    },
    #[error("the database cannot be changed")]
    Database(#[source] BoxError),
}

/// Why a revision was not committed; the old one, if any, is still live.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// A mistake of the caller: everything is put before it is committed.
    #[error("{what} {digest} has not been put into the store")]
    Missing { what: &'static str, digest: Digest },
    #[error("the server is shutting down")]
    Interrupted,
    #[error("the {what} cannot be written as JSON")]
    Encode {
        what: &'static str,
        #[source]
        source: serde_json::Error,
    },
    #[error("the database cannot be changed")]
    Database(#[source] BoxError),
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl From<sqlx::Error> for ReadError {
    fn from(source: sqlx::Error) -> Self {
        Self::Database(source.into())
    }
}

impl From<sqlx::Error> for ChangeError {
    fn from(source: sqlx::Error) -> Self {
        Self::Database(source.into())
    }
}

impl From<sqlx::Error> for PutError {
    fn from(source: sqlx::Error) -> Self {
        Self::Database(source.into())
    }
}

impl From<sqlx::Error> for CommitError {
    fn from(source: sqlx::Error) -> Self {
        Self::Database(source.into())
    }
}

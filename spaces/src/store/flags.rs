//! What visitors have flagged: inputs and outputs, kept for the author within bounds.

use serde_json::{Map, Value as Json};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use time::OffsetDateTime;

use crate::SpaceId;
use crate::view::FlagView;

use super::Store;
use super::error::{BoxError, ChangeError, ReadError};
use super::revisions::{from_micros, parse_json, rfc3339, to_i64, to_u64};

/// The most flags of a space.
pub const MAX_FLAGS: usize = 1_000;

/// The most bytes of one flag, files included.
pub const MAX_FLAG_BYTES: usize = 4 << 20;

/// The most bytes of all flags of a space.
pub const MAX_FLAGS_BYTES: usize = 32 << 20;

/// A flag to be kept.
#[derive(Debug, Clone)]
pub struct NewFlag {
    pub at: OffsetDateTime,
    pub endpoint: String,
    /// One of the author's, where the author gives any.
    pub reason: Option<String>,
    /// By name.
    pub inputs: Map<String, Json>,
    pub outputs: Map<String, Json>,
}

/// Why a flag was not kept.
#[derive(Debug, thiserror::Error)]
pub enum FlagError {
    #[error("there is no space `{id}`")]
    UnknownSpace { id: SpaceId },
    #[error("the flag has {given} bytes; at most {maximum} are kept")]
    TooLarge { given: usize, maximum: usize },
    /// Nothing goes to make room: else a visitor could push out what others have flagged.
    #[error("space `{id}` keeps no more flags until its author deletes some")]
    Full { id: SpaceId },
    #[error("the database cannot be changed")]
    Database(#[source] BoxError),
}

impl From<sqlx::Error> for FlagError {
    fn from(source: sqlx::Error) -> Self {
        Self::Database(source.into())
    }
}

impl Store {
    /// Keeps a flag of what is live; returns its id.
    ///
    /// # Errors
    /// [`FlagError`]; nothing has changed.
    pub async fn add_flag(&self, id: &SpaceId, flag: &NewFlag) -> Result<u64, FlagError> {
        let text = |map: &Map<String, Json>| serde_json::to_string(map).expect("a map of JSON is JSON");
        let (inputs, outputs) = (text(&flag.inputs), text(&flag.outputs));
        let n_bytes = inputs.len() + outputs.len();
        if n_bytes > MAX_FLAG_BYTES {
            return Err(FlagError::TooLarge { given: n_bytes, maximum: MAX_FLAG_BYTES });
        }
        let mut transaction = self.inner.database.write().await?;
        let space = sqlx::query(
            "SELECT s.id, s.live_number,
                 (SELECT COUNT(*) FROM flags f WHERE f.space_id = s.id) AS n_flags,
                 (SELECT COALESCE(SUM(f.n_bytes), 0) FROM flags f WHERE f.space_id = s.id) AS n_bytes
             FROM spaces s WHERE s.owner = ? AND s.name = ? AND s.live_number IS NOT NULL",
        )
        .bind(id.owner())
        .bind(id.name())
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or_else(|| FlagError::UnknownSpace { id: id.clone() })?;
        let kept_bytes: i64 = space.get("n_bytes");
        let is_full = space.get::<i64, _>("n_flags") >= to_i64(MAX_FLAGS as u64)
            || kept_bytes + to_i64(n_bytes as u64) > to_i64(MAX_FLAGS_BYTES as u64);
        if is_full {
            return Err(FlagError::Full { id: id.clone() });
        }
        let key: i64 = sqlx::query_scalar(
            "INSERT INTO flags (space_id, at, revision, n_bytes, endpoint, reason, inputs, outputs)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        )
        .bind(space.get::<i64, _>("id"))
        .bind(i64::try_from(flag.at.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX))
        .bind(space.get::<i64, _>("live_number"))
        .bind(to_i64(n_bytes as u64))
        .bind(&flag.endpoint)
        .bind(&flag.reason)
        .bind(inputs)
        .bind(outputs)
        .fetch_one(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(to_u64(key))
    }

    /// Flags of a space, the newest first; those before the flag `before`, where it is given. Empty if there is no such
    /// space.
    ///
    /// # Errors
    /// [`ReadError`] when the database cannot be read.
    pub async fn flags(&self, id: &SpaceId, before: Option<u64>, limit: usize) -> Result<Vec<FlagView>, ReadError> {
        let rows = sqlx::query(
            "SELECT f.id, f.at, f.revision, f.endpoint, f.reason, f.inputs, f.outputs
             FROM flags f JOIN spaces s ON s.id = f.space_id
             WHERE s.owner = ? AND s.name = ? AND f.id < ? ORDER BY f.id DESC LIMIT ?",
        )
        .bind(id.owner())
        .bind(id.name())
        .bind(before.map_or(i64::MAX, to_i64))
        .bind(to_i64(limit as u64))
        .fetch_all(self.inner.database.reader())
        .await?;
        let flag = |row: &SqliteRow| {
            Ok(FlagView {
                id: to_u64(row.get("id")),
                at: rfc3339(from_micros(row.get("at"))),
                revision: to_u64(row.get("revision")),
                endpoint: row.get("endpoint"),
                reason: row.get("reason"),
                inputs: parse_json("flag", id, row.get("inputs"))?,
                outputs: parse_json("flag", id, row.get("outputs"))?,
            })
        };
        rows.iter().map(flag).collect()
    }

    /// How many flags a space has.
    ///
    /// # Errors
    /// [`ReadError`] when the database cannot be read.
    pub async fn n_flags(&self, id: &SpaceId) -> Result<u64, ReadError> {
        let n_flags = sqlx::query_scalar(
            "SELECT COUNT(*) FROM flags f JOIN spaces s ON s.id = f.space_id WHERE s.owner = ? AND s.name = ?",
        )
        .bind(id.owner())
        .bind(id.name())
        .fetch_one(self.inner.database.reader())
        .await?;
        Ok(to_u64(n_flags))
    }

    /// Deletes one flag of a space, or all of them; tells how many that were.
    ///
    /// # Errors
    /// [`ChangeError::Database`].
    pub async fn delete_flags(&self, id: &SpaceId, flag: Option<u64>) -> Result<u64, ChangeError> {
        let mut transaction = self.inner.database.write().await?;
        let done = sqlx::query(
            "DELETE FROM flags WHERE space_id = (SELECT id FROM spaces WHERE owner = ?1 AND name = ?2)
                 AND (?3 IS NULL OR id = ?3)",
        )
        .bind(id.owner())
        .bind(id.name())
        .bind(flag.map(to_i64))
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(done.rows_affected())
    }
}

//! Settings of the server, and the config and secrets of spaces.

use sqlx::Row as _;

use crate::SpaceId;

use super::Store;
use super::error::{ChangeError, ReadError};

const ADMIN_TOKEN_HASH: &str = "admin_token_hash";

/// The most values of a space.
pub const MAX_CONFIG_ENTRIES: usize = 100;

/// The longest key, in bytes.
pub const MAX_CONFIG_KEY_BYTES: usize = 64;

/// The longest value, in bytes.
pub const MAX_CONFIG_VALUE_BYTES: usize = 16 << 10;

/// A value that a space's app reads through its `config` interface.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfigEntry {
    pub key: String,
    pub value: String,
    /// True where the value must not be shown again.
    pub secret: bool,
}

impl std::fmt::Debug for ConfigEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = if self.secret { "(secret)" } else { &self.value };
        f.debug_struct("ConfigEntry").field("key", &self.key).field("value", &value).finish()
    }
}

impl ConfigEntry {
    /// Whether a text may be a key: letters, digits, `_`, `-` and `.`, a letter or `_` first.
    pub fn is_key(text: &str) -> bool {
        let may_follow = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
        text.len() <= MAX_CONFIG_KEY_BYTES
            && text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
            && text.bytes().all(may_follow)
    }
}

impl Store {
    /// The hash of the admin token; none before the first start.
    ///
    /// # Errors
    /// [`ReadError`] when the database cannot be read.
    pub async fn admin_token_hash(&self) -> Result<Option<String>, ReadError> {
        let value = sqlx::query_scalar("SELECT value FROM settings WHERE key = ?")
            .bind(ADMIN_TOKEN_HASH)
            .fetch_optional(self.inner.database.reader())
            .await?;
        Ok(value)
    }

    /// Replaces the hash of the admin token.
    ///
    /// # Errors
    /// [`ChangeError::Database`].
    pub async fn set_admin_token_hash(&self, hash: &str) -> Result<(), ChangeError> {
        let mut transaction = self.inner.database.write().await?;
        sqlx::query("INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value")
            .bind(ADMIN_TOKEN_HASH)
            .bind(hash)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The config and secrets of a space, ordered by key; empty if there is no such space.
    ///
    /// # Errors
    /// [`ReadError`] when the database cannot be read.
    pub async fn config(&self, id: &SpaceId) -> Result<Vec<ConfigEntry>, ReadError> {
        let rows = sqlx::query(
            "SELECT c.key, c.value, c.secret FROM space_config c JOIN spaces s ON s.id = c.space_id
             WHERE s.owner = ? AND s.name = ? ORDER BY c.key",
        )
        .bind(id.owner())
        .bind(id.name())
        .fetch_all(self.inner.database.reader())
        .await?;
        let entry = |row: &sqlx::sqlite::SqliteRow| ConfigEntry {
            key: row.get("key"),
            value: row.get("value"),
            secret: row.get("secret"),
        };
        Ok(rows.iter().map(entry).collect())
    }

    /// Sets one value. It may come before the first publish: the space then exists, with nothing live.
    ///
    /// # Errors
    /// [`ChangeError::TooManyConfigEntries`] beyond [`MAX_CONFIG_ENTRIES`].
    pub async fn set_config(&self, id: &SpaceId, entry: &ConfigEntry) -> Result<(), ChangeError> {
        let mut transaction = self.inner.database.write().await?;
        let space_id = super::spaces::insert_if_new(&mut transaction, id).await?;
        sqlx::query(
            "INSERT INTO space_config (space_id, key, value, secret) VALUES (?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET value = excluded.value, secret = excluded.secret",
        )
        .bind(space_id)
        .bind(&entry.key)
        .bind(&entry.value)
        .bind(entry.secret)
        .execute(&mut *transaction)
        .await?;
        let n_entries: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM space_config WHERE space_id = ?")
            .bind(space_id)
            .fetch_one(&mut *transaction)
            .await?;
        if super::revisions::to_u64(n_entries) > MAX_CONFIG_ENTRIES as u64 {
            return Err(ChangeError::TooManyConfigEntries);
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Removes one value; tells whether it was there.
    ///
    /// # Errors
    /// [`ChangeError::Database`].
    pub async fn remove_config(&self, id: &SpaceId, key: &str) -> Result<bool, ChangeError> {
        let mut transaction = self.inner.database.write().await?;
        let done = sqlx::query(
            "DELETE FROM space_config WHERE key = ? AND space_id = (SELECT id FROM spaces WHERE owner = ? AND name = ?)",
        )
        .bind(key)
        .bind(id.owner())
        .bind(id.name())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(done.rows_affected() > 0)
    }
}

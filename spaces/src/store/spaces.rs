//! The space itself: who may see it, and its end.

use sqlx::{Sqlite, Transaction};
use time::OffsetDateTime;

use crate::SpaceId;
use crate::manifest::Visibility;

use super::Store;
use super::error::ChangeError;
use super::revisions::{to_micros, visibility_text};

impl Store {
    /// Changes who may see and use a space.
    ///
    /// # Errors
    /// [`ChangeError::UnknownSpace`].
    pub async fn set_visibility(&self, id: &SpaceId, visibility: Visibility) -> Result<(), ChangeError> {
        let mut transaction = self.inner.database.write().await?;
        let done = sqlx::query("UPDATE spaces SET visibility = ? WHERE owner = ? AND name = ?")
            .bind(visibility_text(visibility))
            .bind(id.owner())
            .bind(id.name())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        changed_one(id, done.rows_affected())
    }

    /// Features a space in the gallery, before those that were featured earlier; or no longer.
    ///
    /// # Errors
    /// [`ChangeError::UnknownSpace`].
    pub async fn set_featured(&self, id: &SpaceId, since: Option<OffsetDateTime>) -> Result<(), ChangeError> {
        let mut transaction = self.inner.database.write().await?;
        let done = sqlx::query("UPDATE spaces SET featured_at = ? WHERE owner = ? AND name = ?")
            .bind(since.map(to_micros))
            .bind(id.owner())
            .bind(id.name())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        changed_one(id, done.rows_affected())
    }

    /// Removes a space with its revisions, config and logs, and then the bytes that nothing else uses.
    ///
    /// Where a publish is running, the bytes go with a later sweep.
    ///
    /// # Errors
    /// [`ChangeError::UnknownSpace`].
    pub async fn delete(&self, id: &SpaceId) -> Result<(), ChangeError> {
        let mut transaction = self.inner.database.write().await?;
        let done = sqlx::query("DELETE FROM spaces WHERE owner = ? AND name = ?")
            .bind(id.owner())
            .bind(id.name())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        changed_one(id, done.rows_affected())?;
        tracing::info!(space.id = %id, "space `{id}` is deleted");
        if let Err(error) = self.sweep().await {
            // The space is gone all the same, and the next sweep tries again.
            tracing::warn!(error = &error as &dyn std::error::Error, "files of space `{id}` could not be removed");
        }
        Ok(())
    }
}

fn changed_one(id: &SpaceId, n_rows: u64) -> Result<(), ChangeError> {
    match n_rows {
        0 => Err(ChangeError::UnknownSpace { id: id.clone() }),
        _ => Ok(()),
    }
}

/// The row id of a space, which is made (public, nothing live) if it is not there.
pub(super) async fn insert_if_new(
    transaction: &mut Transaction<'static, Sqlite>,
    id: &SpaceId,
) -> Result<i64, sqlx::Error> {
    sqlx::query("INSERT INTO spaces (owner, name) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .bind(id.owner())
        .bind(id.name())
        .execute(&mut **transaction)
        .await?;
    sqlx::query_scalar("SELECT id FROM spaces WHERE owner = ? AND name = ?")
        .bind(id.owner())
        .bind(id.name())
        .fetch_one(&mut **transaction)
        .await
}

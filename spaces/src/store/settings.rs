//! The owner's settings of a space, beside its revisions.

use sqlx::{Row as _, Sqlite, Transaction};

use crate::SpaceId;
use crate::interface::Interface;
use crate::manifest::Manifest;
use crate::settings::SpaceSettings;

use super::Store;
use super::error::{ChangeError, ReadError};
use super::listing::Card;
use super::revisions::parse_json;

impl Store {
    /// The settings of a space; the empty ones where nobody has set any.
    ///
    /// # Errors
    /// [`ReadError`] when the database cannot be read.
    pub async fn settings(&self, id: &SpaceId) -> Result<SpaceSettings, ReadError> {
        let text: Option<String> = sqlx::query_scalar(
            "SELECT c.settings FROM space_settings c JOIN spaces s ON s.id = c.space_id WHERE s.owner = ? AND s.name = ?",
        )
        .bind(id.owner())
        .bind(id.name())
        .fetch_optional(self.inner.database.reader())
        .await?;
        text.map_or(Ok(SpaceSettings::default()), |text| parse_json("settings", id, &text))
    }

    /// Changes the settings of a space that serves; of two changes at a time none is lost. The caller has checked them.
    ///
    /// # Errors
    /// [`ChangeError::UnknownSpace`].
    pub async fn change_settings(
        &self,
        id: &SpaceId,
        change: impl FnOnce(&mut SpaceSettings) + Send,
    ) -> Result<(), ChangeError> {
        let mut transaction = self.inner.database.write().await?;
        let row = sqlx::query(
            "SELECT s.id, c.settings FROM spaces s LEFT JOIN space_settings c ON c.space_id = s.id
             WHERE s.owner = ? AND s.name = ? AND s.live_number IS NOT NULL",
        )
        .bind(id.owner())
        .bind(id.name())
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or_else(|| ChangeError::UnknownSpace { id: id.clone() })?;
        let (space_id, text): (i64, Option<&str>) = (row.get("id"), row.get("settings"));
        let mut settings = text.map_or(Ok(SpaceSettings::default()), |text| parse_json("settings", id, text))?;
        change(&mut settings);
        let text = serde_json::to_string(&settings).expect("settings are plain data");
        sqlx::query(
            "INSERT INTO space_settings (space_id, settings, title, summary, tags, search_text)
             VALUES (?, ?, '', '', '[]', '') ON CONFLICT DO UPDATE SET settings = excluded.settings",
        )
        .bind(space_id)
        .bind(text)
        .execute(&mut *transaction)
        .await?;
        refresh_card(&mut transaction, id).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Makes anew how the gallery shows a space whose owner has set something; of the others the revision's own card is
/// shown. Called with every change of the live revision or of the settings.
pub(super) async fn refresh_card(
    transaction: &mut Transaction<'static, Sqlite>,
    id: &SpaceId,
) -> Result<(), ReadError> {
    let row = sqlx::query(
        "SELECT c.space_id, c.settings, d.manifest, d.interface FROM space_settings c
         JOIN spaces s ON s.id = c.space_id
         JOIN revisions r ON r.space_id = s.id AND r.number = s.live_number
         JOIN revision_documents d ON d.revision_id = r.id WHERE s.owner = ? AND s.name = ?",
    )
    .bind(id.owner())
    .bind(id.name())
    .fetch_optional(&mut **transaction)
    .await?;
    let Some(row) = row else { return Ok(()) };
    let settings: SpaceSettings = parse_json("settings", id, row.get("settings"))?;
    let mut manifest: Manifest = parse_json("manifest", id, row.get("manifest"))?;
    let mut interface: Interface = parse_json("interface", id, row.get("interface"))?;
    settings.apply(&mut manifest, &mut interface);
    let card = Card::of(id, &manifest, &interface);
    sqlx::query("UPDATE space_settings SET title = ?, summary = ?, tags = ?, search_text = ? WHERE space_id = ?")
        .bind(&card.title)
        .bind(&card.summary)
        .bind(serde_json::to_string(&card.tags).expect("tags are plain data"))
        .bind(card.search_text(id))
        .bind(row.get::<i64, _>("space_id"))
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

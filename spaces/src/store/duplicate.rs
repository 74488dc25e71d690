//! A copy of a space under another name.

use sqlx::Row as _;
use time::OffsetDateTime;

use crate::SpaceId;
use crate::interface::Interface;
use crate::manifest::{Manifest, Visibility};

use super::Store;
use super::error::ChangeError;
use super::listing::Card;
use super::revisions::{parse_json, to_micros, visibility_text};

impl Store {
    /// Copies what a space serves, with its owner's settings, to a space that is not there yet: its first revision is of
    /// the same bytes, none of which are copied. It is private; config and secrets stay where they are.
    ///
    /// # Errors
    /// [`ChangeError::UnknownSpace`], or [`ChangeError::NameTaken`].
    pub async fn duplicate(
        &self,
        from: &SpaceId,
        to: &SpaceId,
        published_by: &str,
        at: OffsetDateTime,
    ) -> Result<(), ChangeError> {
        let mut transaction = self.inner.database.write().await?;
        let row = sqlx::query(
            "SELECT r.id, d.manifest, d.interface FROM spaces s
             JOIN revisions r ON r.space_id = s.id AND r.number = s.live_number
             JOIN revision_documents d ON d.revision_id = r.id WHERE s.owner = ? AND s.name = ?",
        )
        .bind(from.owner())
        .bind(from.name())
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or_else(|| ChangeError::UnknownSpace { id: from.clone() })?;
        let taken: Option<i64> = sqlx::query_scalar("SELECT id FROM spaces WHERE owner = ? AND name = ?")
            .bind(to.owner())
            .bind(to.name())
            .fetch_optional(&mut *transaction)
            .await?;
        if taken.is_some() {
            return Err(ChangeError::NameTaken { id: to.clone() });
        }
        let original: i64 = row.get("id");
        let manifest: Manifest = parse_json("manifest", from, row.get("manifest"))?;
        let interface: Interface = parse_json("interface", from, row.get("interface"))?;
        let card = Card::of(to, &manifest, &interface);
        let space_id = super::spaces::insert_if_new(&mut transaction, to).await?;
        let copy: i64 = sqlx::query_scalar(
            "INSERT INTO revisions (space_id, number, kind, engine, bundle_digest, bundle_bytes, component_digest,
                 created_at, title, summary, emoji, license, tags, search_text, published_by, task, thumbnail,
                 accent)
             SELECT ?, 1, kind, engine, bundle_digest, bundle_bytes, component_digest, ?, ?, ?, emoji, license, tags, ?,
                 ?, task, thumbnail, accent
             FROM revisions WHERE id = ? RETURNING id",
        )
        .bind(space_id)
        .bind(to_micros(at))
        .bind(&card.title)
        .bind(&card.summary)
        .bind(card.search_text(to))
        .bind(published_by)
        .bind(original)
        .fetch_one(&mut *transaction)
        .await?;
        for copying in [
            "INSERT INTO revision_documents (revision_id, manifest, interface)
             SELECT ?1, manifest, interface FROM revision_documents WHERE revision_id = ?2",
            "INSERT INTO example_outputs (revision_id, endpoint, example, digest)
             SELECT ?1, endpoint, example, digest FROM example_outputs WHERE revision_id = ?2",
            "INSERT INTO revision_tags (tag, revision_id)
             SELECT tag, ?1 FROM revision_tags WHERE revision_id = ?2",
            "INSERT INTO assets (revision_id, path, digest, size_bytes, mime_type)
             SELECT ?1, path, digest, size_bytes, mime_type FROM assets WHERE revision_id = ?2",
        ] {
            sqlx::query(copying).bind(copy).bind(original).execute(&mut *transaction).await?;
        }
        sqlx::query(
            "INSERT INTO space_settings (space_id, settings, title, summary, tags, search_text)
             SELECT ?, c.settings, '', '', '[]', '' FROM space_settings c JOIN spaces s ON s.id = c.space_id
             WHERE s.owner = ? AND s.name = ?",
        )
        .bind(space_id)
        .bind(from.owner())
        .bind(from.name())
        .execute(&mut *transaction)
        .await?;
        sqlx::query("UPDATE spaces SET live_number = 1, visibility = ? WHERE id = ?")
            .bind(visibility_text(Visibility::Private))
            .bind(space_id)
            .execute(&mut *transaction)
            .await?;
        super::settings::refresh_card(&mut transaction, to).await?;
        transaction.commit().await?;
        tracing::info!(space.id = %to, "space `{to}` is a copy of `{from}`");
        Ok(())
    }
}

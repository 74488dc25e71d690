//! Immutable revisions: reading them, and choosing which one is live.

use std::fmt;
use std::str::FromStr;

use serde::de::DeserializeOwned;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::interface::Interface;
use crate::manifest::{Manifest, Visibility};
use crate::view::{AppKind, RevisionView};
use crate::{Digest, SpaceId};

use super::Store;
use super::error::{ChangeError, ReadError};
use super::objects::StoredObject;

/// One immutable upload.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// Unique in this data folder and never given again, also after a space was deleted: fit to key a cache.
    pub key: i64,
    pub space: SpaceId,
    /// Counts from 1 within the space.
    pub number: u64,
    pub kind: AppKind,
    /// The upload as it came.
    pub bundle: StoredObject,
    /// An object; [`Store::artefact`] finds what it was compiled to.
    pub component: Digest,
    /// The engine version at the time of the publish.
    pub engine: String,
    pub manifest: Manifest,
    pub interface: Interface,
    /// Ordered by path.
    pub assets: Vec<Asset>,
    /// What its examples gave; those that were not kept are missing.
    pub example_outputs: Vec<ExampleOutput>,
    pub created_at: OffsetDateTime,
}

impl Revision {
    /// The bundle's files that visitors may have, ordered by path. A model that is kept for the host is none of them.
    pub fn public_assets(&self) -> impl Iterator<Item = &Asset> {
        self.assets.iter().filter(|asset| self.kind != AppKind::Onnx || self.manifest.app.as_ref() != Some(&asset.path))
    }
}

/// A file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// The name in the bundle, with `/` between its parts.
    pub path: String,
    pub digest: Digest,
    pub size_bytes: u64,
    pub mime_type: String,
}

/// What an example gave when its revision was published: an object with the JSON of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExampleOutput {
    /// The endpoint's index in the interface.
    pub endpoint: usize,
    /// The example's index in the endpoint.
    pub example: usize,
    pub digest: Digest,
}

/// The revision that a space serves, with who may use it.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveRevision {
    pub visibility: Visibility,
    pub revision: Revision,
}

const SELECT_REVISION: &str = "SELECT r.id, s.owner, s.name, s.visibility, r.number, r.kind, r.engine, r.bundle_digest,
     r.bundle_bytes, r.component_digest, r.created_at, d.manifest, d.interface
 FROM spaces s
 JOIN revisions r ON r.space_id = s.id
 JOIN revision_documents d ON d.revision_id = r.id
 WHERE s.owner = ?1 AND s.name = ?2 AND r.number = COALESCE(?3, s.live_number)";

impl Store {
    /// The revision that the space serves, with its owner's settings over it; none if there is no such space or nothing
    /// is live.
    ///
    /// # Errors
    /// [`ReadError`] when the database cannot be read.
    pub async fn live_revision(&self, id: &SpaceId) -> Result<Option<LiveRevision>, ReadError> {
        self.served(id, None).await
    }

    /// Revision `number` as the space would serve it, with its owner's settings over it.
    ///
    /// # Errors
    /// [`ReadError`] when the database cannot be read.
    pub async fn preview(&self, id: &SpaceId, number: u64) -> Result<Option<LiveRevision>, ReadError> {
        self.served(id, Some(number)).await
    }

    async fn served(&self, id: &SpaceId, number: Option<u64>) -> Result<Option<LiveRevision>, ReadError> {
        let Some(mut live) = self.load(id, number).await? else { return Ok(None) };
        let Revision { manifest, interface, .. } = &mut live.revision;
        self.settings(id).await?.apply(manifest, interface);
        Ok(Some(live))
    }

    /// Revision `number` of a space, as it was published.
    ///
    /// # Errors
    /// [`ReadError`] when the database cannot be read.
    pub async fn revision(&self, id: &SpaceId, number: u64) -> Result<Option<Revision>, ReadError> {
        Ok(self.load(id, Some(number)).await?.map(|live| live.revision))
    }

    /// All revisions of a space, newest first; none if there is no such space.
    ///
    /// # Errors
    /// [`ReadError`] when the database cannot be read.
    pub async fn revisions(&self, id: &SpaceId) -> Result<Vec<RevisionView>, ReadError> {
        let rows = sqlx::query(
            "SELECT r.number, r.number = s.live_number AS live, r.bundle_digest, r.bundle_bytes, r.created_at,
                 r.published_by
             FROM spaces s JOIN revisions r ON r.space_id = s.id
             WHERE s.owner = ? AND s.name = ? ORDER BY r.number DESC",
        )
        .bind(id.owner())
        .bind(id.name())
        .fetch_all(self.inner.database.reader())
        .await?;
        let view = |row: &SqliteRow| {
            Ok(RevisionView {
                number: to_u64(row.get("number")),
                live: row.get::<Option<bool>, _>("live").unwrap_or(false),
                digest: parse_column("bundle digest", id, row.get("bundle_digest"))?,
                size_bytes: to_u64(row.get("bundle_bytes")),
                created_at: rfc3339(from_micros(row.get("created_at"))),
                published_by: row.get("published_by"),
            })
        };
        rows.iter().map(view).collect()
    }

    /// Makes an older (or newer) revision live, in one transaction. Of two at a time, the later one wins.
    ///
    /// # Errors
    /// [`ChangeError::UnknownSpace`] or [`ChangeError::UnknownRevision`]; the old revision is still live.
    pub async fn activate(&self, id: &SpaceId, number: u64) -> Result<RevisionView, ChangeError> {
        let mut transaction = self.inner.database.write().await?;
        let row = sqlx::query(
            "SELECT s.id, r.number, r.bundle_digest, r.bundle_bytes, r.created_at, r.published_by
             FROM spaces s LEFT JOIN revisions r ON r.space_id = s.id AND r.number = ?
             WHERE s.owner = ? AND s.name = ?",
        )
        .bind(to_i64(number))
        .bind(id.owner())
        .bind(id.name())
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or_else(|| ChangeError::UnknownSpace { id: id.clone() })?;
        if row.get::<Option<i64>, _>("number").is_none() {
            return Err(ChangeError::UnknownRevision { id: id.clone(), number });
        }
        sqlx::query("UPDATE spaces SET live_number = ? WHERE id = ?")
            .bind(to_i64(number))
            .bind(row.get::<i64, _>("id"))
            .execute(&mut *transaction)
            .await?;
        super::settings::refresh_card(&mut transaction, id).await?;
        transaction.commit().await?;
        tracing::info!(space.id = %id, revision.number = number, "revision {number} of space `{id}` is live");
        Ok(RevisionView {
            number,
            live: true,
            digest: parse_column("bundle digest", id, row.get("bundle_digest"))?,
            size_bytes: to_u64(row.get("bundle_bytes")),
            created_at: rfc3339(from_micros(row.get("created_at"))),
            published_by: row.get("published_by"),
        })
    }

    async fn load(&self, id: &SpaceId, number: Option<u64>) -> Result<Option<LiveRevision>, ReadError> {
        let row = sqlx::query(SELECT_REVISION)
            .bind(id.owner())
            .bind(id.name())
            .bind(number.map(to_i64))
            .fetch_optional(self.inner.database.reader())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let key: i64 = row.get("id");
        // The revision cannot change in between; deleted with its space, it has no assets, and neither can be used.
        let assets =
            sqlx::query("SELECT path, digest, size_bytes, mime_type FROM assets WHERE revision_id = ? ORDER BY path")
                .bind(key)
                .fetch_all(self.inner.database.reader())
                .await?;
        let outputs = sqlx::query("SELECT endpoint, example, digest FROM example_outputs WHERE revision_id = ?")
            .bind(key)
            .fetch_all(self.inner.database.reader())
            .await?;
        let output = |row: &SqliteRow| {
            Ok(ExampleOutput {
                endpoint: to_u64(row.get("endpoint")) as usize,
                example: to_u64(row.get("example")) as usize,
                digest: parse_column("example's output", id, row.get("digest"))?,
            })
        };
        let asset = |row: &SqliteRow| {
            Ok(Asset {
                path: row.get("path"),
                digest: parse_column("asset digest", id, row.get("digest"))?,
                size_bytes: to_u64(row.get("size_bytes")),
                mime_type: row.get("mime_type"),
            })
        };
        let revision = Revision {
            key,
            space: id.clone(),
            number: to_u64(row.get("number")),
            kind: parse_column("kind", id, row.get("kind"))?,
            bundle: StoredObject {
                digest: parse_column("bundle digest", id, row.get("bundle_digest"))?,
                size_bytes: to_u64(row.get("bundle_bytes")),
            },
            component: parse_column("component digest", id, row.get("component_digest"))?,
            engine: row.get("engine"),
            manifest: parse_json("manifest", id, row.get("manifest"))?,
            interface: parse_json("interface", id, row.get("interface"))?,
            assets: assets.iter().map(asset).collect::<Result<_, ReadError>>()?,
            example_outputs: outputs.iter().map(output).collect::<Result<_, ReadError>>()?,
            created_at: from_micros(row.get("created_at")),
        };
        Ok(Some(LiveRevision { visibility: parse_visibility(id, row.get("visibility"))?, revision }))
    }
}

pub(super) fn visibility_text(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Unlisted => "unlisted",
        Visibility::Private => "private",
    }
}

pub(super) fn parse_visibility(id: &SpaceId, text: &str) -> Result<Visibility, ReadError> {
    match text {
        "public" => Ok(Visibility::Public),
        "unlisted" => Ok(Visibility::Unlisted),
        "private" => Ok(Visibility::Private),
        _ => Err(ReadError::Corrupt { what: "visibility", id: id.to_string(), source: text.into() }),
    }
}

pub(super) fn parse_column<T>(what: &'static str, id: &dyn fmt::Display, text: &str) -> Result<T, ReadError>
where
    T: FromStr<Err: Into<super::error::BoxError>>,
{
    text.parse().map_err(|source: T::Err| ReadError::Corrupt { what, id: id.to_string(), source: source.into() })
}

pub(super) fn parse_json<T: DeserializeOwned>(what: &'static str, id: &SpaceId, text: &str) -> Result<T, ReadError> {
    serde_json::from_str(text).map_err(|source| ReadError::Corrupt { what, id: id.to_string(), source: source.into() })
}

pub(super) fn from_micros(micros: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

pub(super) fn to_micros(at: OffsetDateTime) -> i64 {
    // Within i64 for a quarter of a million years, which `OffsetDateTime` does not reach.
    i64::try_from(at.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
}

pub(super) fn rfc3339(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).expect("years 0 to 9999 have an RFC 3339 form, and uploads happen in those")
}

/// SQLite's integers are signed. Counts and sizes never reach the top bit; what does is refused by a CHECK.
pub(super) fn to_i64(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

pub(super) fn to_u64(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

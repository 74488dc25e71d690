//! What calls have cost, kept for as long as somebody looks at it: minutes for a day, hours for weeks, days for a year.

use std::collections::BTreeMap;
use std::str::FromStr;

use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, Sqlite, Transaction};
use time::{Duration, OffsetDateTime};

use crate::SpaceId;
use crate::usage::{Histogram, Usage};
use crate::view::{MetricsRange, MetricsView};

use super::Store;
use super::error::{ChangeError, ReadError};
use super::revisions::{to_i64, to_u64};

/// Spaces in one transaction, so that a publish need not wait for a thousand of them.
const BATCH: usize = 200;

/// The steps that are kept, in seconds, and how long each is.
const KEPT: [(i64, Duration); 3] = [
    (MINUTE, Duration::hours(26)),
    // A little more than what a page shows, so that its oldest point is whole.
    (HOUR, Duration::weeks(5)),
    (DAY, Duration::weeks(53)),
];

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

impl Store {
    /// Counts calls of the minute `at`. Those of spaces that are no longer there are left out.
    ///
    /// # Errors
    /// [`ChangeError::Database`], with what was not kept in `usage`.
    pub async fn add_usage(&self, at: OffsetDateTime, usage: &mut Vec<(SpaceId, Usage)>) -> Result<(), ChangeError> {
        while !usage.is_empty() {
            let batch = &usage[usage.len().saturating_sub(BATCH)..];
            let mut transaction = self.inner.database.write().await?;
            for (id, usage) in batch {
                add(&mut transaction, id, at.unix_timestamp(), usage).await?;
            }
            transaction.commit().await?;
            let n_left = usage.len().saturating_sub(BATCH);
            usage.truncate(n_left);
        }
        Ok(())
    }

    /// The calls of a space until `now`; all zero if there is no such space.
    ///
    /// # Errors
    /// [`ReadError`] when the database cannot be read.
    pub async fn metrics(
        &self,
        id: &SpaceId,
        range: MetricsRange,
        now: OffsetDateTime,
    ) -> Result<MetricsView, ReadError> {
        let step = i64::from(range.step_seconds());
        let first = begin(now.unix_timestamp(), step) - step * (i64::from(range.n_points()) - 1);
        let rows = sqlx::query(
            "SELECT u.at, u.requests, u.errors, u.latency, u.instantiate, u.memory_bytes
             FROM usage u JOIN spaces s ON s.id = u.space_id
             WHERE s.owner = ? AND s.name = ? AND u.step = ? AND u.at >= ?",
        )
        .bind(id.owner())
        .bind(id.name())
        .bind(if step < HOUR { MINUTE } else { HOUR })
        .bind(first)
        .fetch_all(self.inner.database.reader())
        .await?;
        let mut points = BTreeMap::<i64, Usage>::new();
        for row in &rows {
            points.entry(begin(row.get("at"), step)).or_default().add(&read(id, row)?);
        }
        let usage = (0..i64::from(range.n_points())).map(|index| {
            let at = first + index * step;
            (OffsetDateTime::from_unix_timestamp(at).unwrap_or(now), points.remove(&at).unwrap_or_default())
        });
        Ok(MetricsView::new(range, usage.collect()))
    }

    /// How often each space was called today and on the days before it, `n_days` in all; spaces without a call are
    /// left out.
    ///
    /// Reads one index of a few rows for each space: fit to sort a gallery by.
    ///
    /// # Errors
    /// [`ReadError`] when the database cannot be read.
    pub async fn recent_calls(&self, n_days: u32, now: OffsetDateTime) -> Result<Vec<(SpaceId, u64)>, ReadError> {
        let first = begin(now.unix_timestamp(), DAY) - DAY * (i64::from(n_days) - 1);
        let rows = sqlx::query(
            "SELECT s.owner, s.name, recent.calls
             FROM (SELECT space_id, SUM(requests) AS calls FROM usage WHERE step = 86400 AND at >= ?
                   GROUP BY space_id) recent
             JOIN spaces s ON s.id = recent.space_id ORDER BY recent.calls DESC",
        )
        .bind(first)
        .fetch_all(self.inner.database.reader())
        .await?;
        let calls = |row: &SqliteRow| {
            let text = format!("{}/{}", row.get::<&str, _>("owner"), row.get::<&str, _>("name"));
            let corrupt = |source| ReadError::Corrupt { what: "id", id: text.clone(), source: Box::new(source) };
            Ok((SpaceId::from_str(&text).map_err(corrupt)?, to_u64(row.get("calls"))))
        };
        rows.iter().map(calls).collect()
    }

    /// Forgets what is older than anybody is shown.
    ///
    /// # Errors
    /// [`ChangeError::Database`].
    pub async fn sweep_usage(&self, now: OffsetDateTime) -> Result<(), ChangeError> {
        for (step, kept) in KEPT {
            let mut transaction = self.inner.database.write().await?;
            sqlx::query("DELETE FROM usage WHERE step = ? AND at < ?")
                .bind(step)
                .bind((now - kept).unix_timestamp())
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
        }
        Ok(())
    }
}

async fn add(
    transaction: &mut Transaction<'static, Sqlite>,
    id: &SpaceId,
    at: i64,
    usage: &Usage,
) -> Result<(), ChangeError> {
    let space_id: Option<i64> = sqlx::query_scalar("SELECT id FROM spaces WHERE owner = ? AND name = ?")
        .bind(id.owner())
        .bind(id.name())
        .fetch_optional(&mut **transaction)
        .await?;
    let Some(space_id) = space_id else {
        return Ok(());
    };
    for (step, _) in KEPT {
        let at = begin(at, step);
        let kept = sqlx::query(
            "SELECT requests, errors, latency, instantiate, memory_bytes FROM usage
             WHERE space_id = ? AND step = ? AND at = ?",
        )
        .bind(space_id)
        .bind(step)
        .bind(at)
        .fetch_optional(&mut **transaction)
        .await?;
        let mut sum = usage.clone();
        // What cannot be read is not worth losing what comes for.
        if let Some(Ok(kept)) = kept.map(|row| read(id, &row)) {
            sum.add(&kept);
        }
        sqlx::query(
            "INSERT OR REPLACE INTO usage (space_id, step, at, requests, errors, latency, instantiate, memory_bytes)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(space_id)
        .bind(step)
        .bind(at)
        .bind(to_i64(sum.requests))
        .bind(to_i64(sum.errors))
        .bind(sum.latency.to_bytes())
        .bind(sum.instantiate.to_bytes())
        .bind(to_i64(sum.memory_bytes))
        .execute(&mut **transaction)
        .await?;
    }
    Ok(())
}

fn read(id: &SpaceId, row: &SqliteRow) -> Result<Usage, ReadError> {
    let histogram = |column: &str| {
        let corrupt = || ReadError::Corrupt { what: "usage", id: id.to_string(), source: "no histogram".into() };
        Histogram::from_bytes(row.get(column)).ok_or_else(corrupt)
    };
    Ok(Usage {
        requests: to_u64(row.get("requests")),
        errors: to_u64(row.get("errors")),
        latency: histogram("latency")?,
        instantiate: histogram("instantiate")?,
        memory_bytes: to_u64(row.get("memory_bytes")),
    })
}

/// When the step begins that holds `at`.
fn begin(at: i64, step: i64) -> i64 {
    at - at.rem_euclid(step)
}

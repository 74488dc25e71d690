//! Guests' logs: the newest lines of each space, within bounds.

use sqlx::{Row as _, Sqlite, Transaction};

use crate::SpaceId;
use crate::view::{LogLevel, LogLine};

use super::Store;
use super::error::{ChangeError, ReadError};
use super::revisions::to_i64;

/// The most lines kept of a space.
pub const MAX_LOG_LINES: usize = 10_000;

/// The most bytes of messages kept of a space.
pub const MAX_LOG_BYTES: usize = 1 << 20;

/// The longest message; the rest of a longer one is cut off.
pub const MAX_LOG_MESSAGE_BYTES: usize = 16 << 10;

impl Store {
    /// Appends lines, in order, and drops the oldest beyond the bounds. Unknown spaces have no log: nothing happens.
    ///
    /// One call is one transaction and one disk sync, so collect lines (of a second, say) first.
    ///
    /// # Errors
    /// [`ChangeError::Database`]; none of the lines is kept.
    pub async fn append_logs(&self, id: &SpaceId, lines: &[LogLine]) -> Result<(), ChangeError> {
        // What could not stay is not written at all.
        let lines = &lines[lines.len().saturating_sub(MAX_LOG_LINES)..];
        if lines.is_empty() {
            return Ok(());
        }
        let mut transaction = self.inner.database.write().await?;
        let space_id: Option<i64> = sqlx::query_scalar("SELECT id FROM spaces WHERE owner = ? AND name = ?")
            .bind(id.owner())
            .bind(id.name())
            .fetch_optional(&mut *transaction)
            .await?;
        let Some(space_id) = space_id else {
            return Ok(());
        };
        let mut n_bytes = 0;
        for line in lines {
            let message = cut(&line.message);
            n_bytes += message.len();
            sqlx::query("INSERT INTO logs (space_id, at, level, invocation, message) VALUES (?, ?, ?, ?, ?)")
                .bind(space_id)
                .bind(&line.at)
                .bind(level_text(line.level))
                .bind(&line.invocation)
                .bind(message)
                .execute(&mut *transaction)
                .await?;
        }
        let usage = sqlx::query(
            "INSERT INTO log_usage (space_id, n_lines, n_bytes) VALUES (?, ?, ?)
             ON CONFLICT DO UPDATE SET n_lines = n_lines + excluded.n_lines, n_bytes = n_bytes + excluded.n_bytes
             RETURNING n_lines, n_bytes",
        )
        .bind(space_id)
        .bind(to_i64(lines.len() as u64))
        .bind(to_i64(n_bytes as u64))
        .fetch_one(&mut *transaction)
        .await?;
        let (n_lines, n_bytes): (i64, i64) = (usage.get("n_lines"), usage.get("n_bytes"));
        if n_lines > to_i64(MAX_LOG_LINES as u64) || n_bytes > to_i64(MAX_LOG_BYTES as u64) {
            trim(&mut transaction, space_id).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The last `limit` lines of a space, oldest first; empty if there is no such space.
    ///
    /// # Errors
    /// [`ReadError`] when the database cannot be read.
    pub async fn logs(&self, id: &SpaceId, limit: usize) -> Result<Vec<LogLine>, ReadError> {
        let rows = sqlx::query(
            "SELECT l.at, l.level, l.invocation, l.message FROM logs l JOIN spaces s ON s.id = l.space_id
             WHERE s.owner = ? AND s.name = ? ORDER BY l.id DESC LIMIT ?",
        )
        .bind(id.owner())
        .bind(id.name())
        .bind(to_i64(limit as u64))
        .fetch_all(self.inner.database.reader())
        .await?;
        let line = |row: &sqlx::sqlite::SqliteRow| LogLine {
            at: row.get("at"),
            level: parse_level(row.get("level")),
            invocation: row.get("invocation"),
            message: row.get("message"),
        };
        Ok(rows.iter().rev().map(line).collect())
    }
}

/// Drops the oldest lines until nine tenths of the bounds are left, so that the next appends need not trim again.
async fn trim(transaction: &mut Transaction<'static, Sqlite>, space_id: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "DELETE FROM logs WHERE space_id = ?1 AND id <= (
             SELECT MAX(id) FROM (
                 SELECT id, ROW_NUMBER() OVER newest AS n_lines, SUM(OCTET_LENGTH(message)) OVER newest AS n_bytes
                 FROM logs WHERE space_id = ?1
                 WINDOW newest AS (ORDER BY id DESC ROWS UNBOUNDED PRECEDING)
             ) WHERE n_lines > ?2 OR n_bytes > ?3)",
    )
    .bind(space_id)
    .bind(to_i64((MAX_LOG_LINES - MAX_LOG_LINES / 10) as u64))
    .bind(to_i64((MAX_LOG_BYTES - MAX_LOG_BYTES / 10) as u64))
    .execute(&mut **transaction)
    .await?;
    sqlx::query(
        "UPDATE log_usage SET (n_lines, n_bytes) =
             (SELECT COUNT(*), COALESCE(SUM(OCTET_LENGTH(message)), 0) FROM logs WHERE space_id = ?1)
         WHERE space_id = ?1",
    )
    .bind(space_id)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

fn cut(message: &str) -> &str {
    &message[..message.floor_char_boundary(MAX_LOG_MESSAGE_BYTES)]
}

fn level_text(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Trace => "trace",
        LogLevel::Debug => "debug",
        LogLevel::Info => "info",
        LogLevel::Warn => "warn",
        LogLevel::Error => "error",
    }
}

/// The table's CHECK leaves no other text; a wrong level would not be worth losing the line for.
fn parse_level(text: &str) -> LogLevel {
    match text {
        "trace" => LogLevel::Trace,
        "debug" => LogLevel::Debug,
        "warn" => LogLevel::Warn,
        "error" => LogLevel::Error,
        _ => LogLevel::Info,
    }
}

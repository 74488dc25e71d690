//! The SQLite database: how it is opened, migrated and shared.

use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, Transaction};

use super::error::OpenError;

/// Readers run beside each other and beside the writer; more would only compete for the same page cache.
const MAX_READERS: u32 = 4;

/// Longer than any transaction of ours; also bounds the wait for a backup tool that holds the database.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// One writing and a few reading connections.
#[derive(Debug)]
pub(super) struct Database {
    /// SQLite has one writer at a time. With one connection, writers queue here, in order, and never meet
    /// `SQLITE_BUSY`.
    writer: SqlitePool,
    reader: SqlitePool,
}

impl Database {
    pub(super) async fn open(path: &Path) -> Result<Self, OpenError> {
        let failed = |source: sqlx::Error| OpenError::Database { path: path.to_owned(), source: source.into() };
        let options = SqliteConnectOptions::new().filename(path).foreign_keys(true).busy_timeout(BUSY_TIMEOUT);
        let writing = options
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // NORMAL would be consistent too, but a power cut could take back a publish that was reported live.
            // Writes are few (publishes, batches of log lines), so the extra sync is not felt.
            .synchronous(SqliteSynchronous::Full);
        let writer = pool(1).connect_with(writing).await.map_err(failed)?;
        migrator()
            .run(&writer)
            .await
            .map_err(|source| OpenError::Migrate { path: path.to_owned(), source: source.into() })?;
        let reader = pool(MAX_READERS)
            // Reads the schema, which takes a millisecond that the first request to use the connection would wait for.
            .after_connect(|connection, _| {
                Box::pin(async move { sqlx::query("SELECT 1 FROM spaces LIMIT 1").execute(connection).await.map(drop) })
            })
            .connect_with(options.read_only(true))
            .await
            .map_err(failed)?;
        Ok(Self { writer, reader })
    }

    /// For queries; each sees the last commit.
    pub(super) fn reader(&self) -> &SqlitePool {
        &self.reader
    }

    /// Starts a transaction that may write. Dropped without `commit`, it leaves no trace.
    pub(super) async fn write(&self) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
        self.writer.begin_with("BEGIN IMMEDIATE").await
    }

    pub(super) async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

/// Connections to a file neither break nor age: none is tried before it is used, closed, or opened in the middle of a
/// request.
fn pool(n_connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(n_connections)
        .min_connections(n_connections)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}

/// The embedded migrations. A released one never changes: sqlx compares checksums.
fn migrator() -> Migrator {
    let migrations = [
        (1, "initial", include_str!("../../migrations/0001_initial.sql")),
        (2, "revisions by age", include_str!("../../migrations/0002_revisions_by_age.sql")),
        (3, "usage", include_str!("../../migrations/0003_usage.sql")),
        (4, "settings", include_str!("../../migrations/0004_settings.sql")),
        (5, "running", include_str!("../../migrations/0005_running.sql")),
        (6, "publishers", include_str!("../../migrations/0006_publishers.sql")),
        (7, "gallery", include_str!("../../migrations/0007_gallery.sql")),
        (8, "accent", include_str!("../../migrations/0008_accent.sql")),
    ];
    let migration = |(version, name, sql): (i64, &'static str, &'static str)| {
        Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(migrations.map(migration).into())
}

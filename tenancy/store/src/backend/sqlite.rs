//! SQLite: one file, one writer, two readers. WAL with `synchronous=FULL`, so that a commit is on
//! disk when it returns.

use std::{path::Path, time::Duration};

use sqlx::{
    Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::postgres::{Access, begin_error};
use crate::{StoreError, error::connection_error};

/// Readers a file.
const READERS: u32 = 2;
/// How long a writer of another process may hold the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long to wait for the writer of this process.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Pages of 4 KiB after which a commit also moves the log into the file, which stalls whoever sends
/// just then for several syncs: every few hundred commits instead of every hundred. 16 MiB of log a
/// file that is open.
const CHECKPOINT_PAGES: &str = "4000";
/// Statements kept prepared a connection: tenants' files are many.
const STATEMENTS: usize = 60;

/// The pools of one file.
#[derive(Debug, Clone)]
pub(crate) struct File {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl File {
    /// Opens `path`; `create` makes it when it is missing.
    pub(crate) async fn open(path: &Path, create: bool) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(create)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
            .statement_cache_capacity(STATEMENTS);
        let writer = pool(1).connect_with(options.clone()).await;
        let writer = writer.map_err(connection_error)?;
        let readers = pool(READERS).connect_lazy_with(options.read_only(true));
        Ok(Self { writer, readers })
    }

    /// Begins a transaction. A writing one begins `IMMEDIATE`: a deferred one that reads first
    /// fails when another writer came in between, whatever the busy timeout.
    pub(crate) async fn begin(
        &self,
        access: Access,
    ) -> Result<Transaction<'static, Sqlite>, StoreError> {
        match access {
            Access::Write => self.writer.begin_with("BEGIN IMMEDIATE").await,
            Access::Read => self.readers.begin_with("BEGIN").await,
        }
        .map_err(begin_error)
    }

    /// The pools, to ask every connection of them something.
    pub(crate) fn pools(&self) -> [&SqlitePool; 2] {
        [&self.writer, &self.readers]
    }

    /// Closes every connection, waiting for open transactions.
    pub(crate) async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(0)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
}

//! SQLite: one file, one writer, two readers. WAL with `synchronous=FULL`, so that a commit is on
//! disk when it returns.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use futures::TryStreamExt as _;
use parking_lot::Mutex;
use sea_orm::{Statement, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::{
    AssertSqlSafe, Connection as _, Either, Sqlite, SqlitePool,
    pool::PoolConnection,
    sqlite::{
        SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteRow,
        SqliteSynchronous,
    },
};
use tokio::time::Instant;

use super::postgres::{Access, begin_error};
use crate::{StoreError, error::connection_error};

/// Readers a file.
const READERS: u32 = 2;
/// How long a writer of another process may hold the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long to wait for the writer of this process.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Commits after which the log is moved into the file, beside the writer: where a commit does it,
/// as SQLite would, whoever sends just then waits for all of it.
const CHECKPOINT_COMMITS: u32 = 200;
/// Where so many commits took less time, the writer is left alone: both would wait for the disk.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(1);
/// Pages of 4 KiB after which a commit moves the log all the same: 16 MiB of log a file that is
/// open.
const CHECKPOINT_PAGES: &str = "4000";
/// Statements kept prepared a connection: tenants' files are many.
const STATEMENTS: usize = 60;

/// The pools of one file.
#[derive(Debug, Clone)]
pub(crate) struct File {
    writer: SqlitePool,
    readers: SqlitePool,
    log: Arc<Log>,
}

/// The log of a file, as far as it was not moved into the file.
#[derive(Debug)]
struct Log {
    options: SqliteConnectOptions,
    /// Since the log was last moved, or left alone.
    commits: AtomicU32,
    since: Mutex<Instant>,
    every: Duration,
    is_moving: AtomicBool,
}

impl File {
    /// Opens `path`; `create` makes it when it is missing.
    pub(crate) async fn open(path: &Path, create: bool) -> Result<Self, StoreError> {
        Self::open_with(path, create, CHECKPOINT_EVERY).await
    }

    async fn open_with(path: &Path, create: bool, every: Duration) -> Result<Self, StoreError> {
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
        let readers = pool(READERS).connect_lazy_with(options.clone().read_only(true));
        let log = Arc::new(Log {
            options,
            commits: AtomicU32::new(0),
            since: Mutex::new(Instant::now()),
            every,
            is_moving: AtomicBool::new(false),
        });
        Ok(Self {
            writer,
            readers,
            log,
        })
    }

    /// Begins a transaction.
    pub(crate) async fn begin(&self, access: Access) -> Result<SqliteTx, StoreError> {
        let (tx, _) = self.begin_asking(access, Vec::new()).await?;
        Ok(tx)
    }

    /// The same, and runs `questions` in the same crossing to the thread of the connection. A
    /// writing one begins `IMMEDIATE`: a deferred one that reads first fails when another writer
    /// came in between, whatever the busy timeout.
    pub(crate) async fn begin_asking(
        &self,
        access: Access,
        questions: Vec<Statement>,
    ) -> Result<(SqliteTx, Vec<Vec<SqliteRow>>), StoreError> {
        let (pool, begin) = match access {
            Access::Write => (&self.writer, "BEGIN IMMEDIATE"),
            Access::Read => (&self.readers, "BEGIN"),
        };
        let mut tx = SqliteTx {
            connection: Some(pool.acquire().await.map_err(begin_error)?),
            log: (access == Access::Write).then(|| self.log.clone()),
        };
        let count = questions.len();
        let (text, values) = in_one_text(questions);
        let text = [begin.to_owned(), text].join(";\n");
        let mut answers = tx.ask(text, values).await.map_err(begin_error)?;
        let answers = answers.split_off(answers.len().saturating_sub(count));
        Ok((tx, answers))
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

/// A transaction that owns its connection; as with PostgreSQL, nobody else gets the connection
/// before the transaction has ended.
pub(crate) struct SqliteTx {
    connection: Option<PoolConnection<Sqlite>>,
    log: Option<Arc<Log>>,
}

impl SqliteTx {
    /// The connection inside the transaction.
    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        self.connection
            .as_deref_mut()
            .ok_or(sqlx::Error::PoolClosed)
    }

    /// Runs `writes` and commits in one crossing; returns after the log is on disk.
    pub(crate) async fn commit(mut self, writes: Vec<Statement>) -> Result<(), sqlx::Error> {
        let (mut text, values) = in_one_text(writes);
        text.push_str("COMMIT");
        self.ask(text, values).await?;
        self.connection = None;
        if let Some(log) = &self.log {
            log.committed();
        }
        Ok(())
    }

    /// Rows of each statement of `text`.
    async fn ask(
        &mut self,
        text: String,
        values: Vec<sea_orm::Value>,
    ) -> Result<Vec<Vec<SqliteRow>>, sqlx::Error> {
        let query = sqlx::query_with(AssertSqlSafe(text), SqlxValues(Values(values)));
        // The deprecation means to say that PostgreSQL cannot do it.
        #[expect(
            deprecated,
            reason = "a text of several statements keeps them all prepared"
        )]
        let mut steps = query.fetch_many(self.connection()?);
        let mut answers = Vec::new();
        let mut rows = Vec::new();
        while let Some(step) = steps.try_next().await? {
            match step {
                Either::Left(_) => answers.push(std::mem::take(&mut rows)),
                Either::Right(row) => rows.push(row),
            }
        }
        Ok(answers)
    }
}

impl Log {
    /// Counts a commit; after enough of them, unless they came in a rush, the log is moved by a
    /// connection that is opened for it and waits for nobody.
    fn committed(self: &Arc<Self>) {
        let commits = self.commits.fetch_add(1, Ordering::Relaxed) + 1;
        if commits < CHECKPOINT_COMMITS {
            return;
        }
        self.commits.store(0, Ordering::Relaxed);
        let took = std::mem::replace(&mut *self.since.lock(), Instant::now()).elapsed();
        if took < self.every || self.is_moving.swap(true, Ordering::AcqRel) {
            return;
        }
        let log = self.clone();
        tokio::spawn(async move {
            if let Err(error) = log.checkpoint().await {
                tracing::warn!(%error, "the log of a file could not be moved");
            }
            log.is_moving.store(false, Ordering::Release);
        });
    }

    async fn checkpoint(&self) -> Result<(), sqlx::Error> {
        let mut connection = SqliteConnection::connect_with(&self.options).await?;
        let moved = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)")
            .execute(&mut connection)
            .await;
        connection.close().await?;
        moved.map(drop)
    }
}

impl Drop for SqliteTx {
    fn drop(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            tokio::spawn(async move {
                let end = sqlx::query("ROLLBACK").execute(&mut *connection).await;
                if end.is_err() {
                    // Whatever state it is in, nobody gets it.
                    let _ = connection.detach().close_hard().await;
                }
            });
        }
    }
}

/// SQLite numbers the parameters `?` of a text from one statement to the next, as SeaQuery writes
/// them. Every statement ends in `;` and a new line, which also ends a comment.
fn in_one_text(statements: Vec<Statement>) -> (String, Vec<sea_orm::Value>) {
    let mut text = String::new();
    let mut values = Vec::new();
    for statement in statements {
        text.push_str(&statement.sql);
        text.push_str("\n;\n");
        values.extend(statement.values.into_iter().flat_map(|values| values.0));
    }
    (text, values)
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(0)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(sql: &str) -> Statement {
        Statement::from_string(sea_orm::DbBackend::Sqlite, sql)
    }

    #[tokio::test]
    async fn the_log_of_a_busy_file_is_moved_while_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("busy.sqlite");
        let file = File::open_with(&path, true, Duration::ZERO).await.unwrap();
        let table = statement("CREATE TABLE said (at integer PRIMARY KEY, text text)");
        let tx = file.begin(Access::Write).await.unwrap();
        tx.commit(vec![table]).await.unwrap();
        let log = || {
            std::fs::metadata(path.with_extension("sqlite-wal"))
                .unwrap()
                .len()
        };
        let mut sizes = Vec::new();
        for _ in 0..6 {
            for _ in 0..CHECKPOINT_COMMITS {
                let insert = statement("INSERT INTO said (text) VALUES (hex(randomblob(500)))");
                let tx = file.begin(Access::Write).await.unwrap();
                tx.commit(vec![insert]).await.unwrap();
            }
            sizes.push(log());
            while file.log.is_moving.load(Ordering::Acquire) {
                tokio::task::yield_now().await;
            }
        }
        assert!(sizes.iter().all(|size| *size < 3 * sizes[0]), "{sizes:?}");
        file.close().await;
    }
}

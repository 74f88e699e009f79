//! A transaction on either database, as SeaORM's entities want it. Private to the crate: outside,
//! there are [`crate::TenantTx`] and [`crate::ControlTx`] only.
//!
//! Statements stay prepared on their connection, and a migration can change what one of them
//! answers; PostgreSQL then refuses it and the whole transaction with it (ADR 0007). A tenant's
//! statements carry the version of its tables, so that those of another version are others; and
//! where another process migrated a moment ago, the first statement begins its transaction anew.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::AssertSqlSafe;
use tokio::sync::Mutex;

use crate::{
    StoreError,
    backend::{postgres::PgTx, script::Script, sqlite::SqliteTx},
    error::{exec_error, is_stale_plan, query_error},
};

/// One open transaction; rolled back when dropped.
pub(crate) struct Tx {
    inner: Inner,
    /// PostgreSQL answers a COMMIT of a failed transaction with a friendly ROLLBACK; this remembers
    /// that a statement failed or was given up, so that [`Tx::commit`] never reports what was not
    /// kept. SQLite would keep the rest; both columns refuse alike.
    doomed: AtomicBool,
    /// Whether no statement was run yet: then nobody would notice if it began anew.
    fresh: AtomicBool,
    /// Stands at the end of every prepared statement.
    mark: String,
}

enum Inner {
    Postgres(Mutex<PgTx>),
    Sqlite(Mutex<SqliteTx>),
}

impl From<PgTx> for Tx {
    fn from(tx: PgTx) -> Self {
        Self::new(Inner::Postgres(Mutex::new(tx)))
    }
}

impl From<SqliteTx> for Tx {
    fn from(tx: SqliteTx) -> Self {
        Self::new(Inner::Sqlite(Mutex::new(tx)))
    }
}

impl Tx {
    fn new(inner: Inner) -> Self {
        Self {
            inner,
            doomed: AtomicBool::new(false),
            fresh: AtomicBool::new(true),
            mark: String::new(),
        }
    }

    /// Its statements are prepared for one version of a tenant's tables and for no other: `mark`
    /// is [`mark_of`] that version.
    pub(crate) fn marked(mut self, mark: String) -> Self {
        self.mark = mark;
        self
    }

    /// Statements were run when it began.
    pub(crate) fn begun_with_answers(self) -> Self {
        self.fresh.store(false, Ordering::Release);
        self
    }

    fn split(&self, statement: Statement) -> (String, SqlxValues) {
        let mut sql = statement.sql;
        sql.push_str(&self.mark);
        let values = statement.values.unwrap_or(Values(Vec::new()));
        (sql, SqlxValues(values))
    }

    /// A copy of the transaction's first statement, in case it has to be run again.
    fn spare(&self, statement: &Statement) -> Option<Statement> {
        let first = self.fresh.swap(false, Ordering::AcqRel);
        let prepared = matches!(self.inner, Inner::Postgres(_));
        (first && prepared).then(|| statement.clone())
    }

    /// Looks at what became of a statement. After a stale plan, the connection prepares everything
    /// anew; where it was the `first` statement, the transaction is begun anew, and this says so.
    async fn begun_anew<T>(&self, first: bool, result: &Result<T, DbErr>) -> bool {
        let (Inner::Postgres(tx), Err(error)) = (&self.inner, result) else {
            return false;
        };
        if !is_stale_plan(error) {
            return false;
        }
        let mut guard = tx.lock().await;
        guard.mark_stale();
        let anew = first && guard.begin_anew().await.is_ok();
        if anew {
            self.doomed.store(false, Ordering::Release);
        }
        anew
    }

    /// Makes everything durable. Returns only after the log is on disk.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        self.commit_writing(Vec::new()).await
    }

    /// Runs `writes` and commits, in one round trip.
    pub(crate) async fn commit_writing(self, writes: Vec<Statement>) -> Result<(), StoreError> {
        if self.doomed.load(Ordering::Acquire) {
            return Err(StoreError::TransactionFailed);
        }
        match self.inner {
            Inner::Postgres(tx) => {
                let script = Script::new(writes, &self.mark)?;
                tx.into_inner().commit(&script).await
            }
            Inner::Sqlite(tx) => tx.into_inner().commit(writes).await,
        }
        .map_err(|error| StoreError::Database(exec_error(error)))
    }
}

/// What stands at the end of statements that are prepared for a version of a tenant's tables.
pub(crate) fn mark_of(version: i64) -> String {
    format!(" -- {version}")
}

/// Runs `$body` with `$connection` bound to the connection of either database. The transaction is
/// doomed unless the statement ends well: also when its caller stops waiting for it.
macro_rules! on_connection {
    ($self:ident, $connection:ident => $body:expr) => {
        match &$self.inner {
            Inner::Postgres(tx) => {
                let mut guard = tx.lock().await;
                let doomed = $self.doomed.swap(true, Ordering::AcqRel);
                let result = match guard.connection() {
                    Ok($connection) => $body,
                    Err(error) => Err(error),
                };
                $self
                    .doomed
                    .store(doomed || result.is_err(), Ordering::Release);
                result
            }
            Inner::Sqlite(tx) => {
                let mut guard = tx.lock().await;
                let doomed = $self.doomed.swap(true, Ordering::AcqRel);
                let result = match guard.connection() {
                    Ok($connection) => $body,
                    Err(error) => Err(error),
                };
                $self
                    .doomed
                    .store(doomed || result.is_err(), Ordering::Release);
                result
            }
        }
    };
}

/// Runs a prepared statement with a method of [`Tx`], twice where [`Tx::begun_anew`] says so.
macro_rules! run {
    ($self:ident, $method:ident, $statement:ident) => {{
        let spare = $self.spare(&$statement);
        let result = $self.$method($statement).await;
        if !$self.begun_anew(spare.is_some(), &result).await {
            return result;
        }
        match spare {
            Some(statement) => $self.$method(statement).await,
            None => result,
        }
    }};
}

impl Tx {
    async fn execute(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let (sql, values) = self.split(statement);
        let result = on_connection!(self, connection => {
            sqlx::query_with(AssertSqlSafe(sql), values).execute(connection).await.map(Into::into)
        });
        result.map_err(exec_error)
    }

    async fn query_one(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let (sql, values) = self.split(statement);
        let result = on_connection!(self, connection => {
            sqlx::query_with(AssertSqlSafe(sql), values)
                .fetch_optional(connection)
                .await
                .map(|row| row.map(Into::into))
        });
        result.map_err(query_error)
    }

    async fn query_all(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let (sql, values) = self.split(statement);
        let result = on_connection!(self, connection => {
            sqlx::query_with(AssertSqlSafe(sql), values)
                .fetch_all(connection)
                .await
                .map(|rows| rows.into_iter().map(Into::into).collect())
        });
        result.map_err(query_error)
    }
}

#[async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        match self.inner {
            Inner::Postgres(_) => DbBackend::Postgres,
            Inner::Sqlite(_) => DbBackend::Sqlite,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        run!(self, execute, statement)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.fresh.store(false, Ordering::Release);
        let sql = sql.to_owned();
        let result = on_connection!(self, connection => {
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(Into::into)
        });
        result.map_err(exec_error)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        run!(self, query_one, statement)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        run!(self, query_all, statement)
    }
}

/// Lends [`ConnectionTrait`] from a field, so that the two public transactions are the same inside
/// and still two types.
macro_rules! connection_from_field {
    ($type:ty, $field:tt) => {
        #[async_trait::async_trait]
        impl sea_orm::ConnectionTrait for $type {
            fn get_database_backend(&self) -> sea_orm::DbBackend {
                self.$field.get_database_backend()
            }
            async fn execute_raw(
                &self,
                statement: sea_orm::Statement,
            ) -> Result<sea_orm::ExecResult, sea_orm::DbErr> {
                self.$field.execute_raw(statement).await
            }
            async fn execute_unprepared(
                &self,
                sql: &str,
            ) -> Result<sea_orm::ExecResult, sea_orm::DbErr> {
                self.$field.execute_unprepared(sql).await
            }
            async fn query_one_raw(
                &self,
                statement: sea_orm::Statement,
            ) -> Result<Option<sea_orm::QueryResult>, sea_orm::DbErr> {
                self.$field.query_one_raw(statement).await
            }
            async fn query_all_raw(
                &self,
                statement: sea_orm::Statement,
            ) -> Result<Vec<sea_orm::QueryResult>, sea_orm::DbErr> {
                self.$field.query_all_raw(statement).await
            }
        }
    };
}
pub(crate) use connection_from_field;

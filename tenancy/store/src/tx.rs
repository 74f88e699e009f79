//! A transaction on either database, as SeaORM's entities want it. Private to the crate: outside,
//! there are [`crate::TenantTx`] and [`crate::ControlTx`] only.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::{AssertSqlSafe, Sqlite, Transaction};
use tokio::sync::Mutex;

use crate::{
    StoreError,
    backend::postgres::PgTx,
    error::{exec_error, query_error},
};

/// One open transaction; rolled back when dropped.
pub(crate) struct Tx {
    inner: Inner,
    /// PostgreSQL answers a COMMIT of a failed transaction with a friendly ROLLBACK; this remembers
    /// that a statement failed or was given up, so that [`Tx::commit`] never reports what was not
    /// kept. SQLite would keep the rest; both columns refuse alike.
    doomed: AtomicBool,
}

enum Inner {
    Postgres(Mutex<PgTx>),
    Sqlite(Mutex<Transaction<'static, Sqlite>>),
}

impl From<PgTx> for Tx {
    fn from(tx: PgTx) -> Self {
        Self::new(Inner::Postgres(Mutex::new(tx)))
    }
}

impl From<Transaction<'static, Sqlite>> for Tx {
    fn from(tx: Transaction<'static, Sqlite>) -> Self {
        Self::new(Inner::Sqlite(Mutex::new(tx)))
    }
}

impl Tx {
    fn new(inner: Inner) -> Self {
        Self {
            inner,
            doomed: AtomicBool::new(false),
        }
    }

    /// Makes everything durable. Returns only after the log is on disk.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        if self.doomed.load(Ordering::Acquire) {
            return Err(StoreError::TransactionFailed);
        }
        match self.inner {
            Inner::Postgres(tx) => tx.into_inner().commit().await,
            Inner::Sqlite(tx) => tx.into_inner().commit().await,
        }
        .map_err(|error| StoreError::Database(exec_error(error)))
    }
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
                let $connection = &mut **guard;
                let result = $body;
                $self
                    .doomed
                    .store(doomed || result.is_err(), Ordering::Release);
                result
            }
        }
    };
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
        let (sql, values) = split(statement);
        let result = on_connection!(self, connection => {
            sqlx::query_with(AssertSqlSafe(sql), values).execute(connection).await.map(Into::into)
        });
        result.map_err(exec_error)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let sql = sql.to_owned();
        let result = on_connection!(self, connection => {
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(Into::into)
        });
        result.map_err(exec_error)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let (sql, values) = split(statement);
        let result = on_connection!(self, connection => {
            sqlx::query_with(AssertSqlSafe(sql), values)
                .fetch_optional(connection)
                .await
                .map(|row| row.map(Into::into))
        });
        result.map_err(query_error)
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let (sql, values) = split(statement);
        let result = on_connection!(self, connection => {
            sqlx::query_with(AssertSqlSafe(sql), values)
                .fetch_all(connection)
                .await
                .map(|rows| rows.into_iter().map(Into::into).collect())
        });
        result.map_err(query_error)
    }
}

fn split(statement: Statement) -> (String, SqlxValues) {
    (
        statement.sql,
        SqlxValues(statement.values.unwrap_or(Values(Vec::new()))),
    )
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

//! The control database: who exists. Nothing that a tenant's members wrote is in it.

pub mod tenant;

use std::path::Path;

use sqlx::PgPool;

use crate::{
    DatabaseConfig, StoreError,
    backend::{
        postgres::{self, Access, begin_error},
        sqlite::File,
    },
    migration,
    tx::{Tx, connection_from_field},
};

/// Name of the control schema on PostgreSQL.
pub(crate) const CONTROL_SCHEMA: &str = "control";

/// The control database.
#[derive(Clone)]
pub struct ControlStore {
    backend: Backend,
}

#[derive(Clone)]
enum Backend {
    Postgres(PgPool),
    Sqlite(File),
}

/// A transaction on the control database; rolled back when dropped.
pub struct ControlTx(Tx);

connection_from_field!(ControlTx, 0);

impl ControlStore {
    /// Opens the control database and brings its schema up to date.
    pub(crate) async fn open(config: &DatabaseConfig, data: &Path) -> Result<Self, StoreError> {
        let store = if config.url.is_empty() {
            let file = File::open(&data.join("control.sqlite"), true).await?;
            Self {
                backend: Backend::Sqlite(file),
            }
        } else {
            let pool = postgres::open(&config.url, CONTROL_SCHEMA, config).await?;
            Self {
                backend: Backend::Postgres(pool),
            }
        };
        migration::migrate_control(&store).await?;
        Ok(store)
    }

    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// [`StoreError::Database`] when the database is away.
    pub async fn begin(&self) -> Result<ControlTx, StoreError> {
        let tx = match &self.backend {
            Backend::Postgres(pool) => pool.begin().await.map_err(begin_error)?.into(),
            Backend::Sqlite(file) => file.begin(Access::Write).await?.into(),
        };
        Ok(ControlTx(tx))
    }

    /// Begins a transaction that only reads, on one snapshot.
    ///
    /// # Errors
    /// [`StoreError::Database`] when the database is away.
    pub async fn read(&self) -> Result<ControlTx, StoreError> {
        const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let tx = match &self.backend {
            Backend::Postgres(pool) => pool.begin_with(BEGIN).await.map_err(begin_error)?.into(),
            Backend::Sqlite(file) => file.begin(Access::Read).await?.into(),
        };
        Ok(ControlTx(tx))
    }

    /// The pool, where the control database is PostgreSQL; a shard may live in the same database.
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.backend, Backend::Postgres(_))
    }

    pub(crate) async fn close(&self) {
        match &self.backend {
            Backend::Postgres(pool) => pool.close().await,
            Backend::Sqlite(file) => file.close().await,
        }
    }
}

impl ControlTx {
    /// Makes everything durable; returns only after the log is on disk.
    ///
    /// # Errors
    /// [`StoreError::TransactionFailed`] when a statement had failed: nothing was kept.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.0.commit().await
    }
}

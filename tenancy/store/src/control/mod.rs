//! The control database: who exists. Nothing that a tenant's members wrote is in it.

mod secret;
pub mod tenant;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use sea_orm::{ConnectionTrait as _, DbBackend};
use sqlx::PgPool;
use tokio::sync::Notify;

use crate::{
    DatabaseConfig, StoreError,
    backend::{
        postgres::{self, Access, PgTx, READ_ONLY},
        sqlite::File,
    },
    migration,
    statement::sql,
    tx::{Tx, connection_from_field},
};

pub use secret::{SECRET_BYTES, deployment_secret};

/// Name of the control schema on PostgreSQL.
pub(crate) const CONTROL_SCHEMA: &str = "control";

/// The control database.
#[derive(Clone)]
pub struct ControlStore {
    pub(crate) backend: Backend,
    /// Tells the runner of this process that work was committed.
    pub(crate) hint: Arc<Notify>,
    /// Transactions that were begun.
    #[cfg(any(test, feature = "testing"))]
    pub(crate) begun: Arc<std::sync::atomic::AtomicU64>,
}

#[derive(Clone)]
pub(crate) enum Backend {
    Postgres(PgPool),
    Sqlite(File),
}

/// A transaction on the control database; rolled back when dropped.
pub struct ControlTx {
    tx: Tx,
    hint: Arc<Notify>,
    work: AtomicBool,
}

connection_from_field!(ControlTx, tx);

impl ControlStore {
    /// Opens the control database and brings its schema up to date.
    pub(crate) async fn open(config: &DatabaseConfig, data: &Path) -> Result<Self, StoreError> {
        let backend = if config.url.is_empty() {
            Backend::Sqlite(File::open(&data.join("control.sqlite"), true).await?)
        } else {
            Backend::Postgres(postgres::open(&config.url, CONTROL_SCHEMA, config).await?)
        };
        let store = Self {
            backend,
            hint: Arc::default(),
            #[cfg(any(test, feature = "testing"))]
            begun: Arc::default(),
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
            Backend::Postgres(pool) => PgTx::begin(pool, "BEGIN").await?.into(),
            Backend::Sqlite(file) => file.begin(Access::Write).await?.into(),
        };
        Ok(self.tx(tx))
    }

    /// Begins a transaction that only reads, on one snapshot.
    ///
    /// # Errors
    /// [`StoreError::Database`] when the database is away.
    pub async fn read(&self) -> Result<ControlTx, StoreError> {
        let tx = match &self.backend {
            Backend::Postgres(pool) => {
                let begin = format!("BEGIN {READ_ONLY}");
                PgTx::begin(pool, &begin).await?.into()
            }
            Backend::Sqlite(file) => file.begin(Access::Read).await?.into(),
        };
        Ok(self.tx(tx))
    }

    fn tx(&self, tx: Tx) -> ControlTx {
        #[cfg(any(test, feature = "testing"))]
        self.begun.fetch_add(1, Ordering::Relaxed);
        ControlTx {
            tx,
            hint: self.hint.clone(),
            work: AtomicBool::new(false),
        }
    }

    /// Whether the control database is PostgreSQL.
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
        self.tx.commit().await?;
        if self.work.into_inner() {
            self.hint.notify_one();
        }
        Ok(())
    }

    /// Waits until no other writing transaction holds the lock `name`, and holds it until this one
    /// ends: for a rule that counts rows which are not there yet. Who takes several takes them in
    /// one order. In the embedded column there is one writer, who holds them all.
    ///
    /// # Errors
    /// The database refused, or the wait was too long.
    pub async fn lock(&self, name: &str) -> Result<(), StoreError> {
        if self.get_database_backend() == DbBackend::Postgres {
            let text = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
            self.execute_raw(sql(self, text, [name.into()])).await?;
        }
        Ok(())
    }

    /// The bare transaction, for the embedded column's `due`.
    pub(crate) fn into_tx(self) -> Tx {
        self.tx
    }

    /// Says that this transaction leaves work: the runner of this process looks after the commit.
    pub(crate) fn mark_work(&self) {
        self.work.store(true, Ordering::Relaxed);
    }
}

//! One tenant's rows: the handle, and the transaction that is the only query handle domain crates
//! accept.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

use kernel::Instant;
use parking_lot::Mutex;
use sea_orm::{ConnectionTrait as _, DbBackend, QueryResult, Statement};
use tenancy_model::TenantId;
use tokio::sync::Notify;

use crate::{
    ControlStore, StoreError,
    backend::postgres::Access,
    due,
    shard::{Answers, Questions, Shard, ShardBackend},
    tx::{Tx, connection_from_field, mark_of},
};

/// The handle of one tenant. Cheap to clone; every clone stops working when the tenant is closed.
#[derive(Clone)]
pub struct TenantStore {
    pub(crate) id: TenantId,
    pub(crate) shard: Arc<Shard>,
    pub(crate) control: ControlStore,
    pub(crate) open: Arc<AtomicBool>,
    /// The version of the tenant's tables, as far as this process knows.
    pub(crate) schema_version: Arc<AtomicI64>,
}

/// A transaction inside one tenant's wall; rolled back when dropped.
pub struct TenantTx {
    tenant: TenantId,
    tx: Tx,
    /// When this transaction's work is due.
    due: Mutex<Vec<Instant>>,
    /// Embedded column: where the earliest of it is written before the tenant's commit, so that a
    /// crash leaves a due entry without work, never work without one.
    due_in: Option<ControlStore>,
    hint: Arc<Notify>,
    open: Arc<AtomicBool>,
}

connection_from_field!(TenantTx, tx);

impl TenantStore {
    /// Whose rows.
    #[must_use]
    pub fn id(&self) -> TenantId {
        self.id
    }

    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// [`StoreError::TenantClosed`], or the database is away.
    pub async fn begin(&self) -> Result<TenantTx, StoreError> {
        let (tx, _) = self.start(Access::Write, Questions::none()).await?;
        Ok(tx)
    }

    /// Begins a transaction that may write and asks `questions` in the same round trip: for verbs
    /// that many people wait for. Rows of each question, in order.
    ///
    /// # Errors
    /// [`StoreError::TenantClosed`], or the database refused or is away.
    pub async fn begin_asking(
        &self,
        questions: Questions<'_>,
    ) -> Result<(TenantTx, Vec<Vec<QueryResult>>), StoreError> {
        self.start(Access::Write, questions).await
    }

    /// The dialect of the tenant's database.
    #[must_use]
    pub fn database_backend(&self) -> DbBackend {
        match self.shard.backend {
            ShardBackend::Postgres(_) => DbBackend::Postgres,
            ShardBackend::Files { .. } => DbBackend::Sqlite,
        }
    }

    /// Begins a transaction that only reads, on one snapshot.
    ///
    /// # Errors
    /// [`StoreError::TenantClosed`], or the database is away.
    pub async fn read(&self) -> Result<TenantTx, StoreError> {
        let (tx, _) = self.start(Access::Read, Questions::none()).await?;
        Ok(tx)
    }

    /// Whether the tenant is still open in this process.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open.load(Ordering::Acquire)
    }

    /// Whose schema or file is opened: this tenant's, always.
    #[cfg(not(any(test, feature = "testing")))]
    fn rows_of(&self) -> TenantId {
        self.id
    }

    /// The same, but for a test that breaches the wall to see the alarm go off.
    #[cfg(any(test, feature = "testing"))]
    fn rows_of(&self) -> TenantId {
        crate::testing::rows_of(self.id)
    }

    async fn start(
        &self,
        access: Access,
        questions: Questions<'_>,
    ) -> Result<(TenantTx, Answers), StoreError> {
        if !self.is_open() {
            return Err(StoreError::TenantClosed(self.id));
        }
        let mark = mark_of(self.schema_version.load(Ordering::Acquire));
        let begun = self
            .shard
            .begin_asking(self.rows_of(), access, mark, questions);
        let (tx, answers) = begun.await?;
        let embedded = matches!(self.shard.backend, ShardBackend::Files { .. });
        let tx = TenantTx {
            tenant: self.id,
            tx,
            due: Mutex::default(),
            due_in: embedded.then(|| self.control.clone()),
            hint: self.control.hint.clone(),
            open: self.open.clone(),
        };
        Ok((tx, answers))
    }
}

impl TenantTx {
    /// Whose rows.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Says that this transaction leaves work that is due at `at`; without it no worker looks. In
    /// the embedded column the commit then writes to the control file: hold no control transaction.
    ///
    /// # Errors
    /// The database refused.
    pub async fn mark_due(&self, at: Instant) -> Result<(), StoreError> {
        self.due.lock().push(at);
        if self.due_in.is_some() {
            return Ok(());
        }
        let mark = Statement::from_sql_and_values(
            self.get_database_backend(),
            "SELECT shard.mark_due($1)",
            [at.into()],
        );
        self.execute_raw(mark).await?;
        Ok(())
    }

    /// Makes everything durable; returns only after the log is on disk.
    ///
    /// # Errors
    /// [`StoreError::TransactionFailed`] when a statement had failed and
    /// [`StoreError::TenantClosed`] when the tenant was closed meanwhile: nothing was kept.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.commit_writing(Vec::new()).await
    }

    /// Runs `writes` in order and commits, in one round trip; returns only after the log is on
    /// disk. Their values are as those of [`Questions`].
    ///
    /// # Errors
    /// As [`TenantTx::commit`], or the database refused one of them: nothing was kept.
    pub async fn commit_writing(self, writes: Vec<Statement>) -> Result<(), StoreError> {
        if !self.open.load(Ordering::Acquire) {
            return Err(StoreError::TenantClosed(self.tenant));
        }
        let due = self.due.into_inner();
        if let (Some(at), Some(control)) = (due.iter().min(), &self.due_in) {
            let tx = control.begin().await?;
            due::insert(&tx, self.tenant, *at).await?;
            tx.commit().await?;
        }
        self.tx.commit_writing(writes).await?;
        if !due.is_empty() {
            self.hint.notify_one();
        }
        Ok(())
    }
}

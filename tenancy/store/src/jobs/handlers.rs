//! What a job's handler is: a function from a tenant's store (or the control database) and the job
//! to its outcome, registered under its kind.

use std::{collections::HashMap, future::Future, sync::Arc, time::Duration};

use futures::future::BoxFuture;
use thiserror::Error;

use super::Job;
use crate::{ControlStore, StoreError, TenantStore, outbox::OutboxRow};

/// Why a job was not done. The text is kept with the job and shown to operators: nothing secret.
#[derive(Debug, Error)]
pub enum JobError {
    /// It may be done later: the other side is away, or busy.
    #[error("{0}")]
    Retry(String),
    /// It will never be done: its body makes no sense, the other side refuses for good.
    #[error("{0}")]
    Dead(String),
    /// The database; tried again later.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a handler makes.
pub type JobFuture = BoxFuture<'static, Result<(), JobError>>;

type TenantHandler = Arc<dyn Fn(TenantStore, Job) -> JobFuture + Send + Sync>;
type ControlHandler = Arc<dyn Fn(ControlStore, Job) -> JobFuture + Send + Sync>;
pub(super) type Reader = Arc<dyn Fn(TenantStore, Vec<OutboxRow>) -> JobFuture + Send + Sync>;

/// Everything that this process can do.
#[derive(Default, Clone)]
pub struct JobHandlers {
    pub(super) tenant: HashMap<&'static str, TenantHandler>,
    pub(super) control: HashMap<&'static str, ControlHandler>,
    pub(super) readers: HashMap<&'static str, Reader>,
    /// Control jobs that are done again and again, and the pause between.
    pub(super) recurring: HashMap<&'static str, Duration>,
}

impl JobHandlers {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Tenants' jobs of `kind` are done by `handler`, at least once each.
    pub fn register<H, F>(&mut self, kind: &'static str, handler: H)
    where
        H: Fn(TenantStore, Job) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        let handler = move |store, job| -> JobFuture { Box::pin(handler(store, job)) };
        self.tenant.insert(kind, Arc::new(handler));
    }

    /// Jobs of `kind` that belong to no tenant are done by `handler`, at least once each.
    pub fn register_control<H, F>(&mut self, kind: &'static str, handler: H)
    where
        H: Fn(ControlStore, Job) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        let handler = move |store, job| -> JobFuture { Box::pin(handler(store, job)) };
        self.control.insert(kind, Arc::new(handler));
    }

    /// Something that one process of the deployment does every so often, the first time at once;
    /// when it fails, again after a growing wait of at most `every`.
    pub fn register_recurring<H, F>(&mut self, kind: &'static str, every: Duration, handler: H)
    where
        H: Fn(ControlStore, Job) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        self.register_control(kind, handler);
        self.recurring.insert(kind, every);
    }

    /// Rows of the tenants' outboxes for `reader` are given to `handler`, in order and in batches,
    /// one batch of a tenant at a time; they are removed when it returns `Ok`.
    pub fn register_reader<H, F>(&mut self, reader: &'static str, handler: H)
    where
        H: Fn(TenantStore, Vec<OutboxRow>) -> F + Send + Sync + 'static,
        F: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        let handler = move |store, rows| -> JobFuture { Box::pin(handler(store, rows)) };
        self.readers.insert(reader, Arc::new(handler));
    }
}

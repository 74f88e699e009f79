//! Every job and every background task of a process.

use std::sync::Arc;

use chrono::TimeDelta;
use platform::tasks::Tasks;
use tenancy_files::{CHECK_JOB, Files, RECONCILE_JOB, REMOVE_JOB, TIDY_JOB};
use tenancy_model::{ERASE_FILES_JOB, EventBody, MAIL_JOB, MailRequest};
use tenancy_notify::{Delivery, MailDelivery, MailTask};
use tenancy_registry::{Registry, SWEEP_EVERY, SWEEP_JOB, sweep};
use tenancy_store::{
    StoreError,
    jobs::{Job, JobError, JobHandlers, JobRunner},
};

use crate::Parts;

/// Tries of a mail before it is given up.
const MAIL_TRIES_MAX: i32 = 8;

/// What this process can do.
pub(crate) fn handlers(parts: &Parts) -> JobHandlers {
    let mut handlers = JobHandlers::new();
    let (delivery, stores) = (
        parts.delivery.clone(),
        parts.gateway.services.stores.clone(),
    );
    handlers.register(MAIL_JOB, move |store, job| {
        let (delivery, stores) = (delivery.clone(), stores.clone());
        async move {
            let task = mail_task(&job)?;
            let tenant = stores.tenant_row(store.id()).await?;
            settled(
                delivery
                    .deliver_for_tenant(&tenant, &store, &task)
                    .await
                    .map_err(retry)?,
            )
        }
    });
    let delivery = parts.delivery.clone();
    handlers.register_control(MAIL_JOB, move |_, job| {
        mail_of_nobody(delivery.clone(), job)
    });
    register_files(&mut handlers, &parts.gateway.files);
    let registry = parts.gateway.registry.clone();
    handlers.register_recurring(SWEEP_JOB, SWEEP_EVERY, move |_, _| swept(registry.clone()));
    handlers
}

fn register_files(handlers: &mut JobHandlers, files: &Arc<Files>) {
    let worker = files.clone();
    handlers.register(CHECK_JOB, move |store, job| {
        let files = worker.clone();
        async move {
            let id = job.key.as_deref().and_then(|key| key.parse().ok());
            let id = id.ok_or_else(|| JobError::Dead("no upload is named".to_owned()))?;
            files.check(&store, id).await
        }
    });
    let worker = files.clone();
    handlers.register(REMOVE_JOB, move |_, job| {
        let files = worker.clone();
        async move { files.remove(job.body).await }
    });
    let worker = files.clone();
    handlers.register(TIDY_JOB, move |store, _| {
        let files = worker.clone();
        async move { files.tidy(&store).await }
    });
    let worker = files.clone();
    handlers.register(RECONCILE_JOB, move |store, _| {
        let files = worker.clone();
        async move { files.reconcile(&store).await }
    });
    let worker = files.clone();
    handlers.register_control(ERASE_FILES_JOB, move |_, job| {
        let files = worker.clone();
        async move {
            let tenant = job.key.as_deref().and_then(|key| key.parse().ok());
            let tenant = tenant.ok_or_else(|| JobError::Dead("no tenant is named".to_owned()))?;
            files.erase(tenant).await
        }
    });
}

async fn mail_of_nobody(delivery: Arc<MailDelivery>, job: Job) -> Result<(), JobError> {
    let task = mail_task(&job)?;
    settled(delivery.deliver(&task).await.map_err(retry)?)
}

async fn swept(registry: Arc<Registry>) -> Result<(), JobError> {
    let older_than = registry.provisioning_for();
    sweep(&registry, older_than).await.map(drop).map_err(retry)
}

fn mail_task(job: &Job) -> Result<MailTask, JobError> {
    let mail: MailRequest = serde_json::from_value(job.body.clone())
        // What cannot be read may hold a code or a token: its text is never repeated.
        .map_err(|_| JobError::Dead("the body is no mail".to_owned()))?;
    let last_try = job.attempt >= MAIL_TRIES_MAX;
    Ok(MailTask {
        job: job.id,
        key: job.key.clone(),
        last_try,
        mail,
    })
}

fn settled(delivery: Delivery) -> Result<(), JobError> {
    match delivery {
        Delivery::Settled => Ok(()),
        Delivery::Again { why } => Err(JobError::Retry(why)),
    }
}

fn retry(error: impl std::fmt::Display) -> JobError {
    JobError::Retry(error.to_string())
}

/// Starts what a process does besides answering: jobs, and keeping in step with other processes.
pub(crate) fn spawn(tasks: &Tasks, parts: &Parts) {
    let services = parts.gateway.services.clone();
    let runner = JobRunner::new(
        services.stores.clone(),
        services.clock.clone(),
        services.rng.clone(),
        handlers(parts),
    );
    tasks.spawn("jobs", move |stop| {
        let runner = runner.clone();
        async move { runner.run(stop).await.map_err(Into::into) }
    });
    if let Some(clocks) = parts.clocks.clone() {
        tasks.spawn("clock watch", move |stop| {
            let clocks = clocks.clone();
            async move {
                clocks.run(&stop).await;
                Ok(())
            }
        });
    }
    let services = parts.gateway.services.clone();
    tasks.spawn("tenant watch", move |stop| {
        let services = services.clone();
        async move {
            // Other processes told theirs; the sockets of this one go by the same event.
            let closed = |tenant| {
                let services = services.clone();
                tokio::spawn(async move {
                    services.publish(tenant, EventBody::TenantClosed).await;
                });
            };
            services.stores.watch(&*services.clock, &stop, closed).await;
            Ok(())
        }
    });
}

/// Removes what a crash left half made. In the embedded column nobody else can be making a tenant,
/// so everything half made is old.
pub(crate) async fn sweep_at_start(parts: &Parts, embedded: bool) -> Result<(), StoreError> {
    let services = &parts.gateway.services;
    let registry = &parts.gateway.registry;
    let older_than = if embedded {
        std::time::Duration::ZERO
    } else {
        registry.provisioning_for()
    };
    if let Err(error) = sweep(registry, older_than).await {
        tracing::error!(%error, "half tenants could not be removed");
    }
    let age = if embedded {
        TimeDelta::zero()
    } else {
        TimeDelta::hours(1)
    };
    services
        .stores
        .sweep_orphans(services.clock.now() - age)
        .await?;
    Ok(())
}

//! The jobs this crate owns: mails, a tenant's and the control database's.

use std::sync::Arc;

use sea_orm::EntityTrait as _;
use tenancy_access::DomainError;
use tenancy_model::{MAIL_JOB, TenantId};
use tenancy_store::{
    StoreError,
    control::tenant,
    jobs::{Job, JobError, JobHandlers},
};

use crate::{Delivery, MailDelivery, MailTask};

/// Tries after which a mail is given up; with the runner's backoff that is some hours.
pub const MAIL_TRIES_MAX: i32 = 8;

impl MailDelivery {
    /// Makes mails a work of this process.
    pub fn register(self: &Arc<Self>, handlers: &mut JobHandlers) {
        let delivery = self.clone();
        handlers.register(MAIL_JOB, move |store, job| {
            let delivery = delivery.clone();
            async move {
                let task = task(job)?;
                let tenant = delivery.tenant(store.id()).await?;
                let ended = delivery.deliver_for_tenant(&tenant, &store, &task).await;
                settled(ended)
            }
        });
        let delivery = self.clone();
        handlers.register_control(MAIL_JOB, move |_control, job| {
            let delivery = delivery.clone();
            async move { settled(delivery.deliver(&task(job)?).await) }
        });
    }

    /// The row of a tenant: whether it is verified may have changed since the job was made.
    async fn tenant(&self, id: TenantId) -> Result<tenant::Model, StoreError> {
        let tx = self.services.stores.control().read().await?;
        let row = tenant::Entity::find_by_id(id).one(&tx).await?;
        row.ok_or(StoreError::TenantUnknown(id))
    }
}

fn task(job: Job) -> Result<MailTask, JobError> {
    // The body has codes and tokens: the error names none of it.
    let mail = serde_json::from_value(job.body)
        .map_err(|_| JobError::Dead("the body is no mail".to_owned()))?;
    Ok(MailTask {
        job: job.id,
        key: job.key,
        last_try: job.attempt >= MAIL_TRIES_MAX,
        mail,
    })
}

fn settled(ended: Result<Delivery, DomainError>) -> Result<(), JobError> {
    match ended {
        Ok(Delivery::Settled) => Ok(()),
        Ok(Delivery::Again { why }) => Err(JobError::Retry(why)),
        Err(DomainError::Store(error)) => Err(JobError::Store(error)),
        Err(error) => Err(JobError::Retry(error.to_string())),
    }
}

//! The mail with the code: a job of the control database, in the transaction that drew the code.

use kernel::{Instant, Secret};
use serde_json::Value;
use tenancy_access::DomainError;
use tenancy_model::{JobId, MAIL_JOB, MailBody, MailRequest, SignupId};
use tenancy_store::{
    ControlTx,
    jobs::{self, JobRequest},
};

use crate::{Registry, entity::signup::SignupBody};

/// Enqueues the mail. A mail of the same sign-up that has not gone out yet is replaced: its code is
/// worth nothing any more.
pub(super) async fn enqueue_code(
    registry: &Registry,
    tx: &ControlTx,
    signup: SignupId,
    body: &SignupBody,
    code: &Secret,
) -> Result<(), DomainError> {
    let mail = MailRequest {
        recipient: body.email.clone(),
        language: body.language,
        body: MailBody::SignupCode {
            company: body.full_name.clone(),
            code: code.reveal().to_owned(),
            minutes: registry.config.code_minutes,
        },
    };
    let key = format!("signup:{signup}");
    enqueue(registry, tx, &mail, key, registry.now()).await
}

pub(crate) async fn enqueue(
    registry: &Registry,
    tx: &ControlTx,
    mail: &MailRequest,
    key: String,
    due_at: Instant,
) -> Result<(), DomainError> {
    let services = &registry.services;
    let job = JobRequest {
        id: JobId::new(&*services.clock, &*services.rng),
        kind: MAIL_JOB,
        key: Some(key),
        body: value(mail)?,
        due_at,
    };
    jobs::enqueue_control(tx, &job).await?;
    Ok(())
}

fn value(mail: &MailRequest) -> Result<Value, DomainError> {
    serde_json::to_value(mail).map_err(|error| DomainError::internal("a mail as a job", error))
}

//! Delivers mails: the handler of jobs of kind [`tenancy_model::MAIL_JOB`], a tenant's and the
//! control database's. A mail is written here, sent, and what became of it is kept; its text and
//! tokens are gone with the job. At least once: the same mail keeps the same message id over all
//! tries, so that a receiver can drop a second copy.

use platform::mail::{Mail, MailError, MailTransport};
use sea_orm::EntityTrait as _;
use tenancy_access::{DomainError, Services};
use tenancy_model::{JobId, MAIL_JOB, MailId, MailRequest, TenantId};
use tenancy_store::{
    TenantStore, TenantTx,
    control::tenant,
    jobs::{self, JobRequest},
};

use crate::{
    DeliveryParts, MailState,
    entity::mail,
    mailbox::{self, MAILBOX_MAX},
    tenant_mail::{self, HELD, MailRecord, count_today, lock_mails, tomorrow},
};

/// Characters of an error that is kept; servers can be talkative.
const ERROR_CHARS_MAX: usize = 300;

/// One mail to be delivered: what the runner knows of its job.
#[derive(Debug, Clone)]
pub struct MailTask {
    /// The job's id.
    pub job: JobId,
    /// The job's key.
    pub key: Option<String>,
    /// Whether the runner gives up after this try.
    pub last_try: bool,
    /// What is to be said to whom.
    pub mail: MailRequest,
}

/// How a try ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// Nothing is left to do: sent, held, or given up for good.
    Settled,
    /// The server is away; try again later.
    Again {
        /// What it said.
        why: String,
    },
}

/// Delivers the mails of one process.
pub struct MailDelivery {
    services: Services,
    parts: DeliveryParts,
}

impl MailTask {
    /// The id of the mail: that of its first job.
    fn id(&self) -> MailId {
        let held = self.key.as_deref().and_then(|key| key.strip_prefix(HELD));
        held.and_then(|id| id.parse().ok())
            .unwrap_or_else(|| self.job.uuid().into())
    }
}

impl MailDelivery {
    /// With what `api/server` joined.
    #[must_use]
    pub fn new(services: Services, parts: DeliveryParts) -> Self {
        Self { services, parts }
    }

    /// Delivers a mail of a tenant.
    ///
    /// 1. Count it, or hold it until tomorrow. 2. Send it. 3. Keep what became of it.
    ///
    /// # Errors
    /// A database is away; the runner tries again.
    pub async fn deliver_for_tenant(
        &self,
        tenant: &tenant::Model,
        store: &TenantStore,
        task: &MailTask,
    ) -> Result<Delivery, DomainError> {
        // 1
        let Some(mut record) = self.admit(tenant, store, task).await? else {
            return Ok(Delivery::Settled);
        };
        // 2
        let outcome = self.send(Some(tenant.id), task).await?;
        // 3
        let now = self.services.clock.now();
        record.state = outcome.state;
        record.error = outcome.error.clone();
        record.sent_at = (outcome.state == MailState::Sent).then_some(now);
        let tx = store.begin().await?;
        tenant_mail::keep(&tx, task.id(), &record, now).await?;
        tx.commit().await?;
        Ok(outcome.delivery())
    }

    /// Delivers a mail of no tenant.
    ///
    /// # Errors
    /// The database is away; the runner tries again.
    pub async fn deliver(&self, task: &MailTask) -> Result<Delivery, DomainError> {
        let control = self.services.stores.control();
        let tx = control.read().await?;
        let known = mailbox::find(&tx, task.id()).await?;
        drop(tx);
        if known.is_some_and(|row| row.state == MailState::Sent) {
            return Ok(Delivery::Settled);
        }
        let outcome = self.send(None, task).await?;
        if !self.parts.local_mailbox {
            self.keep_outside(None, task, &outcome).await?;
        }
        Ok(outcome.delivery())
    }

    /// The record of a mail that may go now; `None` when it went before or must wait.
    async fn admit(
        &self,
        tenant: &tenant::Model,
        store: &TenantStore,
        task: &MailTask,
    ) -> Result<Option<MailRecord>, DomainError> {
        let now = self.services.clock.now();
        let tx = store.begin().await?;
        let known = tenant_mail::find(&tx, task.id()).await?;
        match known.as_ref().map(|record| record.state) {
            Some(MailState::Sent | MailState::Failed) => return Ok(None),
            // Counted at its first try.
            Some(MailState::Queued) => return Ok(known),
            Some(MailState::Held) | None => {}
        }
        lock_mails(&tx, &self.services).await?;
        let counted = self.count(tenant, &tx).await?;
        let state = if counted {
            MailState::Queued
        } else {
            MailState::Held
        };
        let record = known.unwrap_or_else(|| MailRecord::new(&task.mail, state, now));
        let record = MailRecord { state, ..record };
        tenant_mail::keep(&tx, task.id(), &record, now).await?;
        if !counted {
            jobs::enqueue(&tx, &self.held_job(task)?).await?;
        }
        tx.commit().await?;
        Ok(counted.then_some(record))
    }

    /// Whether a mail may go today. Before one is held, the company is asked about anew: what this
    /// process remembers of it may be from before it was verified, and its held mails are let go
    /// under the same lock.
    async fn count(&self, tenant: &tenant::Model, tx: &TenantTx) -> Result<bool, DomainError> {
        let bound = self.parts.unverified_mails_a_day_max;
        let max = tenant.verified_at.is_none().then_some(bound);
        if count_today(tx, &self.services, max).await? {
            return Ok(true);
        }
        let control = self.services.stores.control().read().await?;
        let row = tenant::Entity::find_by_id(tenant.id).one(&control).await?;
        if row.is_none_or(|row| row.verified_at.is_none()) {
            return Ok(false);
        }
        Ok(count_today(tx, &self.services, None).await?)
    }

    fn held_job(&self, task: &MailTask) -> Result<JobRequest, DomainError> {
        let services = &self.services;
        let body = serde_json::to_value(&task.mail)
            .map_err(|error| DomainError::internal("a mail as a job", error))?;
        Ok(JobRequest {
            id: JobId::new(&*services.clock, &*services.rng),
            kind: MAIL_JOB,
            key: Some(format!("{HELD}{}", task.id())),
            body,
            due_at: tomorrow(services.clock.now()),
        })
    }

    async fn send(
        &self,
        tenant: Option<TenantId>,
        task: &MailTask,
    ) -> Result<Outcome, DomainError> {
        match &self.parts.transport {
            MailTransport::Smtp(mailer) => {
                let text = self.parts.sender.write(&task.mail);
                let mail = Mail {
                    id: task.id().to_string(),
                    to: task.mail.recipient.clone(),
                    to_name: None,
                    subject: text.subject,
                    text: text.body,
                };
                Ok(Outcome::of(mailer.send(&mail).await, task.last_try))
            }
            MailTransport::Local if self.parts.local_mailbox => {
                let outcome = Outcome::sent();
                self.keep_outside(tenant, task, &outcome).await?;
                Ok(outcome)
            }
            MailTransport::Local => Ok(Outcome::failed("no mail server is configured")),
        }
    }

    /// Keeps a mail outside tenants; with its text in the local mailbox alone.
    async fn keep_outside(
        &self,
        tenant_id: Option<TenantId>,
        task: &MailTask,
        outcome: &Outcome,
    ) -> Result<(), DomainError> {
        let now = self.services.clock.now();
        let text = self
            .parts
            .local_mailbox
            .then(|| self.parts.sender.write(&task.mail));
        let (subject, body) = text.map(|text| (text.subject, text.body)).unzip();
        let row = mail::Model {
            id: task.id(),
            tenant_id,
            recipient: task.mail.recipient.clone(),
            kind: task.mail.body.kind().to_owned(),
            state: outcome.state,
            subject,
            body,
            error: outcome.error.clone(),
            created_at: now,
            sent_at: (outcome.state == MailState::Sent).then_some(now),
        };
        let kept_max = self.parts.local_mailbox.then_some(MAILBOX_MAX);
        let tx = self.services.stores.control().begin().await?;
        mailbox::keep(&tx, row, kept_max).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// What became of a try.
struct Outcome {
    state: MailState,
    error: Option<String>,
}

impl Outcome {
    fn sent() -> Self {
        Self {
            state: MailState::Sent,
            error: None,
        }
    }

    fn failed(why: &str) -> Self {
        Self {
            state: MailState::Failed,
            error: Some(why.to_owned()),
        }
    }

    fn of(sent: Result<(), MailError>, last_try: bool) -> Self {
        let Err(error) = sent else {
            return Self::sent();
        };
        let state = match error.is_permanent() || last_try {
            true => MailState::Failed,
            false => MailState::Queued,
        };
        let why = kernel::clean_line(&error.to_string());
        Self {
            state,
            error: Some(why.chars().take(ERROR_CHARS_MAX).collect()),
        }
    }

    fn delivery(self) -> Delivery {
        match self.state {
            MailState::Queued => Delivery::Again {
                why: self.error.unwrap_or_default(),
            },
            MailState::Sent | MailState::Failed | MailState::Held => Delivery::Settled,
        }
    }
}

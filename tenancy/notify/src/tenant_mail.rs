//! What a tenant's administrators see of its mails: to whom, about what, what became of it; never a
//! text, because texts carry one-time links.

use chrono::Duration;
use kernel::Instant;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::{Deserialize, Serialize};
use tenancy_access::{DomainError, Services, TenantContext, lock_row};
use tenancy_model::{MAIL_JOB, MailId, MailRequest, Permission, RecordId};
use tenancy_store::{
    Page, PageRequest, StoreError, TenantTx, jobs,
    record::{self, Record, RecordWrite},
};

use crate::{MailState, entity, mailbox::KEPT_DAYS};

/// Kind of the records that hold them.
const KIND: &str = "mail";
/// Kind of the record that counts the mails of a day.
const DAY_KIND: &str = "mail_day";
const DAY_KEY: &str = "today";
/// Start of the key of a job whose mail was held; the mail's id follows.
pub(crate) const HELD: &str = "held:";

/// One mail of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantMail {
    /// Its id.
    pub id: MailId,
    /// The address.
    pub recipient: String,
    /// [`tenancy_model::MailBody::kind`].
    pub kind: String,
    /// What became of it.
    pub state: MailState,
    /// When it was written.
    pub created_at: Instant,
    /// When it left.
    pub sent_at: Option<Instant>,
    /// Why it did not leave.
    pub error: Option<String>,
}

/// As it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MailRecord {
    pub(crate) recipient: String,
    pub(crate) kind: String,
    pub(crate) state: MailState,
    pub(crate) created_at: Instant,
    pub(crate) sent_at: Option<Instant>,
    pub(crate) error: Option<String>,
}

/// How many mails were sent on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct MailDay {
    /// As `2026-01-31`, UTC.
    day: String,
    mails: u32,
}

impl MailRecord {
    pub(crate) fn new(mail: &MailRequest, state: MailState, now: Instant) -> Self {
        Self {
            recipient: mail.recipient.clone(),
            kind: mail.body.kind().to_owned(),
            state,
            created_at: now,
            sent_at: None,
            error: None,
        }
    }
}

/// The mails of the tenant, newest first.
///
/// # Errors
/// `FORBIDDEN` without `MailView`; `INVALID_INPUT` for a cursor.
pub async fn tenant_mails(
    ctx: &TenantContext,
    page: &PageRequest,
) -> Result<Page<TenantMail>, DomainError> {
    ctx.require(Permission::MailView)?;
    let tx = ctx.store.read().await?;
    let total = record::count(&tx, KIND).await?;
    let after = page.position::<RecordId>()?;
    let rows = record::list::<MailRecord>(&tx, KIND, after, page.fetch()).await?;
    Ok(page.page(rows, total, |row| row.id).map(TenantMail::from))
}

/// One mail of the tenant.
///
/// # Errors
/// `FORBIDDEN` without `MailView`; `NOT_FOUND`.
pub async fn tenant_mail(ctx: &TenantContext, id: MailId) -> Result<TenantMail, DomainError> {
    ctx.require(Permission::MailView)?;
    let tx = ctx.store.read().await?;
    let found = record::get::<MailRecord>(&tx, KIND, &id.to_string()).await?;
    found.map(TenantMail::from).ok_or(DomainError::NOT_FOUND)
}

impl From<Record<MailRecord>> for TenantMail {
    fn from(record: Record<MailRecord>) -> Self {
        let body = record.body;
        Self {
            id: record.id.uuid().into(),
            recipient: body.recipient,
            kind: body.kind,
            state: body.state,
            created_at: body.created_at,
            sent_at: body.sent_at,
            error: body.error,
        }
    }
}

pub(crate) async fn find(tx: &TenantTx, id: MailId) -> Result<Option<MailRecord>, StoreError> {
    let found = record::get::<MailRecord>(tx, KIND, &id.to_string()).await?;
    Ok(found.map(|record| record.body))
}

pub(crate) async fn keep(
    tx: &TenantTx,
    id: MailId,
    mail: &MailRecord,
    now: Instant,
) -> Result<(), StoreError> {
    let write = RecordWrite {
        id: id.uuid().into(),
        kind: KIND,
        key: &id.to_string(),
        body: mail,
        now,
    };
    record::put(tx, write).await?;
    Ok(())
}

/// Lets every mail that is held go now: the company was verified, and the commit of that is over.
/// How many there were. A mail that is being held meanwhile is let go too, or sees for itself that
/// the company is verified.
///
/// # Errors
/// The database refused.
pub async fn release_held(tx: &TenantTx, services: &Services) -> Result<u64, StoreError> {
    lock_mails(tx, services).await?;
    jobs::hasten(tx, MAIL_JOB, HELD, services.clock.now()).await
}

/// One transaction of the tenant at a time counts mails, or lets held ones go.
pub(crate) async fn lock_mails(tx: &TenantTx, services: &Services) -> Result<(), StoreError> {
    lock_row(tx, services, "mails").await
}

/// Counts one mail of today, if it is among the first `max`; [`lock_mails`] is held. The first mail
/// of a day clears what is too old to be listed.
pub(crate) async fn count_today(
    tx: &TenantTx,
    services: &Services,
    max: Option<u32>,
) -> Result<bool, StoreError> {
    let now = services.clock.now();
    let day = now.format("%Y-%m-%d").to_string();
    let found = record::get::<MailDay>(tx, DAY_KIND, DAY_KEY).await?;
    let known = found
        .map(|record| record.body)
        .filter(|known| known.day == day);
    if known.is_none() {
        forget_old(tx, now).await?;
    }
    let mails = known.map_or(0, |known| known.mails);
    if max.is_some_and(|max| mails >= max) {
        return Ok(false);
    }
    let today = MailDay {
        day,
        mails: mails.saturating_add(1),
    };
    let write = RecordWrite {
        id: RecordId::new(&*services.clock, &*services.rng),
        kind: DAY_KIND,
        key: DAY_KEY,
        body: &today,
        now,
    };
    record::put(tx, write).await?;
    Ok(true)
}

async fn forget_old(tx: &TenantTx, now: Instant) -> Result<(), StoreError> {
    entity::record::Entity::delete_many()
        .filter(entity::record::Column::Kind.eq(KIND))
        .filter(entity::record::Column::CreatedAt.lt(now - Duration::days(KEPT_DAYS)))
        .exec(tx)
        .await?;
    Ok(())
}

/// The first moment of tomorrow (UTC), when held mails are tried again.
pub(crate) fn tomorrow(now: Instant) -> Instant {
    let day = now.date_naive() + chrono::Days::new(1);
    day.and_time(chrono::NaiveTime::MIN).and_utc()
}

//! Mails outside tenants: those of sign-up and operators, and every mail of the local mailbox, with
//! its text there and nowhere else. Bounded in number and age.

use chrono::Duration;
use kernel::Instant;
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
    sea_query::{Expr, ExprTrait as _, Func, LikeExpr, OnConflict},
};
use tenancy_access::{DomainError, search_term};
use tenancy_model::{MailId, TenantId};
use tenancy_store::{ControlStore, ControlTx, Page, PageRequest, StoreError};

use crate::{MailState, entity::mail};

/// Mails of the local mailbox; the oldest go.
pub const MAILBOX_MAX: u64 = 1_000;
/// Days for which it is kept what became of a mail.
pub(crate) const KEPT_DAYS: i64 = 90;

/// A mail, as an operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformMail {
    /// Its id.
    pub id: MailId,
    /// The address.
    pub recipient: String,
    /// [`tenancy_model::MailBody::kind`].
    pub kind: String,
    /// Whose mail it is; `None`: of no tenant.
    pub tenant: Option<TenantId>,
    /// What became of it.
    pub state: MailState,
    /// When it was written.
    pub created_at: Instant,
    /// When it left.
    pub sent_at: Option<Instant>,
    /// Why it did not leave.
    pub error: Option<String>,
    /// In the local mailbox alone.
    pub subject: Option<String>,
    /// In the local mailbox alone.
    pub body: Option<String>,
}

impl From<mail::Model> for PlatformMail {
    fn from(row: mail::Model) -> Self {
        Self {
            id: row.id,
            recipient: row.recipient,
            kind: row.kind,
            tenant: row.tenant_id,
            state: row.state,
            created_at: row.created_at,
            sent_at: row.sent_at,
            error: row.error,
            subject: row.subject,
            body: row.body,
        }
    }
}

/// Mails, newest first; `search` is part of a recipient or a kind. The caller is an operator:
/// registry sees to that.
///
/// # Errors
/// `TOO_LONG` for the search, `INVALID_INPUT` for a cursor, or the database is away.
pub async fn platform_mails(
    control: &ControlStore,
    search: Option<&str>,
    page: &PageRequest,
) -> Result<Page<PlatformMail>, DomainError> {
    let wanted = match search_term(search)? {
        Some(term) => mail::Entity::find().filter(named(&term)),
        None => mail::Entity::find(),
    };
    let tx = control.read().await?;
    let total = wanted.clone().count(&tx).await?;
    let mut rows = wanted
        .order_by_desc(mail::Column::CreatedAt)
        .order_by_desc(mail::Column::Id)
        .limit(page.fetch());
    if let Some((at, id)) = page.position::<(Instant, MailId)>()? {
        rows = rows.filter(before(at, id));
    }
    let rows = rows.all(&tx).await?;
    Ok(page
        .page(rows, total, |row| (row.created_at, row.id))
        .map(PlatformMail::from))
}

fn named(term: &str) -> Condition {
    let escaped = term
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    let like = || LikeExpr::new(format!("%{escaped}%")).escape('\\');
    Condition::any()
        .add(Func::lower(Expr::col(mail::Column::Recipient)).like(like()))
        .add(Expr::col(mail::Column::Kind).like(like()))
}

fn before(at: Instant, id: MailId) -> Condition {
    let same_time = mail::Column::CreatedAt.eq(at).and(mail::Column::Id.lt(id));
    Condition::any()
        .add(mail::Column::CreatedAt.lt(at))
        .add(same_time)
}

/// One mail.
///
/// # Errors
/// The database is away.
pub async fn platform_mail(
    control: &ControlStore,
    id: MailId,
) -> Result<Option<PlatformMail>, DomainError> {
    let tx = control.read().await?;
    Ok(mail::Entity::find_by_id(id)
        .one(&tx)
        .await?
        .map(PlatformMail::from))
}

/// How many mails outside tenants were given up since an instant.
///
/// # Errors
/// The database is away.
pub async fn mails_failed(control: &ControlStore, since: Instant) -> Result<u64, DomainError> {
    let tx = control.read().await?;
    let failed = mail::Entity::find()
        .filter(mail::Column::CreatedAt.gt(since))
        .filter(mail::Column::State.eq(MailState::Failed));
    Ok(failed.count(&tx).await?)
}

/// Removes what is kept of a tenant's mails outside the tenant; part of erasing it.
///
/// # Errors
/// The database is away.
pub async fn forget_tenant(tx: &ControlTx, tenant: TenantId) -> Result<(), StoreError> {
    mail::Entity::delete_many()
        .filter(mail::Column::TenantId.eq(tenant))
        .exec(tx)
        .await?;
    Ok(())
}

pub(crate) async fn find(tx: &ControlTx, id: MailId) -> Result<Option<mail::Model>, StoreError> {
    Ok(mail::Entity::find_by_id(id).one(tx).await?)
}

/// Keeps a mail, or what became of one that is kept already; what is too old or too much goes.
pub(crate) async fn keep(
    tx: &ControlTx,
    row: mail::Model,
    kept_max: Option<u64>,
) -> Result<(), StoreError> {
    let now = row.created_at;
    let again = OnConflict::column(mail::Column::Id)
        .update_columns([
            mail::Column::State,
            mail::Column::Error,
            mail::Column::SentAt,
        ])
        .to_owned();
    mail::Entity::insert(mail::ActiveModel::from(row))
        .on_conflict(again)
        .exec_without_returning(tx)
        .await?;
    let old = mail::Column::CreatedAt.lt(now - Duration::days(KEPT_DAYS));
    mail::Entity::delete_many().filter(old).exec(tx).await?;
    let Some(kept_max) = kept_max else {
        return Ok(());
    };
    let first_gone = newest().offset(kept_max).limit(1).one(tx).await?;
    if let Some(row) = first_gone {
        let gone = before(row.created_at, row.id).add(mail::Column::Id.eq(row.id));
        mail::Entity::delete_many().filter(gone).exec(tx).await?;
    }
    Ok(())
}

fn newest() -> Select<mail::Entity> {
    mail::Entity::find()
        .order_by_desc(mail::Column::CreatedAt)
        .order_by_desc(mail::Column::Id)
}

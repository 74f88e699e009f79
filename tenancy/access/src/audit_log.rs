//! The log of administrators' actions: appended in the transaction of the action, never changed.

use kernel::Instant;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _};
use sea_orm::{QueryFilter as _, QueryOrder as _, QuerySelect as _};
use tenancy_model::{AuditId, Permission};
use tenancy_store::{Page, PageRequest, StoreError, TenantTx};

use crate::{Actor, DomainError, TenantContext, entity::audit};

/// Characters of an object's name in the log; a longer one is cut.
const OBJECT_CHARS_MAX: usize = 200;

/// What was done, and to what.
#[derive(Debug, Clone)]
pub struct Deed {
    action: &'static str,
    object: Option<String>,
    object_id: Option<String>,
    outcome: &'static str,
}

impl Deed {
    /// An action such as `member.create`, done.
    #[must_use]
    pub fn new(action: &'static str) -> Self {
        Self {
            action,
            object: None,
            object_id: None,
            outcome: "done",
        }
    }

    /// To what it was done: its name for people, its id for machines.
    #[must_use]
    pub fn to(self, name: &str, id: impl ToString) -> Self {
        Self {
            object: Some(name.chars().take(OBJECT_CHARS_MAX).collect()),
            object_id: Some(id.to_string()),
            ..self
        }
    }

    /// It was tried and refused.
    #[must_use]
    pub fn refused(self) -> Self {
        Self {
            outcome: "refused",
            ..self
        }
    }
}

/// Appends a line in the transaction of the action.
///
/// # Errors
/// The database refused.
pub async fn append(tx: &TenantTx, ctx: &TenantContext, deed: &Deed) -> Result<(), StoreError> {
    let (actor, actor_id) = match &ctx.actor {
        Actor::Member { member, name, .. } => (name.clone(), Some(member.to_string())),
        Actor::Founder { session } => ("founder".to_owned(), Some(session.to_string())),
        Actor::Job { name } => ((*name).to_owned(), None),
    };
    let row = audit::ActiveModel {
        id: Set(AuditId::new(ctx.clock(), ctx.rng())),
        at: Set(ctx.now()),
        actor: Set(actor),
        actor_id: Set(actor_id),
        action: Set(deed.action.to_owned()),
        object: Set(deed.object.clone()),
        object_id: Set(deed.object_id.clone()),
        ip: Set(ctx.origin.ip.map(|ip| ip.to_string())),
        outcome: Set(deed.outcome.to_owned()),
    };
    audit::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// One line, as the console shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Of this line.
    pub id: AuditId,
    /// When.
    pub at: Instant,
    /// Who, by the name of then.
    pub actor: String,
    /// What, such as `member.create`.
    pub action: String,
    /// To what, by the name of then.
    pub object: Option<String>,
    /// From where.
    pub ip: Option<String>,
    /// `done` or `refused`.
    pub outcome: String,
}

/// The log, newest first.
///
/// # Errors
/// [`DomainError::FORBIDDEN`] without `CompanyView`.
pub async fn audit_log(
    ctx: &TenantContext,
    page: &PageRequest,
) -> Result<Page<AuditEntry>, DomainError> {
    ctx.require(Permission::CompanyView)?;
    let tx = ctx.store.read().await?;
    let total = audit::Entity::find().count(&tx).await?;
    let mut query = audit::Entity::find().order_by_desc(audit::Column::Id);
    if let Some(before) = page.position::<AuditId>()? {
        query = query.filter(audit::Column::Id.lt(before));
    }
    let rows = query.limit(page.fetch()).all(&tx).await?;
    Ok(page.page(rows, total, |row| row.id).map(AuditEntry::from))
}

impl From<audit::Model> for AuditEntry {
    fn from(row: audit::Model) -> Self {
        Self {
            id: row.id,
            at: row.at,
            actor: row.actor,
            action: row.action,
            object: row.object,
            ip: row.ip,
            outcome: row.outcome,
        }
    }
}

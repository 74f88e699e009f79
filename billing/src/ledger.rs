//! The ledger: what was granted to a tenant, by whom, in the issuer's own order. Rows are only ever
//! added; an event that arrives twice is kept once.

use kernel::{Clock, Instant, Rng};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, DeriveActiveEnum, EntityTrait as _,
    EnumIter, FromJsonQueryResult, IntoActiveModel as _, QueryFilter as _, QuerySelect as _,
    TryInsertResult, sea_query::OnConflict,
};
use serde::{Deserialize, Serialize};
use tenancy_model::{LedgerId, TenantId};
use tenancy_registry::later;
use tenancy_store::{ControlTx, StoreError, Stores, control::tenant};

use crate::{BillingError, GIB, entity::ledger};

/// Whose word an event is. The order of the variants is their rank: a term of a later one takes the
/// place of every term of an earlier one.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumIter,
    DeriveActiveEnum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Issuer {
    /// Public sign-up: the trial.
    Signup,
    /// Whoever runs this deployment.
    Operator,
}

/// What was granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LedgerBody {
    /// A term with an end and no charge (LIC-02).
    Trial {
        /// Members that may be authorised at once.
        seats: u32,
        /// When it ends.
        ends_at: Instant,
        /// Bytes that files may take.
        #[serde(default = "storage_of_old_events")]
        storage_bytes: u64,
    },
    /// A licence; takes the place of the one before of the same issuer.
    License {
        /// Members that may be authorised at once.
        seats: u32,
        /// When it ends; `None`: without end.
        ends_at: Option<Instant>,
        /// Bytes that files may take.
        #[serde(default = "storage_of_old_events")]
        storage_bytes: u64,
    },
}

/// What an operator grants by a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LicenseTerms {
    /// Members that may be authorised at once.
    pub seats: u32,
    /// When it ends; `None`: without end.
    pub ends_at: Option<Instant>,
    /// Bytes that files may take.
    pub storage_bytes: u64,
}

/// Events from before files were counted.
fn storage_of_old_events() -> u64 {
    10 * GIB
}

impl LedgerBody {
    /// The kind, as the table shows it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Trial { .. } => "trial",
            Self::License { .. } => "license",
        }
    }
}

/// One event of a tenant's ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEvent {
    /// Whose word it is.
    pub issuer: Issuer,
    /// Its place in the issuer's own order: trial number, licence serial, decision number.
    pub order: i64,
    /// What was granted.
    pub body: LedgerBody,
}

/// Adds an event, unless the tenant has one of this issuer and order already. Moves the tenant's
/// `changed_at`, by which every process learns of it. Returns whether it was new.
///
/// # Errors
/// [`StoreError::TenantUnknown`], or the database is away.
pub async fn append(
    tx: &ControlTx,
    clock: &dyn Clock,
    rng: &dyn Rng,
    tenant: TenantId,
    event: &LedgerEvent,
) -> Result<bool, StoreError> {
    let row = tenant::Entity::find_by_id(tenant)
        .lock_exclusive()
        .one(tx)
        .await?;
    let row = row.ok_or(StoreError::TenantUnknown(tenant))?;
    if !insert(tx, (clock, rng), tenant, event).await? {
        return Ok(false);
    }
    let changed_at = later(clock.now(), row.changed_at);
    let mut change = row.into_active_model();
    change.changed_at = Set(changed_at);
    change.update(tx).await?;
    Ok(true)
}

async fn insert(
    tx: &ControlTx,
    (clock, rng): (&dyn Clock, &dyn Rng),
    tenant: TenantId,
    event: &LedgerEvent,
) -> Result<bool, StoreError> {
    let row = ledger::Model {
        id: LedgerId::new(clock, rng),
        tenant_id: tenant,
        issuer: event.issuer,
        issuer_order: event.order,
        kind: event.body.kind().to_owned(),
        body: event.body.clone(),
        created_at: clock.now(),
    };
    let key = [
        ledger::Column::TenantId,
        ledger::Column::Issuer,
        ledger::Column::IssuerOrder,
    ];
    let kept = ledger::Entity::insert(ledger::ActiveModel::from(row))
        .on_conflict(OnConflict::columns(key).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(tx)
        .await?;
    Ok(matches!(kept, TryInsertResult::Inserted(rows) if rows > 0))
}

/// The events of a tenant, in the order in which they are folded.
pub(crate) async fn events(
    tx: &ControlTx,
    tenant: TenantId,
) -> Result<Vec<LedgerEvent>, StoreError> {
    let rows = ledger::Entity::find()
        .filter(ledger::Column::TenantId.eq(tenant))
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(LedgerEvent::from).collect())
}

impl From<ledger::Model> for LedgerEvent {
    fn from(row: ledger::Model) -> Self {
        Self {
            issuer: row.issuer,
            order: row.issuer_order,
            body: row.body,
        }
    }
}

/// Gives a tenant a licence by the operator's word: command line, demonstration. It takes the place
/// of the trial and of the operator's licence before.
///
/// # Errors
/// [`BillingError::NotFound`], or the database is away.
pub async fn license_grant(
    stores: &Stores,
    (clock, rng): (&dyn Clock, &dyn Rng),
    tenant: TenantId,
    terms: LicenseTerms,
) -> Result<(), BillingError> {
    let tx = stores.control().begin().await?;
    // Licences of one tenant are numbered one after another: the row is the queue.
    let locked = tenant::Entity::find_by_id(tenant)
        .lock_exclusive()
        .one(&tx)
        .await?;
    locked.ok_or(BillingError::NotFound)?;
    let last = events(&tx, tenant).await?;
    let last = last
        .iter()
        .filter(|e| e.issuer == Issuer::Operator)
        .map(|e| e.order)
        .max();
    let event = LedgerEvent {
        issuer: Issuer::Operator,
        order: last.unwrap_or(0) + 1,
        body: LedgerBody::License {
            seats: terms.seats,
            ends_at: terms.ends_at,
            storage_bytes: terms.storage_bytes,
        },
    };
    append(&tx, clock, rng, tenant, &event).await?;
    tx.commit().await?;
    stores.tenant_changed(tenant);
    Ok(())
}

//! Removes what a crash left of tenants that never came to be, and sign-ups that count for nothing
//! any more. Runs at every start and as a recurring job.

use std::time::Duration;

use chrono::TimeDelta;
use kernel::Instant;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use tenancy_access::DomainError;
use tenancy_model::{TenantId, TenantStatus};
use tenancy_store::{StoreError, control::tenant};

use crate::{
    Registry,
    entity::{platform_session, signup},
    tenants::later,
};

/// Kind of the recurring control job that calls [`sweep`].
pub const SWEEP_JOB: &str = "registry_sweep";
/// How often that job runs.
pub const SWEEP_EVERY: Duration = Duration::from_secs(300);
/// Days for which an operator's session is kept after its end.
const SESSIONS_KEPT_DAYS: i64 = 30;
/// Half tenants that are removed in one sweep; the next takes the rest.
const TENANTS_MAX: u64 = 100;

/// Removes half tenants that are older than `older_than`, and outdated sign-ups. Their sign-ups can
/// be confirmed again with the same code while it lasts. Returns how many tenants were removed.
///
/// `older_than` is 0 at the start of the embedded column (nobody else can be making one) and
/// [`crate::RegistryConfig::provisioning_for`] otherwise.
///
/// # Errors
/// The control database is away. A tenant whose shard is away stays for the next sweep.
pub async fn sweep(registry: &Registry, older_than: Duration) -> Result<usize, DomainError> {
    let now = registry.now();
    let mut removed = 0;
    for row in half_tenants(registry, now - delta(older_than)).await? {
        match undo(registry, row.id, &row.shard).await {
            Ok(gone) => removed += usize::from(gone),
            Err(error) => {
                tracing::error!(tenant = %row.id, %error, "a half tenant was not removed");
            }
        }
    }
    forget_signups(registry, now).await?;
    forget_sessions(registry, now).await?;
    Ok(removed)
}

fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}

pub(crate) async fn half_tenants(
    registry: &Registry,
    before: Instant,
) -> Result<Vec<tenant::Model>, DomainError> {
    let tx = registry.services.stores.control().read().await?;
    let rows = tenant::Entity::find()
        .filter(tenant::Column::Status.eq(TenantStatus::Provisioning))
        .filter(tenant::Column::CreatedAt.lte(before))
        .order_by_asc(tenant::Column::CreatedAt)
        .limit(TENANTS_MAX)
        .all(&tx)
        .await?;
    Ok(rows)
}

/// Removes a tenant that is still being made; whether there is nothing of it now. One that became
/// active in the meantime stays whole.
///
/// 1. Claim the row, so that its maker cannot finish any more.
/// 2. Schema, role or file. Not inside a control transaction: the embedded column writes there.
/// 3. The row, its terms, and the mark of the sign-up, in one transaction: as long as the row is
///    there, the rest is found again.
pub(crate) async fn undo(
    registry: &Registry,
    tenant: TenantId,
    shard: &str,
) -> Result<bool, StoreError> {
    // 1
    if !claim(registry, tenant).await? {
        return Ok(false);
    }
    // 2
    registry.services.stores.drop_schema(tenant, shard).await?;
    // 3
    forget(registry, tenant).await?;
    Ok(true)
}

/// Whether the tenant cannot become active any more: its row is claimed now, or gone.
pub(crate) async fn claim(registry: &Registry, tenant: TenantId) -> Result<bool, StoreError> {
    let tx = registry.services.stores.control().begin().await?;
    let row = tenant::Entity::find_by_id(tenant)
        .lock_exclusive()
        .one(&tx)
        .await?;
    let Some(row) = row else {
        return Ok(true);
    };
    if row.status != TenantStatus::Provisioning {
        return Ok(false);
    }
    let now = registry.now();
    let changed_at = later(now, row.changed_at);
    let mut change = row.into_active_model();
    change.removing_at = Set(Some(now));
    change.changed_at = Set(changed_at);
    change.update(&tx).await?;
    tx.commit().await?;
    Ok(true)
}

async fn forget(registry: &Registry, tenant: TenantId) -> Result<(), StoreError> {
    let tx = registry.services.stores.control().begin().await?;
    let gone = tenant::Entity::delete_many()
        .filter(tenant::Column::Id.eq(tenant))
        .filter(tenant::Column::Status.eq(TenantStatus::Provisioning))
        .exec(&tx)
        .await?;
    if gone.rows_affected > 0 {
        registry.first_terms.withdraw(&tx, tenant).await?;
        let signup = signup::Entity::find()
            .filter(signup::Column::TenantId.eq(tenant))
            .one(&tx)
            .await?;
        if let Some(signup) = signup {
            let mut change = signup.into_active_model();
            change.tenant_id = Set(None);
            change.confirmed_at = Set(None);
            change.update(&tx).await?;
        }
    }
    tx.commit().await
}

/// A sign-up counts against the limits for as long as the window of trials is.
async fn forget_signups(registry: &Registry, now: Instant) -> Result<(), DomainError> {
    let window = TimeDelta::days(registry.config.trials_window_days.max(1).into());
    let tx = registry.services.stores.control().begin().await?;
    signup::Entity::delete_many()
        .filter(signup::Column::CreatedAt.lt(now - window))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Sessions of operators that ended long ago are of no use to anybody.
async fn forget_sessions(registry: &Registry, now: Instant) -> Result<(), DomainError> {
    let tx = registry.services.stores.control().begin().await?;
    platform_session::Entity::delete_many()
        .filter(platform_session::Column::ExpiresAt.lt(now - TimeDelta::days(SESSIONS_KEPT_DAYS)))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

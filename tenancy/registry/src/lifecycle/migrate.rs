//! Tries the migration of one tenant again that was set aside.

use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, IntoActiveModel as _};
use tenancy_access::DomainError;
use tenancy_model::{ErrorCode, Problem, TenantId, TenantStatus};
use tenancy_store::migration::upgrade_tenant;

use super::change::lock;
use crate::{Steward, TenantView, tenants, watch::later};

/// Brings a tenant's tables up to date and notes the outcome in its row, the error included.
///
/// # Errors
/// `NOT_FOUND`, `TENANT_CLOSED` for one that is erased, or the control database is away.
pub async fn tenant_migrate(
    steward: &Steward<'_>,
    id: TenantId,
) -> Result<TenantView, DomainError> {
    let registry = steward.registry;
    let stores = &registry.services.stores;
    let tx = stores.control().read().await?;
    let row = tenants::get(&tx, id).await?;
    drop(tx);
    if row.status == TenantStatus::Erased {
        return Err(Problem::new(ErrorCode::TenantClosed).into());
    }
    let outcome = upgrade_tenant(stores, id, &row.shard).await;
    let tx = stores.control().begin().await?;
    let row = lock(&tx, id).await?;
    let changed_at = later(registry.now(), row.changed_at);
    let mut change = row.into_active_model();
    match outcome {
        Ok(version) => {
            change.schema_version = Set(version);
            change.migration_error = Set(None);
        }
        Err(error) => {
            tracing::error!(tenant = %id, %error, "the migration of a tenant failed again");
            change.migration_error = Set(Some(error.to_string()));
        }
    }
    change.changed_at = Set(changed_at);
    let row = change.update(&tx).await?;
    tx.commit().await?;
    tenants::view(registry, row).await
}

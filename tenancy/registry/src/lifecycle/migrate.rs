//! Tries the migration of one tenant again that was set aside.

use tenancy_access::DomainError;
use tenancy_model::{ErrorCode, Problem, TenantId, TenantStatus};

use crate::{Steward, TenantView, tenants};

/// Brings a tenant's tables up to date. When it fails again, the outcome is in its row, and this
/// still answers the tenant.
///
/// # Errors
/// `NOT_FOUND`, `TENANT_CLOSED` for one that is erased, or the control database is away.
pub async fn tenant_migrate(
    steward: &Steward<'_>,
    id: TenantId,
) -> Result<TenantView, DomainError> {
    let services = &steward.registry.services;
    let tx = services.stores.control().read().await?;
    let row = tenants::get(&tx, id).await?;
    drop(tx);
    if row.status == TenantStatus::Erased {
        return Err(Problem::new(ErrorCode::TenantClosed).into());
    }
    if let Err(error) = services.stores.migrate_tenant(id, &*services.clock).await {
        tracing::error!(tenant = %id, %error, "the migration of a tenant failed again");
    }
    let tx = services.stores.control().read().await?;
    let row = tenants::get(&tx, id).await?;
    drop(tx);
    tenants::view(steward.registry, row).await
}

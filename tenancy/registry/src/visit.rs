//! From what somebody typed or a request named to the tenant it means (TEN-02, TEN-03).

use std::sync::Arc;

use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _};
use tenancy_access::{DomainError, Origin, Visit};
use tenancy_model::{ErrorCode, Problem, TenantId, TenantStatus};
use tenancy_store::{StoreError, control::tenant};

use crate::Registry;

/// The longest text that is looked up; a host name and an enterprise number are shorter.
const TEXT_CHARS_MAX: usize = 64;

/// A visit to the tenant that `text` names, a host name or an enterprise number, and whether it was
/// the number.
///
/// # Errors
/// `TENANT_UNKNOWN` with the field `tenant`, `TENANT_SUSPENDED`, `TENANT_CLOSED`, or a database is
/// away.
pub async fn visit(
    registry: &Registry,
    origin: Origin,
    text: &str,
) -> Result<(Visit, bool), DomainError> {
    let text = kernel::fold(&kernel::clean_line(text));
    if text.is_empty() || text.chars().count() > TEXT_CHARS_MAX {
        return Err(unknown());
    }
    let tx = registry.services.stores.control().read().await?;
    let named = Condition::any()
        .add(tenant::Column::Number.eq(&text))
        .add(tenant::Column::HostName.eq(&text));
    let rows = tenant::Entity::find().filter(named).all(&tx).await?;
    drop(tx);
    // A host name may look like another tenant's number: the number wins.
    let row = rows
        .iter()
        .find(|row| row.number == text)
        .or(rows.first())
        .cloned();
    let by_number = row.as_ref().is_some_and(|row| row.number == text);
    let row = row.map(Arc::new).ok_or_else(unknown)?;
    Ok((enter(registry, origin, row).await?, by_number))
}

/// A visit to the tenant that a request named by its id. Every request to a tenant comes through
/// here: the row and the entitlements are those that this process remembers, at most two seconds
/// old, and the control database is not asked.
///
/// # Errors
/// As [`visit`].
pub async fn visit_by_id(
    registry: &Registry,
    origin: Origin,
    id: TenantId,
) -> Result<Visit, DomainError> {
    match registry.services.stores.tenant_row(id).await {
        Ok(row) => enter(registry, origin, row).await,
        Err(StoreError::TenantUnknown(_)) => Err(unknown()),
        Err(error) => Err(error.into()),
    }
}

async fn enter(
    registry: &Registry,
    origin: Origin,
    row: Arc<tenant::Model>,
) -> Result<Visit, DomainError> {
    match row.status {
        TenantStatus::Active => {}
        TenantStatus::Provisioning | TenantStatus::Erased => return Err(unknown()),
        TenantStatus::Suspended => return Err(Problem::new(ErrorCode::TenantSuspended).into()),
        TenantStatus::Closing => return Err(Problem::new(ErrorCode::TenantClosed).into()),
    }
    let store = registry.services.stores.tenant(row.id).await?;
    let entitlements = registry.entitlements.of(row.id).await;
    Ok(Visit {
        store,
        entitlements: entitlements
            .map_err(|error| DomainError::internal("reading entitlements", error))?,
        tenant: row,
        origin,
        services: registry.services.clone(),
    })
}

fn unknown() -> DomainError {
    Problem::field(ErrorCode::TenantUnknown, "tenant").into()
}

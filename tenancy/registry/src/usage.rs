//! How many seats and members a tenant has, for the operator's lists. Counted in the tenant's own
//! store, one tenant at a time and only for the rows of a page that ask, and remembered for a short
//! while, so that no list ever visits all tenants.

use std::{collections::HashMap, time::Duration};

use futures::{StreamExt as _, stream};
use moka::sync::Cache;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use tenancy_access::{DomainError, seats_used};
use tenancy_model::{MemberState, TenantId};

use crate::{Registry, Steward, entity::member};

/// Tenants asked at the same time.
const AT_ONCE: usize = 8;
/// Tenants asked in one call: a page.
const TENANTS_MAX: usize = 100;
/// Tenants remembered.
const REMEMBERED_MAX: u64 = 10_000;
/// For how long.
const REMEMBERED_FOR: Duration = Duration::from_secs(15);

/// What a tenant uses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TenantUsage {
    /// Authorised members (LIC-01).
    pub seats_used: u64,
    /// Members in the directory, disabled ones included.
    pub members: u64,
}

/// What was counted lately.
pub(crate) struct UsageCache(Cache<TenantId, TenantUsage>);

impl Default for UsageCache {
    fn default() -> Self {
        let cache = Cache::builder()
            .max_capacity(REMEMBERED_MAX)
            .time_to_live(REMEMBERED_FOR)
            .build();
        Self(cache)
    }
}

/// Counts for the tenants of one page; a tenant whose store is away is missing in the answer, and
/// the list shows the others.
///
/// # Errors
/// None yet; the signature is that of every verb.
pub async fn tenant_usage<'a>(
    steward: impl Into<Steward<'a>>,
    tenants: &[TenantId],
) -> Result<HashMap<TenantId, TenantUsage>, DomainError> {
    let registry = steward.into().registry;
    let counted = stream::iter(tenants.iter().take(TENANTS_MAX).copied())
        .map(|tenant| async move { (tenant, of(registry, tenant).await) })
        .buffer_unordered(AT_ONCE)
        .filter_map(|(tenant, usage)| async move {
            match usage {
                Ok(usage) => Some((tenant, usage)),
                Err(error) => {
                    tracing::warn!(%tenant, %error, "the usage of a tenant was not counted");
                    None
                }
            }
        });
    Ok(counted.collect().await)
}

async fn of(registry: &Registry, tenant: TenantId) -> Result<TenantUsage, DomainError> {
    if let Some(usage) = registry.usage.0.get(&tenant) {
        return Ok(usage);
    }
    let store = registry.services.stores.tenant_for_upkeep(tenant).await?;
    let tx = store.read().await?;
    let members = member::Entity::find()
        .filter(member::Column::State.ne(MemberState::Resigned))
        .count(&tx)
        .await?;
    let usage = TenantUsage {
        seats_used: seats_used(&tx).await?,
        members,
    };
    registry.usage.0.insert(tenant, usage);
    Ok(usage)
}

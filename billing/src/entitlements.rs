//! The port that every check reads: the fold of a tenant's ledger, remembered by this process for
//! as long as the tenant's row has not moved. The stores see every move within a second, in one
//! query for all tenants ([`Stores::watch`]), so that no process is more than 2 s behind.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use kernel::Instant;
use moka::sync::Cache;
use sea_orm::EntityTrait as _;
use tenancy_model::{Entitlements, EntitlementsError, EntitlementsSnapshot, TenantId};
use tenancy_store::{StoreError, Stores, control::tenant};

use crate::{fold, ledger};

/// Tenants remembered: all of a node (DESIGN.md, "Scale, on paper").
const REMEMBERED_MAX: u64 = 20_000;
/// After which a value is read again whatever the watch says.
const REMEMBERED_FOR: Duration = Duration::from_secs(60);

#[derive(Clone)]
struct Remembered {
    value: Arc<EntitlementsSnapshot>,
    /// `changed_at` of the tenant's row in the transaction that read the ledger.
    as_of: Option<Instant>,
}

/// Entitlements out of the ledger of the control database.
pub struct LedgerEntitlements {
    stores: Stores,
    remembered: Cache<TenantId, Remembered>,
}

impl LedgerEntitlements {
    /// [`Stores::watch`] must be running for values to be kept current.
    #[must_use]
    pub fn new(stores: Stores) -> Arc<Self> {
        let remembered = Cache::builder()
            .max_capacity(REMEMBERED_MAX)
            .time_to_live(REMEMBERED_FOR)
            .build();
        Arc::new(Self { stores, remembered })
    }

    async fn current(&self, tenant: TenantId) -> Result<Arc<EntitlementsSnapshot>, StoreError> {
        if let Some(known) = self.remembered.get(&tenant) {
            let moved = match self.stores.tenant_row(tenant).await {
                Ok(row) => known.as_of < Some(row.changed_at),
                Err(StoreError::TenantUnknown(_)) => known.as_of.is_some(),
                Err(error) => return Err(error),
            };
            if !moved {
                return Ok(known.value);
            }
        }
        let read = self.read(tenant).await?;
        self.remembered.insert(tenant, read.clone());
        Ok(read.value)
    }

    async fn read(&self, tenant: TenantId) -> Result<Remembered, StoreError> {
        let tx = self.stores.control().read().await?;
        let row = tenant::Entity::find_by_id(tenant).one(&tx).await?;
        let events = ledger::events(&tx, tenant).await?;
        Ok(Remembered {
            value: Arc::new(fold(&events)),
            as_of: row.map(|row| row.changed_at),
        })
    }
}

#[async_trait]
impl Entitlements for LedgerEntitlements {
    async fn of(&self, tenant: TenantId) -> Result<Arc<EntitlementsSnapshot>, EntitlementsError> {
        let value = self.current(tenant).await;
        value.map_err(|error| EntitlementsError {
            tenant,
            source: Box::new(error),
        })
    }
}

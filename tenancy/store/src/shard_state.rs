//! How full each shard is, for operators.

use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use tenancy_model::TenantStatus;

use crate::{ControlTx, StoreError, Stores, control::tenant, health::name_of};

/// One shard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShardState {
    /// What the control database calls it.
    pub name: String,
    /// Whether new tenants may go there.
    pub open: bool,
    /// Tenants that live there.
    pub tenants: u64,
    /// Tenants that may live there.
    pub tenants_max: u32,
    /// Whether it answers.
    pub healthy: bool,
}

impl Stores {
    /// Every shard, by name.
    ///
    /// # Errors
    /// The control database is away.
    pub async fn shard_states(&self) -> Result<Vec<ShardState>, StoreError> {
        let health = self.health().await;
        let tx = self.control().read().await?;
        let mut states = Vec::new();
        for shard in self.shards() {
            let name = name_of(shard);
            let ill = |one: &crate::Health| one.name == name && one.error.is_some();
            states.push(ShardState {
                name: shard.name.clone(),
                open: shard.open,
                tenants: tenants_of(&tx, &shard.name).await?,
                tenants_max: shard.tenants_max,
                healthy: !health.iter().any(ill),
            });
        }
        states.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(states)
    }
}

/// Tenants of a shard that are not erased.
pub(crate) async fn tenants_of(tx: &ControlTx, shard: &str) -> Result<u64, StoreError> {
    Ok(tenant::Entity::find()
        .filter(tenant::Column::Shard.eq(shard))
        .filter(tenant::Column::Status.ne(TenantStatus::Erased))
        .count(tx)
        .await?)
}

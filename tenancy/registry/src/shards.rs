//! Where tenants live, for operators.

use tenancy_access::DomainError;
use tenancy_store::ShardState;

use crate::PlatformContext;

/// Every shard, how full it is and whether it answers.
///
/// # Errors
/// The control database is away.
pub async fn shards(ctx: &PlatformContext) -> Result<Vec<ShardState>, DomainError> {
    Ok(ctx.registry.services.stores.shard_states().await?)
}

//! A breach of the wall between tenants, made on purpose: the proof that the isolation walk sees
//! one. Only tests are built with this module.

use std::{
    collections::HashMap,
    sync::{LazyLock, PoisonError, RwLock, RwLockWriteGuard},
};

use tenancy_model::TenantId;

/// Where a tenant's transactions go instead.
struct Detour {
    to: TenantId,
    /// Transactions that still go where they belong.
    good: u32,
}

type Detours = HashMap<TenantId, Detour>;

static DETOURS: LazyLock<RwLock<Detours>> = LazyLock::new(RwLock::default);

fn detours() -> RwLockWriteGuard<'static, Detours> {
    DETOURS.write().unwrap_or_else(PoisonError::into_inner)
}

/// From now on, and in this process, the transactions of `tenant` are opened in `to`'s schema or
/// file, as if a lookup had forgotten whose it is; the next `good` ones are still its own, so that
/// a request can find its session first. Both must live on the same shard.
pub fn breach_wall(tenant: TenantId, to: TenantId, good: u32) {
    detours().insert(tenant, Detour { to, good });
}

/// Ends [`breach_wall`].
pub fn mend_wall(tenant: TenantId) {
    detours().remove(&tenant);
}

/// Whose rows a transaction of `tenant` is about to see.
pub(crate) fn rows_of(tenant: TenantId) -> TenantId {
    match detours().get_mut(&tenant) {
        Some(detour) if detour.good == 0 => detour.to,
        Some(detour) => {
            detour.good -= 1;
            tenant
        }
        None => tenant,
    }
}

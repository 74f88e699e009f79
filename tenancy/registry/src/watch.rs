//! Keeps a process in step with tenants that other processes changed: one query a second over what
//! moved, whatever the number of tenants. Closes the handles of tenants that are no longer active, and
//! tells caches which of their values are old.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use dashmap::DashMap;
use kernel::{Clock, Instant};
use parking_lot::Mutex;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use tenancy_model::{TenantId, TenantStatus};
use tenancy_store::{StoreError, Stores, control::tenant};

/// How often a process looks.
pub const WATCH_EVERY: Duration = Duration::from_secs(1);
/// How far back each look goes: a change may be committed this long after it drew its time, and the
/// clocks of two machines may differ by as much.
const OVERLAP_S: i64 = 30;

/// What this process knows about changed tenants. One entry a tenant that changed while it runs.
pub struct TenantWatch {
    stores: Stores,
    clock: Arc<dyn Clock>,
    changed: DashMap<TenantId, Instant>,
    newest: Mutex<Option<Instant>>,
}

/// The time of the next change of a row: `now`, but always after `before`.
#[must_use]
pub fn later(now: Instant, before: Instant) -> Instant {
    now.max(before + TimeDelta::microseconds(1))
}

impl TenantWatch {
    /// Knows nothing yet.
    #[must_use]
    pub fn new(stores: Stores, clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self {
            stores,
            clock,
            changed: DashMap::new(),
            newest: Mutex::new(None),
        })
    }

    /// When the row of a tenant last changed, as far as this process has seen a change.
    #[must_use]
    pub fn changed_at(&self, tenant: TenantId) -> Option<Instant> {
        self.changed.get(&tenant).map(|at| *at)
    }

    /// Looks once; returns how many tenants had changed since the last look.
    ///
    /// # Errors
    /// The control database is away; the next look goes as far back as this one would have.
    pub async fn look(&self) -> Result<usize, StoreError> {
        let newest = (*self.newest.lock()).unwrap_or_else(|| self.clock.now());
        let since = newest - TimeDelta::seconds(OVERLAP_S);
        let tx = self.stores.control().read().await?;
        let rows: Vec<(TenantId, TenantStatus, Instant)> = tenant::Entity::find()
            .select_only()
            .columns([
                tenant::Column::Id,
                tenant::Column::Status,
                tenant::Column::ChangedAt,
            ])
            .filter(tenant::Column::ChangedAt.gt(since))
            .into_tuple()
            .all(&tx)
            .await?;
        drop(tx);
        let mut moved = 0;
        let mut newest = newest;
        for (id, status, at) in rows {
            newest = newest.max(at);
            if self.changed.insert(id, at) == Some(at) {
                continue;
            }
            moved += 1;
            match status {
                TenantStatus::Provisioning | TenantStatus::Active => {}
                TenantStatus::Suspended | TenantStatus::Closing | TenantStatus::Erased => {
                    self.stores.close_tenant(id);
                }
            }
        }
        *self.newest.lock() = Some(newest);
        Ok(moved)
    }

    /// Looks every second for as long as it is polled; drop it to stop.
    pub async fn run(self: Arc<Self>) {
        let mut every = tokio::time::interval(WATCH_EVERY);
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut away = false;
        loop {
            every.tick().await;
            match self.look().await {
                Ok(_) => away = false,
                Err(error) if !away => {
                    away = true;
                    tracing::warn!(%error, "changes of tenants cannot be seen at the moment");
                }
                Err(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_changes_of_one_row_never_have_the_same_time() {
        let now = kernel::ManualClock::default().now();
        let first = later(now, now - TimeDelta::hours(1));
        assert_eq!(first, now);
        assert!(later(now, first) > first);
    }
}

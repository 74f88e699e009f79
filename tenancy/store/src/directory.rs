//! What this process knows of the tenants, kept in memory so that a request costs no query to the
//! control database, and kept current by one query a second over what moved, whatever the number of
//! tenants.
//!
//! Only active tenants are kept: a tenant in any other state, or none, is asked for anew each time,
//! so that guessed names fill no memory and a resumed tenant is there at once. While the control
//! database is away, what was active stays so.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use chrono::TimeDelta;
use kernel::{Clock, Instant};
use moka::sync::Cache;
use parking_lot::Mutex;
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use tenancy_model::{TenantId, TenantStatus};
use tokio_util::sync::CancellationToken;

use crate::{StoreError, Stores, control::tenant};

/// Rows kept; above what one node is sized for.
const TENANTS_MAX: u64 = 20_000;
/// A change may be committed this long after it drew its time, and clocks differ: each look goes so
/// far back behind the last.
const OVERLAP_S: i64 = 5;
/// Rows of one query of a look.
const PAGE: u64 = 500;
/// Between two looks.
const LOOK_EVERY: std::time::Duration = std::time::Duration::from_secs(1);

/// Rows of active tenants by id, and where a name or number leads.
pub(crate) struct Directory {
    rows: Cache<TenantId, Arc<tenant::Model>>,
    host_names: Cache<String, TenantId>,
    numbers: Cache<String, TenantId>,
    looked_at: Mutex<Option<Instant>>,
    /// Grows with every change that is heard of, so that a row that was being read meanwhile is not
    /// kept.
    changes: AtomicU64,
}

impl Default for Directory {
    fn default() -> Self {
        Self {
            rows: Cache::new(TENANTS_MAX),
            host_names: Cache::new(TENANTS_MAX),
            numbers: Cache::new(TENANTS_MAX),
            looked_at: Mutex::new(None),
            changes: AtomicU64::new(0),
        }
    }
}

impl Directory {
    pub(crate) fn forget(&self, id: TenantId) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.rows.invalidate(&id);
    }

    fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// Keeps a row that was read after `changes` were heard of, unless there was another since: the
    /// row may be older than it.
    fn keep(&self, row: tenant::Model, changes: u64) -> Arc<tenant::Model> {
        let row = Arc::new(row);
        if row.status == TenantStatus::Active {
            self.host_names.insert(row.host_name.clone(), row.id);
            self.numbers.insert(row.number.clone(), row.id);
            self.rows.insert(row.id, row.clone());
            if self.changes() != changes {
                self.rows.invalidate(&row.id);
            }
        }
        row
    }
}

impl Stores {
    /// What the control database knows of a tenant, in whatever state.
    ///
    /// # Errors
    /// [`StoreError::TenantUnknown`], or the database is away.
    pub async fn tenant_row(&self, id: TenantId) -> Result<Arc<tenant::Model>, StoreError> {
        if let Some(row) = self.directory().rows.get(&id) {
            return Ok(row);
        }
        let changes = self.directory().changes();
        let row = self.load_tenant(id).await?;
        Ok(self.directory().keep(row, changes))
    }

    /// The tenant that is reached by a host name, in whatever state.
    ///
    /// # Errors
    /// The database is away.
    pub async fn tenant_by_host_name(
        &self,
        host_name: &str,
    ) -> Result<Option<Arc<tenant::Model>>, StoreError> {
        if let Some(id) = self.directory().host_names.get(host_name)
            && let Some(row) = self.directory().rows.get(&id)
            && row.host_name == host_name
        {
            return Ok(Some(row));
        }
        self.find_tenant(tenant::Column::HostName, host_name).await
    }

    /// The tenant with an enterprise number (TEN-01), in whatever state.
    ///
    /// # Errors
    /// The database is away.
    pub async fn tenant_by_number(
        &self,
        number: &str,
    ) -> Result<Option<Arc<tenant::Model>>, StoreError> {
        if let Some(id) = self.directory().numbers.get(number)
            && let Some(row) = self.directory().rows.get(&id)
            && row.number == number
        {
            return Ok(Some(row));
        }
        self.find_tenant(tenant::Column::Number, number).await
    }

    async fn find_tenant(
        &self,
        column: tenant::Column,
        value: &str,
    ) -> Result<Option<Arc<tenant::Model>>, StoreError> {
        let changes = self.directory().changes();
        let tx = self.control().read().await?;
        let found = tenant::Entity::find().filter(column.eq(value)).one(&tx);
        Ok(found.await?.map(|row| self.directory().keep(row, changes)))
    }

    pub(crate) async fn load_tenant(&self, id: TenantId) -> Result<tenant::Model, StoreError> {
        let tx = self.control().read().await?;
        let row = tenant::Entity::find_by_id(id).one(&tx).await?;
        row.ok_or(StoreError::TenantUnknown(id))
    }

    /// Forgets what this process knows of a tenant whose row it has changed itself: to be called
    /// after the commit of every such change. Other processes see it at their next look. The handle
    /// stays open.
    pub fn tenant_changed(&self, id: TenantId) {
        self.directory().forget(id);
    }

    /// Looks once what other processes changed: rows are renewed, and the handles of tenants that
    /// are no longer active closed. Answers whose were closed.
    ///
    /// # Errors
    /// The control database is away; the next look goes as far back as this one would have.
    pub async fn refresh(&self, now: Instant) -> Result<Vec<TenantId>, StoreError> {
        let looked_at = *self.directory().looked_at.lock();
        let closed = match looked_at {
            Some(before) => self.renew(before - TimeDelta::seconds(OVERLAP_S)).await?,
            // Whatever was read before the first look may be old.
            None => self.renew_all().await?,
        };
        *self.directory().looked_at.lock() = Some(now);
        Ok(closed)
    }

    async fn renew(&self, since: Instant) -> Result<Vec<TenantId>, StoreError> {
        let mut closed = Vec::new();
        let mut after: Option<(Instant, TenantId)> = None;
        loop {
            let (changed_at, id) = (tenant::Column::ChangedAt, tenant::Column::Id);
            let moved = match after {
                None => Condition::all().add(changed_at.gte(since)),
                Some((at, last)) => Condition::any()
                    .add(changed_at.gt(at))
                    .add(Condition::all().add(changed_at.eq(at)).add(id.gt(last))),
            };
            let tx = self.control().read().await?;
            let query = tenant::Entity::find().filter(moved);
            let query = query.order_by_asc(changed_at).order_by_asc(id).limit(PAGE);
            let rows = query.all(&tx).await?;
            drop(tx);
            let full = rows.len() as u64 == PAGE;
            after = rows.last().map(|row| (row.changed_at, row.id));
            closed.extend(rows.into_iter().filter_map(|row| self.renew_one(row)));
            if !full {
                return Ok(closed);
            }
        }
    }

    /// The tenant's id where its handle was closed.
    fn renew_one(&self, row: tenant::Model) -> Option<TenantId> {
        let id = row.id;
        if row.status != TenantStatus::Active {
            return self.close_tenant(id).then_some(id);
        }
        self.tenant_has_version(id, row.schema_version);
        // Forgotten, not replaced: whoever changed it here may have forgotten an older row since
        // this one was read.
        if self
            .directory()
            .rows
            .get(&id)
            .is_none_or(|known| *known != row)
        {
            self.directory().forget(id);
        }
        None
    }

    async fn renew_all(&self) -> Result<Vec<TenantId>, StoreError> {
        self.directory().changes.fetch_add(1, Ordering::SeqCst);
        self.directory().rows.invalidate_all();
        let mut closed = Vec::new();
        for id in self.open_tenants() {
            match self.tenant_row(id).await {
                Ok(row) if row.status == TenantStatus::Active => {}
                Ok(_) | Err(StoreError::TenantUnknown(_)) => {
                    closed.extend(self.close_tenant(id).then_some(id));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(closed)
    }

    /// Looks once a second until `stop` is cancelled; `closed` hears of each tenant whose handle
    /// was closed, so that its sockets can go.
    pub async fn watch(
        &self,
        clock: &dyn Clock,
        stop: &CancellationToken,
        closed: impl Fn(TenantId) + Send + Sync,
    ) {
        while !stop.is_cancelled() {
            match self.refresh(clock.now()).await {
                Ok(tenants) => tenants.into_iter().for_each(&closed),
                Err(error) => tracing::warn!(%error, "tenants that changed are not known"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{ActiveModelTrait as _, ActiveValue::Set};

    use super::*;
    use crate::testing::World;

    crate::test_both_backends!(
        a_tenant_is_found_by_name_and_number_and_only_there,
        what_another_process_changed_is_seen_by_the_next_look,
        a_tenant_closed_elsewhere_is_closed_here,
        many_changes_at_once_are_all_seen,
    );

    async fn rename(world: &World, stores: &Stores, id: TenantId, host_name: &str) {
        let tx = stores.control().begin().await.unwrap();
        let row = tenant::ActiveModel {
            id: Set(id),
            host_name: Set(host_name.to_owned()),
            changed_at: Set(world.now()),
            ..Default::default()
        };
        row.update(&tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    fn pass(world: &World, seconds: i64) {
        world.clock.advance(TimeDelta::seconds(seconds));
    }

    async fn a_tenant_is_found_by_name_and_number_and_only_there(world: World) {
        let (row, other) = (world.tenant_row().await, world.tenant_row().await);
        let stores = &world.stores;
        for _ in 0..2 {
            let found = stores.tenant_by_host_name(&row.host_name).await.unwrap();
            assert_eq!(found.as_deref(), Some(&row));
            let found = stores.tenant_by_number(&other.number).await.unwrap();
            assert_eq!(found.as_deref(), Some(&other));
            assert_eq!(*stores.tenant_row(row.id).await.unwrap(), row);
        }
        assert_eq!(stores.tenant_by_host_name(&row.number).await.unwrap(), None);
        assert_eq!(stores.tenant_by_number("0").await.unwrap(), None);
        let unknown = TenantId::new(&world.clock, &*world.rng);
        let error = stores.tenant_row(unknown).await;
        assert!(matches!(error, Err(StoreError::TenantUnknown(id)) if id == unknown));
    }

    async fn what_another_process_changed_is_seen_by_the_next_look(world: World) {
        let row = world.tenant_row().await;
        let other = world.open(&world.config).await;
        other.refresh(world.now()).await.unwrap();
        assert!(
            other
                .tenant_by_host_name(&row.host_name)
                .await
                .unwrap()
                .is_some()
        );
        pass(&world, 60);
        rename(&world, &world.stores, row.id, "new-name").await;
        assert_eq!(
            other.tenant_row(row.id).await.unwrap().host_name,
            row.host_name
        );
        // The clock of the other machine is ahead, and it looked before the change was committed.
        other
            .refresh(world.now() + TimeDelta::seconds(4))
            .await
            .unwrap();
        assert_eq!(
            other.tenant_row(row.id).await.unwrap().host_name,
            "new-name"
        );
        assert_eq!(
            other.tenant_by_host_name(&row.host_name).await.unwrap(),
            None
        );
        let found = other
            .tenant_by_host_name("new-name")
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found.id, row.id);
        rename(&world, &world.stores, row.id, "newer-name").await;
        other
            .refresh(world.now() + TimeDelta::seconds(5))
            .await
            .unwrap();
        assert_eq!(
            other.tenant_row(row.id).await.unwrap().host_name,
            "newer-name"
        );
        other.close().await;
    }

    async fn a_tenant_closed_elsewhere_is_closed_here(world: World) {
        let id = world.tenant_row().await.id;
        let other = world.open(&world.config).await;
        for first_look in [true, false] {
            let store = other.tenant(id).await.unwrap();
            let open = store.begin().await.unwrap();
            pass(&world, 60);
            world.set_status(id, TenantStatus::Suspended).await;
            assert!(store.is_open(), "first look: {first_look}");
            assert_eq!(other.refresh(world.now()).await.unwrap(), [id]);
            assert!(matches!(
                store.begin().await,
                Err(StoreError::TenantClosed(_))
            ));
            assert!(matches!(
                open.commit().await,
                Err(StoreError::TenantClosed(_))
            ));
            assert!(matches!(
                other.tenant(id).await,
                Err(StoreError::TenantClosed(_))
            ));
            assert!(other.refresh(world.now()).await.unwrap().is_empty());
            world.set_status(id, TenantStatus::Active).await;
            assert!(
                other.tenant(id).await.is_ok(),
                "a resumed tenant is there at once"
            );
        }
        other.close().await;
    }

    async fn many_changes_at_once_are_all_seen(world: World) {
        let id = world.tenant_row().await.id;
        let copy = world.stores.load_tenant(id).await.unwrap();
        let mut rows = Vec::new();
        for n in 0..1_100 {
            let row = tenant::Model {
                id: TenantId::new(&world.clock, &*world.rng),
                number: format!("2{n:07}"),
                host_name: format!("many-{n}"),
                ..copy.clone()
            };
            rows.push(tenant::ActiveModel::from(row));
        }
        let tx = world.stores.control().begin().await.unwrap();
        for part in rows.chunks(100) {
            let many = tenant::Entity::insert_many(part.to_vec());
            many.exec_without_returning(&tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        let stores = &world.stores;
        stores.refresh(world.now()).await.unwrap();
        for name in ["many-0", "many-1099"] {
            assert!(stores.tenant_by_host_name(name).await.unwrap().is_some());
        }
        let tx = stores.control().begin().await.unwrap();
        let all = tenant::Entity::update_many().col_expr(
            tenant::Column::ShortName,
            sea_orm::sea_query::Expr::value("short"),
        );
        all.exec(&tx).await.unwrap();
        tx.commit().await.unwrap();
        stores.refresh(world.now()).await.unwrap();
        for name in ["many-0", "many-1099"] {
            let row = stores.tenant_by_host_name(name).await.unwrap().unwrap();
            assert_eq!(row.short_name.as_deref(), Some("short"));
        }
    }
}

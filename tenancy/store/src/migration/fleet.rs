//! Brings all tenants up to date: in parallel, with progress, and so that it can be stopped
//! anywhere and started again. A tenant that fails is set aside with its error while all others go
//! on; this program serves tenants of the version before until they are done.

use chrono::TimeDelta;
use futures::StreamExt as _;
use kernel::{Clock, Instant};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
};
use tenancy_model::{TenantId, TenantStatus};

use super::runner::upgrade_tenant;
use crate::{StoreError, Stores, control::tenant};

/// Tenants read at once.
const PAGE: u64 = 200;
/// Characters of an error that are kept.
const ERROR_CHARS_MAX: usize = 500;
/// Tries when a transaction of the tenant was in the way.
const TRIES: u32 = 5;

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FleetProgress {
    /// Tenants that were behind when the run began.
    pub total: u64,
    /// Tenants that are up to date since.
    pub done: u64,
    /// Tenants that failed.
    pub failed: u64,
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FleetReport {
    /// Tenants that are up to date since.
    pub done: u64,
    /// Tenants that failed, and why. Those whose database was away are tried again by the next run;
    /// the others are set aside until [`Stores::migrate_tenant`].
    pub failed: Vec<(TenantId, String)>,
}

impl Stores {
    /// The version that this program gives to tenants' tables.
    #[must_use]
    pub fn schema_version(&self) -> i64 {
        let last = self.migrations().last();
        last.map_or(0, |migration| migration.version)
    }

    /// Brings every tenant that is behind up to date, several at a time; those that were set aside
    /// stay so.
    ///
    /// # Errors
    /// The control database is away; what was done stays done.
    pub async fn migrate_tenants(
        &self,
        clock: &dyn Clock,
        progress: impl Fn(FleetProgress) + Send + Sync,
    ) -> Result<FleetReport, StoreError> {
        let tx = self.control().read().await?;
        let total = self.behind().count(&tx).await?;
        drop(tx);
        let mut report = FleetReport {
            done: 0,
            failed: Vec::new(),
        };
        let mut after = None;
        loop {
            let rows = self.behind_after(after).await?;
            let Some(last) = rows.last().map(|row| row.id) else {
                return Ok(report);
            };
            after = Some(last);
            let runs = rows.into_iter().map(|row| async move {
                let id = row.id;
                (id, self.upgrade(&row, clock).await)
            });
            let at_once = self.config().migrations_at_once.max(1);
            let mut runs = futures::stream::iter(runs).buffer_unordered(at_once);
            while let Some((id, outcome)) = runs.next().await {
                match outcome? {
                    Ok(()) => report.done += 1,
                    Err(why) => report.failed.push((id, why)),
                }
                progress(FleetProgress {
                    total,
                    done: report.done,
                    failed: report.failed.len() as u64,
                });
            }
        }
    }

    /// Tries one tenant, also when it was set aside.
    ///
    /// # Errors
    /// [`StoreError::TenantUnknown`], or why it failed: it is set aside.
    pub async fn migrate_tenant(&self, id: TenantId, clock: &dyn Clock) -> Result<(), StoreError> {
        let row = self.load_tenant(id).await?;
        self.upgrade(&row, clock)
            .await?
            .map_err(|why| StoreError::Inconsistent {
                what: format!("migration of {id}"),
                why,
            })
    }

    /// Outer error: the control database; inner: this tenant's own.
    async fn upgrade(
        &self,
        row: &tenant::Model,
        clock: &dyn Clock,
    ) -> Result<Result<(), String>, StoreError> {
        let outcome = self.upgrade_patiently(row).await;
        let now = clock.now();
        match outcome {
            Ok(version) => {
                self.tenant_has_version(row.id, version);
                self.note(row, Some(version), None, now).await?;
                Ok(Ok(()))
            }
            Err(error) => {
                let why: String = error.to_string().chars().take(ERROR_CHARS_MAX).collect();
                tracing::error!(tenant = %row.id, %error, "a tenant was not migrated");
                if !error.is_transient() {
                    self.note(row, None, Some(why.clone()), now).await?;
                }
                Ok(Err(why))
            }
        }
    }

    async fn upgrade_patiently(&self, row: &tenant::Model) -> Result<i64, StoreError> {
        let mut tries = 1;
        loop {
            match upgrade_tenant(self, row.id, &row.shard).await {
                Err(error) if error.is_transient() && tries < TRIES => tries += 1,
                outcome => return outcome,
            }
        }
    }

    async fn note(
        &self,
        row: &tenant::Model,
        version: Option<i64>,
        error: Option<String>,
        now: Instant,
    ) -> Result<(), StoreError> {
        // Never backwards: what is remembered of a tenant is as old as its `changed_at`.
        let changed_at = Ord::max(now, row.changed_at + TimeDelta::microseconds(1));
        let mut change = tenant::ActiveModel {
            id: Set(row.id),
            migration_error: Set(error),
            changed_at: Set(changed_at),
            ..Default::default()
        };
        if let Some(version) = version {
            change.schema_version = Set(version);
        }
        let tx = self.control().begin().await?;
        change.update(&tx).await?;
        tx.commit().await?;
        self.tenant_changed(row.id);
        Ok(())
    }

    fn behind(&self) -> Select<tenant::Entity> {
        tenant::Entity::find()
            .filter(tenant::Column::SchemaVersion.lt(self.schema_version()))
            .filter(tenant::Column::MigrationError.is_null())
            .filter(
                tenant::Column::Status
                    .is_not_in([TenantStatus::Provisioning, TenantStatus::Erased]),
            )
    }

    async fn behind_after(
        &self,
        after: Option<TenantId>,
    ) -> Result<Vec<tenant::Model>, StoreError> {
        let mut query = self.behind().order_by_asc(tenant::Column::Id).limit(PAGE);
        if let Some(after) = after {
            query = query.filter(tenant::Column::Id.gt(after));
        }
        let tx = self.control().read().await?;
        Ok(query.all(&tx).await?)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    };

    use parking_lot::Mutex;
    use sea_orm::{
        ConnectionTrait as _,
        sea_query::{ColumnDef, Table},
    };

    use super::*;
    use crate::{
        TenantStore,
        migration::{Ddl, Migration, tenant_migrations},
        statement::sql,
        testing::World,
    };

    crate::test_both_backends!(
        all_tenants_are_brought_up_to_date_and_served_meanwhile,
        a_tenant_that_fails_is_set_aside_and_can_be_tried_again,
        a_run_that_was_killed_goes_on_where_it_stopped,
    );

    /// What this program knows and one more, which brings a table and a column.
    fn next() -> &'static [Migration] {
        let mut all: Vec<Migration> = tenant_migrations().to_vec();
        all.push(Migration {
            version: all.len() as i64 + 1,
            name: "only in this test",
            tables: &["novelty"],
            up: || -> Vec<Ddl> {
                vec![
                    Table::create()
                        .table("novelty")
                        .col(ColumnDef::new("id").big_integer().not_null().primary_key())
                        .into(),
                    Table::alter()
                        .table("record")
                        .add_column(ColumnDef::new("novelty").text())
                        .into(),
                ]
            },
        });
        all.leak()
    }

    async fn newer(world: &World) -> Stores {
        let stores = Stores::open_with(&world.config, &world.data, next()).await;
        stores.unwrap()
    }

    /// Uses the new table as the tenant does, not as the owner.
    async fn use_novelty(store: &TenantStore) -> Result<(), StoreError> {
        let tx = store.begin().await?;
        let text = "INSERT INTO novelty (id) SELECT count(novelty) FROM record";
        tx.execute_raw(sql(&tx, text, [])).await?;
        tx.commit().await
    }

    async fn all_tenants_are_brought_up_to_date_and_served_meanwhile(world: World) {
        let mut ids = Vec::new();
        for _ in 0..9 {
            ids.push(world.tenant().await.id());
        }
        let new = newer(&world).await;
        let store = new.tenant(ids[0]).await.unwrap();
        let tx = store.begin().await.unwrap();
        assert_eq!(
            crate::record::count(&tx, "x").await.unwrap(),
            0,
            "served before"
        );
        tx.commit().await.unwrap();
        assert!(use_novelty(&store).await.is_err());

        let steps = Mutex::new(Vec::new());
        let report = new.migrate_tenants(&world.clock, |step| steps.lock().push(step));
        let report = report.await.unwrap();
        assert_eq!((report.done, report.failed.len()), (9, 0));
        let last = FleetProgress {
            total: 9,
            done: 9,
            failed: 0,
        };
        assert_eq!(steps.lock().len(), 9);
        assert_eq!(steps.lock().last(), Some(&last));
        for id in &ids {
            use_novelty(&new.tenant(*id).await.unwrap()).await.unwrap();
            let row = new.tenant_row(*id).await.unwrap();
            assert_eq!(row.schema_version, new.schema_version());
        }
        let again = new.migrate_tenants(&world.clock, |_| {}).await.unwrap();
        assert_eq!((again.done, again.failed.len()), (0, 0));
        // A new tenant begins with the newest version.
        let made = TenantId::new(&world.clock, &*world.rng);
        let shard = new.emptiest_shard().await.unwrap();
        new.create_schema(made, &shard).await.unwrap();
        let version = upgrade_tenant(&new, made, &shard).await;
        assert_eq!(version.unwrap(), new.schema_version());
        new.close().await;
    }

    async fn a_tenant_that_fails_is_set_aside_and_can_be_tried_again(world: World) {
        let mut ids = Vec::new();
        for _ in 0..4 {
            ids.push(world.tenant_row().await);
        }
        let (bad, new) = (&ids[1], newer(&world).await);
        let in_the_way = |text: &'static str| {
            let shard = new.shard(&bad.shard).unwrap();
            async move {
                let tx = super::super::runner::owner_tx(shard, bad.id).await.unwrap();
                tx.execute_unprepared(text).await.unwrap();
                tx.commit().await.unwrap();
            }
        };
        in_the_way("CREATE TABLE novelty (other text)").await;
        let report = new.migrate_tenants(&world.clock, |_| {}).await.unwrap();
        assert_eq!(report.done, 3);
        assert_eq!(report.failed.len(), 1);
        assert_eq!(report.failed[0].0, bad.id);
        let row = new.tenant_row(bad.id).await.unwrap();
        assert!(row.migration_error.as_ref().unwrap().contains("novelty"));
        assert_eq!(row.schema_version, bad.schema_version);
        // It is served as it was, no part of the migration is there, and a run leaves it alone.
        let tx = new.tenant(bad.id).await.unwrap().read().await.unwrap();
        let text = "SELECT novelty FROM record";
        assert!(tx.query_all_raw(sql(&tx, text, [])).await.is_err());
        drop(tx);
        let report = new.migrate_tenants(&world.clock, |_| {}).await.unwrap();
        assert_eq!((report.done, report.failed.len()), (0, 0));

        assert!(new.migrate_tenant(bad.id, &world.clock).await.is_err());
        in_the_way("DROP TABLE novelty").await;
        new.migrate_tenant(bad.id, &world.clock).await.unwrap();
        let row = new.tenant_row(bad.id).await.unwrap();
        assert_eq!(row.migration_error, None);
        use_novelty(&new.tenant(bad.id).await.unwrap())
            .await
            .unwrap();
        new.close().await;
    }

    async fn a_run_that_was_killed_goes_on_where_it_stopped(world: World) {
        let mut ids = Vec::new();
        for _ in 0..8 {
            ids.push(world.tenant().await.id());
        }
        let first = newer(&world).await;
        let (clock, running) = (world.clock.clone(), first.clone());
        let begun = Arc::new(AtomicBool::new(false));
        let flag = begun.clone();
        let run = tokio::spawn(async move {
            let note = |_| flag.store(true, Ordering::Release);
            running.migrate_tenants(&clock, note).await
        });
        while !begun.load(Ordering::Acquire) {
            tokio::task::yield_now().await;
        }
        run.abort();
        let _ = run.await;
        // Killed between the tenant's commit and the note of it in the control database.
        let row = world.stores.load_tenant(ids[7]).await.unwrap();
        upgrade_tenant(&first, row.id, &row.shard).await.unwrap();

        let second = newer(&world).await;
        let report = second.migrate_tenants(&world.clock, |_| {}).await.unwrap();
        assert!(report.failed.is_empty(), "{report:?}");
        for id in &ids {
            let row = second.tenant_row(*id).await.unwrap();
            assert_eq!(row.schema_version, second.schema_version());
            use_novelty(&second.tenant(*id).await.unwrap())
                .await
                .unwrap();
        }
        first.close().await;
        second.close().await;
    }
}

//! A tenant's schema or file is there wholly or not at all, whenever its making ends.

use kernel::Instant;
use sea_orm::{ConnectionTrait as _, sea_query::Table};
use sqlx::Row as _;
use tenancy_model::TenantId;

use super::write;
use crate::{
    Orphan, Stores,
    backend::postgres::schema_name,
    migration::{Ddl, Migration, tenant_migrations},
    shard::ShardBackend,
    testing::World,
};

crate::test_both_backends!(
    a_fault_in_the_middle_leaves_nothing,
    a_making_that_is_cut_off_leaves_nothing_after_the_sweep,
    a_dropped_tenant_leaves_nothing,
    the_sweep_removes_only_what_nobody_knows_and_nobody_used,
    a_full_or_closed_shard_takes_no_new_tenant,
);

/// Everything in the shards that is named after a tenant.
async fn traces(stores: &Stores, id: TenantId) -> Vec<String> {
    let name = schema_name(id);
    let mut found = Vec::new();
    for shard in stores.shards() {
        match &shard.backend {
            ShardBackend::Postgres(pool) => {
                let text = "SELECT 'schema' FROM pg_namespace WHERE nspname = $1 \
                    UNION ALL SELECT 'role' FROM pg_roles WHERE rolname = $1 \
                    UNION ALL SELECT 'due' FROM shard.due WHERE tenant::text = $2";
                let query = sqlx::query(text).bind(&name).bind(id.uuid().to_string());
                let rows = query.fetch_all(pool).await.unwrap();
                found.extend(rows.iter().map(|row| row.get::<String, _>(0)));
            }
            ShardBackend::Files { folder, .. } => {
                for entry in std::fs::read_dir(folder).unwrap() {
                    let file = entry.unwrap().file_name().into_string().unwrap();
                    found.extend(file.starts_with(&name).then_some(file));
                }
            }
        }
    }
    found
}

/// The migrations of this program and one that fails after its first statement.
fn faulty() -> &'static [Migration] {
    let mut all = tenant_migrations().to_vec();
    all.push(Migration {
        version: all.len() as i64 + 1,
        name: "only in this test",
        tables: &[],
        up: || -> Vec<Ddl> {
            let column = sea_orm::sea_query::ColumnDef::new("id").text().to_owned();
            vec![
                Table::create().table("novelty").col(column.clone()).into(),
                Table::create().table("novelty").col(column).into(),
            ]
        },
    });
    all.leak()
}

fn later(world: &World) -> Instant {
    world.now() + chrono::Duration::hours(1)
}

async fn a_fault_in_the_middle_leaves_nothing(world: World) {
    let id = TenantId::new(&world.clock, &*world.rng);
    let shard = world.stores.emptiest_shard().await.unwrap();
    let stores = Stores::open_with(&world.config, &world.data, faulty())
        .await
        .unwrap();
    assert!(stores.create_schema(id, &shard).await.is_err());
    assert_eq!(traces(&stores, id).await, Vec::<String>::new());
    stores.close().await;
    // The same id may be tried again.
    world.stores.create_schema(id, &shard).await.unwrap();
    assert!(!traces(&world.stores, id).await.is_empty());
    world.stores.create_schema(id, &shard).await.unwrap();
}

async fn a_making_that_is_cut_off_leaves_nothing_after_the_sweep(world: World) {
    let shard = world.stores.emptiest_shard().await.unwrap();
    let mut cut_off = 0;
    let mut ids = Vec::new();
    for steps in 0..12 {
        let id = TenantId::new(&world.clock, &*world.rng);
        ids.push(id);
        let (stores, name) = (world.stores.clone(), shard.clone());
        let making = tokio::spawn(async move { stores.create_schema(id, &name).await });
        for _ in 0..steps * steps * 20 {
            tokio::task::yield_now().await;
        }
        making.abort();
        cut_off += usize::from(making.await.is_err());
    }
    assert!(cut_off > 0);
    // The databases' own threads may still be at it: unlike a process, a task dies alone.
    let other = world.open(&world.config).await;
    for _ in 0..10_000 {
        let orphans = other.sweep_orphans(later(&world)).await.unwrap();
        assert!(orphans.iter().all(|orphan| orphan.removed));
        let mut left = Vec::new();
        for id in &ids {
            left.extend(traces(&other, *id).await);
        }
        if left.is_empty() {
            other.close().await;
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("something is left for ever");
}

async fn a_dropped_tenant_leaves_nothing(world: World) {
    let row = world.tenant_row().await;
    let store = world.stores.tenant(row.id).await.unwrap();
    let tx = store.begin().await.unwrap();
    write(&world, &tx, "a", "b").await.unwrap();
    tx.mark_due(world.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!traces(&world.stores, row.id).await.is_empty());
    for _ in 0..2 {
        world.stores.drop_schema(row.id, &row.shard).await.unwrap();
        assert_eq!(traces(&world.stores, row.id).await, Vec::<String>::new());
    }
    assert!(store.begin().await.is_err(), "its handles are closed");
    let control = world.stores.control().read().await.unwrap();
    assert_eq!(super::rows(&control, "SELECT 1 FROM due").await, 0);
}

async fn the_sweep_removes_only_what_nobody_knows_and_nobody_used(world: World) {
    let known = world.tenant().await;
    let shard = world.stores.emptiest_shard().await.unwrap();
    let (half, used) = (
        TenantId::new(&world.clock, &*world.rng),
        TenantId::new(&world.clock, &*world.rng),
    );
    for id in [half, used] {
        world.stores.create_schema(id, &shard).await.unwrap();
    }
    let tx = crate::migration::owner_tx(world.stores.shard(&shard).unwrap(), used)
        .await
        .unwrap();
    let message = "INSERT INTO message (conversation_id, seq, id, kind, count_to, created_at) \
        VALUES ('00000000-0000-0000-0000-000000000001', 1, \
        '00000000-0000-0000-0000-000000000001', 'message', 1, '2026-01-01T00:00:00+00:00')";
    tx.execute_unprepared(message).await.unwrap();
    tx.commit().await.unwrap();

    let swept = world.stores.sweep_orphans(world.now()).await.unwrap();
    assert!(
        swept.is_empty(),
        "what is being made just now is left alone"
    );
    let mut swept = world.stores.sweep_orphans(later(&world)).await.unwrap();
    swept.sort_by_key(|orphan| !orphan.removed);
    let orphan = |tenant, removed| Orphan {
        tenant,
        shard: shard.clone(),
        removed,
    };
    assert_eq!(swept, [orphan(half, true), orphan(used, false)]);
    assert!(traces(&world.stores, half).await.is_empty());
    assert!(!traces(&world.stores, used).await.is_empty());
    known.begin().await.unwrap();
}

async fn a_full_or_closed_shard_takes_no_new_tenant(world: World) {
    if world.config.url.is_empty() {
        assert_eq!(world.stores.emptiest_shard().await.unwrap(), "files");
        return;
    }
    let shard = |name: &str, open, tenants_max| crate::ShardConfig {
        name: name.to_owned(),
        url: world.config.url.clone(),
        open,
        tenants_max,
    };
    let with = |shards| crate::DatabaseConfig {
        shards,
        ..world.config.clone()
    };
    let all = [
        shard("main", true, 1),
        shard("second", true, 5),
        shard("third", false, 5),
    ];
    let stores = world.open(&with(all.to_vec())).await;
    world.tenant().await;
    assert_eq!(stores.emptiest_shard().await.unwrap(), "second");
    stores.close().await;
    let stores = world
        .open(&with(vec![all[0].clone(), all[2].clone()]))
        .await;
    let error = stores.emptiest_shard().await;
    assert!(matches!(error, Err(crate::StoreError::NoShardOpen)));
    stores.close().await;
}

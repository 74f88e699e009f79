//! Many tenants and many writers at once, with few files open and few connections.

use futures::future::join_all;

use super::{note, write};
use crate::{DatabaseConfig, testing::World};

crate::test_both_backends!(
    more_tenants_than_open_files_work_side_by_side,
    a_transaction_outlives_the_eviction_of_its_file,
    two_hundred_writers_of_one_tenant_all_succeed,
);

const TENANTS: usize = 10;

fn few_files(world: &World) -> DatabaseConfig {
    DatabaseConfig {
        open_files: 2,
        ..world.config.clone()
    }
}

async fn more_tenants_than_open_files_work_side_by_side(world: World) {
    let stores = world.open(&few_files(&world)).await;
    let mut tenants = Vec::new();
    for _ in 0..TENANTS {
        let id = world.tenant().await.id();
        tenants.push(stores.tenant(id).await.unwrap());
    }
    let (world, tenants) = (&world, &tenants);
    let work = (0..200).map(|n| async move {
        let tx = tenants[n % TENANTS].begin().await.unwrap();
        write(world, &tx, &n.to_string(), "x").await.unwrap();
        tokio::task::yield_now().await;
        tx.commit().await.unwrap();
        note(&tenants[n % TENANTS], &n.to_string()).await.unwrap()
    });
    assert_eq!(join_all(work).await.len(), 200);
    for (at, tenant) in tenants.iter().enumerate() {
        for n in (at..200).step_by(TENANTS) {
            assert!(note(tenant, &n.to_string()).await.is_some(), "{at}: {n}");
        }
    }
    stores.close().await;
}

async fn a_transaction_outlives_the_eviction_of_its_file(world: World) {
    let stores = world.open(&few_files(&world)).await;
    let first = stores.tenant(world.tenant().await.id()).await.unwrap();
    let tx = first.begin().await.unwrap();
    write(&world, &tx, "a", "kept").await.unwrap();
    for _ in 0..TENANTS {
        let id = world.tenant().await.id();
        assert_eq!(note(&stores.tenant(id).await.unwrap(), "a").await, None);
    }
    write(&world, &tx, "b", "too").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(note(&first, "a").await.as_deref(), Some("kept"));
    assert_eq!(note(&first, "b").await.as_deref(), Some("too"));
    stores.close().await;
}

async fn two_hundred_writers_of_one_tenant_all_succeed(world: World) {
    let store = world.tenant().await;
    let (world, store) = (&world, &store);
    let writers = (0..200).map(|n| async move {
        let tx = store.begin().await.unwrap();
        // Reads first: a transaction that began as a reader could not become a writer now.
        let seen = crate::record::count(&tx, "note").await.unwrap();
        write(world, &tx, &n.to_string(), &seen.to_string())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    });
    join_all(writers).await;
    let tx = store.read().await.unwrap();
    assert_eq!(crate::record::count(&tx, "note").await.unwrap(), 200);
}

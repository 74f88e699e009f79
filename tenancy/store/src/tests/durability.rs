//! What makes an acknowledged commit one that is on disk, and what the doctor says of it.

use kernel::SystemClock;

use crate::{
    DatabaseConfig, Fact,
    testing::{Column, Database, World},
};

crate::test_both_backends!(
    every_connection_commits_to_disk,
    every_database_is_named_well_or_ill,
    the_doctor_refuses_what_breaks_the_walls,
);

fn find<'a>(facts: &'a [Fact], name: &str) -> Vec<&'a Fact> {
    facts.iter().filter(|fact| fact.name == name).collect()
}

async fn every_connection_commits_to_disk(world: World) {
    let store = world.tenant().await;
    drop(store.begin().await.unwrap());
    let facts = world.stores.facts(&SystemClock).await.unwrap();
    let names: &[(&str, &str)] = match world.column {
        // The control file's and the tenant's, reader and writer alike.
        Column::Embedded => &[("journal_mode", "wal"), ("synchronous", "2")],
        Column::Scaled => &[("synchronous_commit", "on (4 connections)")],
    };
    for (name, value) in names {
        let found = find(&facts, name);
        assert_eq!(found.len(), 2, "{found:?}");
        for fact in found {
            assert_eq!((fact.value.as_str(), &fact.refusal), (*value, &None));
        }
    }
}

async fn every_database_is_named_well_or_ill(world: World) {
    let names = match world.column {
        Column::Embedded => ["control", "shard files"],
        Column::Scaled => ["control", "shard main"],
    };
    let health = world.stores.health().await;
    assert_eq!(
        health
            .iter()
            .map(|one| one.name.as_str())
            .collect::<Vec<_>>(),
        names
    );
    assert!(health.iter().all(|one| one.error.is_none()), "{health:?}");
    world.stores.close().await;
    let health = world.stores.health().await;
    assert!(health[0].error.is_some());
}

async fn the_doctor_refuses_what_breaks_the_walls(world: World) {
    if world.column == Column::Embedded {
        let facts = world.stores.facts(&SystemClock).await.unwrap();
        assert!(facts.iter().all(|fact| fact.refusal.is_none()), "{facts:?}");
        return;
    }
    let facts = world.stores.facts(&SystemClock).await.unwrap();
    for name in ["login", "clock", "server_version", "synchronous_commit"] {
        let found = find(&facts, name);
        assert!(found.iter().all(|fact| fact.refusal.is_none()), "{found:?}");
    }
    // A clock that is not the machine's.
    let facts = world.stores.facts(&world.clock).await.unwrap();
    assert!(
        find(&facts, "clock")
            .iter()
            .all(|fact| fact.refusal.is_some())
    );
    let superuser = DatabaseConfig {
        url: Database::superuser_url(&world.config.url),
        ..world.config.clone()
    };
    let stores = world.open(&superuser).await;
    let facts = stores.facts(&SystemClock).await.unwrap();
    assert!(
        find(&facts, "login")
            .iter()
            .all(|fact| fact.refusal.is_some())
    );
    stores.close().await;
}

//! Nobody sees another tenant: not through a wrong path, a wrong role, a connection that somebody
//! else used before, or a statement that was prepared for somebody else.

use std::time::Duration;

use futures::FutureExt as _;
use sea_orm::ConnectionTrait as _;
use tenancy_model::{RecordId, TenantId};

use super::{note, rows, text, write};
use crate::{
    DatabaseConfig, StoreError, Stores,
    backend::postgres::{PgTx, schema_name},
    record::{self, RecordWrite},
    shard::ShardBackend,
    statement::sql,
    testing::{Column, World},
    tx::Tx,
};

crate::test_both_backends!(
    the_same_ids_and_keys_in_two_tenants_are_two_documents,
    a_query_outside_a_tenant_fails,
    a_tenant_cannot_name_another,
    the_list_of_due_work_is_out_of_reach,
    a_dropped_transaction_leaks_nothing_to_the_next,
    a_request_cancelled_anywhere_leaks_nothing_to_the_next,
    a_tenant_that_is_not_there_spoils_no_connection,
    prepared_statements_do_not_cross_tenants,
    a_failed_statement_makes_the_commit_refuse,
    a_statement_that_was_given_up_makes_the_commit_refuse,
    a_closed_tenant_refuses_at_once,
    a_reading_transaction_writes_nothing,
);

/// The same databases through a pool of one connection.
async fn narrow(world: &World) -> Stores {
    let config = DatabaseConfig {
        connections: 1,
        ..world.config.clone()
    };
    world.open(&config).await
}

/// A transaction with the rights of the shard's owner, outside every tenant.
async fn outside(stores: &Stores) -> Tx {
    for shard in stores.shards() {
        if let ShardBackend::Postgres(pool) = &shard.backend {
            return PgTx::begin(pool, "BEGIN").await.unwrap().into();
        }
    }
    stores.control().begin().await.unwrap().into_tx()
}

/// Who and where the next borrower of the connection is.
async fn state(stores: &Stores) -> String {
    let tx = outside(stores).await;
    let select = "SELECT (current_user = session_user)::text || ' ' || current_setting('role') \
                  || ' ' || current_setting('search_path')";
    text(&tx, select).await.unwrap()
}

async fn the_same_ids_and_keys_in_two_tenants_are_two_documents(world: World) {
    let stores = [world.tenant().await, world.tenant().await];
    let id = RecordId::new(&world.clock, &*world.rng);
    for (store, body) in stores.iter().zip(["one", "two"]) {
        let tx = store.begin().await.unwrap();
        let write = RecordWrite {
            id,
            kind: "note",
            key: "same",
            body: &body,
            now: world.now(),
        };
        record::put(&tx, write).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(note(&stores[0], "same").await.as_deref(), Some("one"));
    assert_eq!(note(&stores[1], "same").await.as_deref(), Some("two"));
    let tx = stores[0].begin().await.unwrap();
    assert!(record::delete(&tx, "note", "same").await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(note(&stores[1], "same").await.as_deref(), Some("two"));
}

async fn a_query_outside_a_tenant_fails(world: World) {
    world.tenant().await;
    let select = "SELECT count(*)::text FROM member";
    assert!(text(&outside(&world.stores).await, select).await.is_err());
    let control = world.stores.control().begin().await.unwrap();
    assert!(text(&control, select).await.is_err());
}

async fn a_tenant_cannot_name_another(world: World) {
    let (own, other) = (world.tenant().await, world.tenant().await.id());
    let other = schema_name(other);
    for attempt in [
        format!("SELECT account FROM {other}.member"),
        format!("INSERT INTO {other}.record SELECT * FROM record"),
        format!("CREATE TABLE {other}.mine (id int)"),
        format!("ALTER TABLE {other}.member ADD COLUMN mine int"),
    ] {
        let tx = own.begin().await.unwrap();
        assert!(tx.execute_unprepared(&attempt).await.is_err(), "{attempt}");
    }
    if world.column == Column::Scaled {
        let tx = own.begin().await.unwrap();
        let path = format!("SET LOCAL search_path = {other}");
        tx.execute_unprepared(&path).await.unwrap();
        let error = text(&tx, "SELECT account FROM member").await.unwrap_err();
        assert!(
            error.to_string().contains("does not exist") || is_denied(&error),
            "{error}"
        );
        // The tenant's role owns nothing, not even its own tables.
        let tx = own.begin().await.unwrap();
        assert!(is_denied(
            &tx.execute_unprepared("DROP TABLE member")
                .await
                .unwrap_err()
        ));
    }
}

fn is_denied(error: &sea_orm::DbErr) -> bool {
    let text = error.to_string();
    text.contains("permission denied") || text.contains("must be owner")
}

async fn the_list_of_due_work_is_out_of_reach(world: World) {
    let (own, other) = (world.tenant().await, world.tenant().await.id());
    for attempt in [
        "SELECT tenant FROM shard.due".to_owned(),
        "DELETE FROM shard.due".to_owned(),
        "SELECT tenant FROM due".to_owned(),
        format!(
            "INSERT INTO shard.due (tenant, due_at) VALUES ('{}', now())",
            other.uuid()
        ),
        "SELECT id FROM control.tenant".to_owned(),
    ] {
        let tx = own.begin().await.unwrap();
        assert!(tx.execute_unprepared(&attempt).await.is_err(), "{attempt}");
    }
    let tx = own.begin().await.unwrap();
    tx.mark_due(world.now()).await.unwrap();
    tx.commit().await.unwrap();
    let tx = outside(&world.stores).await;
    let due = match world.column {
        Column::Embedded => "SELECT tenant FROM due",
        Column::Scaled => "SELECT tenant FROM shard.due",
    };
    let marked = tx.query_all_raw(sql(&tx, due, [])).await.unwrap();
    assert_eq!(marked.len(), 1);
    assert_eq!(
        marked[0].try_get::<TenantId>("", "tenant").unwrap(),
        own.id()
    );
    if world.column == Column::Scaled {
        let mark = "SELECT shard.mark_due(now())";
        assert!(
            tx.execute_unprepared(mark).await.is_err(),
            "not without a tenant"
        );
    }
}

async fn a_dropped_transaction_leaks_nothing_to_the_next(world: World) {
    let (a, b) = (world.tenant().await.id(), world.tenant().await.id());
    let stores = narrow(&world).await;
    let (a, b) = (
        stores.tenant(a).await.unwrap(),
        stores.tenant(b).await.unwrap(),
    );
    for _ in 0..20 {
        let tx = a.begin().await.unwrap();
        write(&world, &tx, "secret", "of a").await.unwrap();
        drop(tx);
        assert_eq!(note(&b, "secret").await, None);
        assert_eq!(note(&a, "secret").await, None);
        if world.column == Column::Scaled {
            assert_eq!(state(&stores).await, "true none pg_catalog");
        }
    }
    stores.close().await;
}

/// The future is dropped at its n-th wait, for every n until it comes to its end.
async fn a_request_cancelled_anywhere_leaks_nothing_to_the_next(world: World) {
    let (a, b) = (world.tenant().await.id(), world.tenant().await.id());
    let stores = narrow(&world).await;
    let (a, b) = (
        stores.tenant(a).await.unwrap(),
        stores.tenant(b).await.unwrap(),
    );
    for waits in 0..200 {
        let work = async {
            let tx = a.begin().await?;
            write(&world, &tx, "secret", "of a").await?;
            text(&tx, "SELECT key FROM record").await?;
            Ok::<_, StoreError>(())
        };
        let ended = give_up_after(waits, work).await.is_some();
        if world.column == Column::Scaled {
            assert_eq!(
                state(&stores).await,
                "true none pg_catalog",
                "after {waits} waits"
            );
        }
        let tx = b.begin().await.unwrap();
        assert_eq!(
            rows(&tx, "SELECT 1 FROM record").await,
            0,
            "after {waits} waits"
        );
        drop(tx);
        assert_eq!(note(&a, "secret").await, None);
        if ended {
            stores.close().await;
            return;
        }
    }
    panic!("the request never came to its end");
}

/// What `work` came to, unless it waited more often than `waits`.
async fn give_up_after<T>(waits: usize, work: impl Future<Output = T>) -> Option<T> {
    let mut work = std::pin::pin!(work);
    let mut polls = 0;
    std::future::poll_fn(|context| {
        polls += 1;
        match work.poll_unpin(context) {
            std::task::Poll::Ready(value) => std::task::Poll::Ready(Some(value)),
            std::task::Poll::Pending if polls > waits => std::task::Poll::Ready(None),
            std::task::Poll::Pending => std::task::Poll::Pending,
        }
    })
    .await
}

async fn a_tenant_that_is_not_there_spoils_no_connection(world: World) {
    let row = world.tenant_row().await;
    let stores = narrow(&world).await;
    let good = stores.tenant(row.id).await.unwrap();
    let absent = world.tenant_row().await;
    stores.drop_schema(absent.id, &absent.shard).await.unwrap();
    let bad = stores.tenant_for_upkeep(absent.id).await.unwrap();
    for _ in 0..5 {
        assert!(bad.begin().await.is_err());
        let tx = good.begin().await.unwrap();
        write(&world, &tx, "a", "b").await.unwrap();
        tx.commit().await.unwrap();
    }
    stores.close().await;
}

async fn prepared_statements_do_not_cross_tenants(world: World) {
    let (a, b) = (world.tenant().await.id(), world.tenant().await.id());
    let stores = narrow(&world).await;
    let (a, b) = (
        stores.tenant(a).await.unwrap(),
        stores.tenant(b).await.unwrap(),
    );
    for (store, body) in [(&a, "of a"), (&b, "of b")] {
        let tx = store.begin().await.unwrap();
        write(&world, &tx, "whose", body).await.unwrap();
        tx.commit().await.unwrap();
    }
    for _ in 0..100 {
        assert_eq!(note(&a, "whose").await.as_deref(), Some("of a"));
        assert_eq!(note(&b, "whose").await.as_deref(), Some("of b"));
    }
    stores.close().await;
}

async fn a_failed_statement_makes_the_commit_refuse(world: World) {
    let store = world.tenant().await;
    let tx = store.begin().await.unwrap();
    write(&world, &tx, "a", "b").await.unwrap();
    assert!(text(&tx, "SELECT nothing FROM nowhere").await.is_err());
    assert!(matches!(
        tx.commit().await,
        Err(StoreError::TransactionFailed)
    ));
    assert_eq!(note(&store, "a").await, None);
    let control = world.stores.control().begin().await.unwrap();
    assert!(text(&control, "SELECT nothing FROM nowhere").await.is_err());
    assert!(matches!(
        control.commit().await,
        Err(StoreError::TransactionFailed)
    ));
}

async fn a_statement_that_was_given_up_makes_the_commit_refuse(world: World) {
    let store = world.tenant().await;
    let tx = store.begin().await.unwrap();
    write(&world, &tx, "a", "b").await.unwrap();
    let long = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000) \
                SELECT CAST(max(i) AS text) FROM n";
    assert!(give_up_after(0, text(&tx, long)).await.is_none());
    assert!(matches!(
        tx.commit().await,
        Err(StoreError::TransactionFailed)
    ));
    let late = tokio::time::timeout(Duration::from_secs(10), note(&store, "a")).await;
    assert_eq!(late.unwrap(), None);
}

async fn a_closed_tenant_refuses_at_once(world: World) {
    let store = world.tenant().await;
    let clone = store.clone();
    let tx = store.begin().await.unwrap();
    write(&world, &tx, "a", "b").await.unwrap();
    assert!(world.stores.close_tenant(store.id()));
    assert!(matches!(
        clone.begin().await,
        Err(StoreError::TenantClosed(_))
    ));
    assert!(matches!(
        clone.read().await,
        Err(StoreError::TenantClosed(_))
    ));
    assert!(matches!(
        tx.commit().await,
        Err(StoreError::TenantClosed(_))
    ));
    assert!(!world.stores.close_tenant(store.id()));
    let anew = world.stores.tenant(store.id()).await.unwrap();
    assert_eq!(note(&anew, "a").await, None);
    assert!(!store.is_open());
}

async fn a_reading_transaction_writes_nothing(world: World) {
    let store = world.tenant().await;
    let tx = store.read().await.unwrap();
    assert!(write(&world, &tx, "a", "b").await.is_err());
    let tx = world.stores.control().read().await.unwrap();
    assert!(tx.execute_unprepared("DELETE FROM tenant").await.is_err());
}

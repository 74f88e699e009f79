//! Statements that were prepared before a migration, and what they answer after it.

use sea_orm::{
    ConnectionTrait as _, DbErr, QueryResult, Statement,
    sea_query::{ColumnDef, Expr, ExprTrait as _, Query, Table},
};

use super::write;
use crate::{
    DatabaseConfig, Questions, StoreError, Stores, TenantStore, TenantTx,
    migration::{Migration, owner_tx, tenant_migrations},
    record,
    statement::sql,
    testing::{Column, World},
};

crate::test_both_backends!(
    a_prepared_statement_outlives_a_migration_in_this_process,
    a_transaction_that_begins_after_another_process_migrated_does_not_notice,
    tenants_of_two_versions_share_a_connection,
    in_the_middle_of_a_transaction_a_stale_plan_is_over_a_moment_later,
    a_transaction_in_two_round_trips_does_not_notice_that_another_process_migrated,
    what_is_asked_and_written_together_is_of_one_tenant,
);

/// Its result has another type after the migration of these tests.
const ALL: &str = "SELECT * FROM record";
/// What the embedded column asks where another process migrated: it has one process, and a command
/// beside it meets statements that name their columns (ADR 0007).
const NAMED: &str = "SELECT id, key FROM record";

/// What this program knows, and a column more.
fn next() -> &'static [Migration] {
    let mut all: Vec<Migration> = tenant_migrations().to_vec();
    all.push(Migration {
        version: all.len() as i64 + 1,
        name: "only in this test",
        tables: &[],
        up: || {
            vec![
                Table::alter()
                    .table("record")
                    .add_column(ColumnDef::new("novelty").text())
                    .into(),
            ]
        },
    });
    all.leak()
}

/// One connection, so that whatever was prepared is met again.
fn narrow(world: &World) -> DatabaseConfig {
    DatabaseConfig {
        connections: 1,
        ..world.config.clone()
    }
}

async fn newer(world: &World) -> Stores {
    let stores = Stores::open_with(&narrow(world), &world.data, next()).await;
    stores.unwrap()
}

fn foreign(world: &World) -> &'static str {
    match world.column {
        Column::Embedded => NAMED,
        Column::Scaled => ALL,
    }
}

async fn ask(tx: &TenantTx, text: &str) -> Result<Vec<QueryResult>, DbErr> {
    tx.query_all_raw(sql(tx, text, [])).await
}

/// The statement, after another one in the same transaction.
async fn ask_at_last(store: &TenantStore, text: &str) -> Result<Vec<QueryResult>, StoreError> {
    let tx = store.begin().await?;
    record::count(&tx, "note").await?;
    let rows = ask(&tx, text).await?;
    tx.commit().await?;
    Ok(rows)
}

async fn write_first(store: &TenantStore, world: &World) {
    let tx = store.begin().await.unwrap();
    write(world, &tx, "first", "before the migration")
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

fn novelty(rows: &[QueryResult]) -> Option<String> {
    rows[0].try_get("", "novelty").unwrap()
}

async fn a_prepared_statement_outlives_a_migration_in_this_process(world: World) {
    let id = world.tenant().await.id();
    let stores = newer(&world).await;
    let store = stores.tenant(id).await.unwrap();
    write_first(&store, &world).await;
    for _ in 0..3 {
        assert_eq!(ask_at_last(&store, ALL).await.unwrap().len(), 1);
    }
    let report = stores.migrate_tenants(&world.clock, |_| {}).await.unwrap();
    assert_eq!(report.done, 1);
    for _ in 0..3 {
        let rows = ask_at_last(&store, ALL).await.unwrap();
        assert_eq!(novelty(&rows), None);
    }
    stores.close().await;
}

async fn a_transaction_that_begins_after_another_process_migrated_does_not_notice(world: World) {
    let id = world.tenant().await.id();
    let (mine, text) = (world.open(&narrow(&world)).await, foreign(&world));
    let store = mine.tenant(id).await.unwrap();
    write_first(&store, &world).await;
    for _ in 0..3 {
        let tx = store.begin().await.unwrap();
        assert_eq!(ask(&tx, text).await.unwrap().len(), 1);
        tx.commit().await.unwrap();
    }
    let other = newer(&world).await;
    other.migrate_tenant(id, &world.clock).await.unwrap();
    // Nobody told this process yet.
    let tx = store.begin().await.unwrap();
    assert_eq!(ask(&tx, text).await.unwrap().len(), 1);
    write(&world, &tx, "second", "after it").await.unwrap();
    tx.commit().await.unwrap();
    let rows = ask_at_last(&store, text).await.unwrap();
    assert_eq!(rows.len(), 2);
    mine.close().await;
    other.close().await;
}

async fn tenants_of_two_versions_share_a_connection(world: World) {
    let (old, new) = (world.tenant().await.id(), world.tenant().await.id());
    let stores = newer(&world).await;
    stores.migrate_tenant(new, &world.clock).await.unwrap();
    let old = stores.tenant(old).await.unwrap();
    let new = stores.tenant(new).await.unwrap();
    write_first(&old, &world).await;
    write_first(&new, &world).await;
    for _ in 0..3 {
        assert_eq!(ask_at_last(&old, ALL).await.unwrap().len(), 1);
        assert_eq!(novelty(&ask_at_last(&new, ALL).await.unwrap()), None);
    }
    stores.close().await;
}

async fn in_the_middle_of_a_transaction_a_stale_plan_is_over_a_moment_later(world: World) {
    let row = world.tenant_row().await;
    let (mine, asked) = (world.open(&narrow(&world)).await, foreign(&world));
    let store = mine.tenant(row.id).await.unwrap();
    write_first(&store, &world).await;
    ask_at_last(&store, asked).await.unwrap();
    let shard = world.stores.shard(&row.shard).unwrap();
    let owner = owner_tx(shard, row.id).await.unwrap();
    let text = "ALTER TABLE record ADD COLUMN novelty text";
    owner.execute_unprepared(text).await.unwrap();
    owner.commit().await.unwrap();
    if world.column == Column::Scaled {
        let refused = ask_at_last(&store, asked).await.unwrap_err();
        assert!(refused.is_transient(), "{refused}");
    }
    assert_eq!(ask_at_last(&store, asked).await.unwrap().len(), 1);
    mine.close().await;
}

/// A transaction that asks in its first round trip and writes in its last.
async fn count_up(store: &TenantStore, text: &str, key: &str) -> Vec<Vec<QueryResult>> {
    let backend = store.database_backend();
    let write = |key: &str| {
        let mut update = Query::update();
        update
            .table("record")
            .value("version", Expr::col("version").add(1_i64))
            .and_where(Expr::col("key").eq(key));
        backend.build(&update)
    };
    let question = Statement::from_string(backend, text);
    let questions = Questions {
        asked: vec![question.clone(), question],
        writes: &|| Ok(vec![write("")]),
    };
    let (tx, answers) = store.begin_asking(questions).await.unwrap();
    tx.commit_writing(vec![write(key), write("nobody's")])
        .await
        .unwrap();
    answers
}

async fn a_transaction_in_two_round_trips_does_not_notice_that_another_process_migrated(
    world: World,
) {
    let id = world.tenant().await.id();
    let (mine, text) = (world.open(&narrow(&world)).await, foreign(&world));
    let store = mine.tenant(id).await.unwrap();
    write_first(&store, &world).await;
    for _ in 0..3 {
        let answers = count_up(&store, text, "first").await;
        assert_eq!(answers.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1]);
    }
    let other = newer(&world).await;
    other.migrate_tenant(id, &world.clock).await.unwrap();
    // Nobody told this process yet.
    assert_eq!(count_up(&store, text, "first").await.len(), 2);
    let tx = store.read().await.unwrap();
    let record = record::get::<String>(&tx, "note", "first").await.unwrap();
    assert_eq!(record.unwrap().version, 1 + 4);
    drop(tx);
    mine.close().await;
    other.close().await;
}

async fn what_is_asked_and_written_together_is_of_one_tenant(world: World) {
    let (a, b) = (world.tenant().await.id(), world.tenant().await.id());
    let stores = world.open(&narrow(&world)).await;
    let (a, b) = (
        stores.tenant(a).await.unwrap(),
        stores.tenant(b).await.unwrap(),
    );
    write_first(&a, &world).await;
    for _ in 0..10 {
        assert_eq!(count_up(&a, NAMED, "first").await[0].len(), 1);
        assert_eq!(count_up(&b, NAMED, "first").await[0].len(), 0);
    }
    let tx = a.read().await.unwrap();
    let record = record::get::<String>(&tx, "note", "first").await.unwrap();
    assert_eq!(record.unwrap().version, 1 + 10);
    drop(tx);
    stores.close().await;
}

//! The promises of the whole crate, each tried over both databases.

mod durability;
mod files;
mod plans;
mod provision;
mod schema;
mod walls;

use sea_orm::ConnectionTrait;
use tenancy_model::RecordId;

use crate::{
    StoreError, TenantStore, TenantTx,
    record::{self, RecordWrite},
    statement::sql,
    testing::World,
};

/// Writes a document of kind `note` under `key`.
async fn write(world: &World, tx: &TenantTx, key: &str, body: &str) -> Result<i64, StoreError> {
    let write = RecordWrite {
        id: RecordId::new(&world.clock, &*world.rng),
        kind: "note",
        key,
        body: &body,
        now: world.now(),
    };
    record::put(tx, write).await
}

/// The document of kind `note` under `key`.
async fn note(store: &TenantStore, key: &str) -> Option<String> {
    let tx = store.read().await.unwrap();
    let found = record::get::<String>(&tx, "note", key).await.unwrap();
    found.map(|record| record.body)
}

/// One text out of one row.
async fn text(tx: &impl ConnectionTrait, select: &str) -> Result<String, sea_orm::DbErr> {
    let row = tx.query_one_raw(sql(tx, select, [])).await?;
    row.map_or(Ok(String::new()), |row| row.try_get_by_index(0))
}

/// How many rows a query has.
async fn rows(tx: &impl ConnectionTrait, select: &str) -> usize {
    tx.query_all_raw(sql(tx, select, [])).await.unwrap().len()
}

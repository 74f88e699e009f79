//! Events for durable readers (partners, callbacks, push), written in the transaction of the data they
//! tell of and kept until the reader has acknowledged them. A row is written only in a tenant where the
//! reader is registered; sockets read the bus and cost no row.
//!
//! A reader's cursor is what it has not acknowledged: rows are taken from the lowest on and removed, so
//! one that was committed later than its neighbours is never skipped. Events of one conversation keep
//! their order, because whoever appends holds the conversation's lock.

use kernel::Instant;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use serde::Serialize;
use tenancy_model::{JobId, RecordId};

use crate::{
    StoreError, TenantTx, body,
    jobs::{self, JobRequest},
    record::{self, RecordWrite},
    statement::sql,
};

/// Rows of one batch.
pub const BATCH_MAX: u64 = 100;
/// Kind of the records that say which readers a tenant has.
const READER: &str = "outbox_reader";
/// Kind of the job that reads, with the reader as its key; it exists while there are rows.
pub(crate) const READ_JOB: &str = "outbox";

/// One event that waits for its reader.
pub type OutboxRow = entity::Model;

/// From now on events for `reader` are kept in this tenant.
///
/// # Errors
/// The database refused.
pub async fn register_reader(
    tx: &TenantTx,
    id: RecordId,
    reader: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let write = RecordWrite {
        id,
        kind: READER,
        key: reader,
        body: &serde_json::json!({}),
        now,
    };
    record::put(tx, write).await.map(drop)
}

/// From now on nothing is kept for `reader`; what waits for it is removed.
///
/// # Errors
/// The database refused.
pub async fn remove_reader(tx: &TenantTx, reader: &str) -> Result<(), StoreError> {
    record::delete(tx, READER, reader).await?;
    entity::Entity::delete_many()
        .filter(entity::Column::Reader.eq(reader))
        .exec(tx)
        .await?;
    Ok(())
}

/// Keeps an event for `reader` where it is registered, and marks the tenant due; whether it is.
///
/// # Errors
/// [`StoreError::TooLarge`]; the database refused.
pub async fn append<T: Serialize>(
    tx: &TenantTx,
    reader: &str,
    event: &T,
    now: Instant,
) -> Result<bool, StoreError> {
    let (json, at) = match tx.get_database_backend() {
        sea_orm::DbBackend::Sqlite => ("$2", "$3"),
        _ => ("$2::jsonb", "$3::timestamptz"),
    };
    let append = sql(
        tx,
        format!(
            "INSERT INTO outbox (reader, body, created_at) SELECT key, {json}, {at} FROM record \
             WHERE kind = '{READER}' AND key = $1"
        ),
        [
            reader.into(),
            body::write(&format!("outbox {reader}"), event)?.into(),
            now.into(),
        ],
    );
    let kept = tx.execute_raw(append).await?.rows_affected() > 0;
    if kept {
        tx.mark_due(now).await?;
    }
    Ok(kept)
}

/// The first rows for `reader`, at most [`BATCH_MAX`], in order. Only the runner (or whoever else makes
/// sure to be alone) takes.
///
/// # Errors
/// The database refused.
pub async fn take(tx: &TenantTx, reader: &str) -> Result<Vec<OutboxRow>, StoreError> {
    Ok(entity::Entity::find()
        .filter(entity::Column::Reader.eq(reader))
        .order_by_asc(entity::Column::Id)
        .limit(BATCH_MAX)
        .all(tx)
        .await?)
}

/// Removes rows that the reader has dealt with.
///
/// # Errors
/// The database refused.
pub async fn acknowledge(tx: &TenantTx, rows: &[OutboxRow]) -> Result<(), StoreError> {
    entity::Entity::delete_many()
        .filter(entity::Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(tx)
        .await?;
    Ok(())
}

/// Enqueues the reading anew when rows came in after the last look of a run that has just removed its
/// own row (in this order: then none can be overlooked).
pub(crate) async fn read_on(
    tx: &TenantTx,
    reader: &str,
    id: JobId,
    due_at: Instant,
) -> Result<(), StoreError> {
    let some = entity::Entity::find().filter(entity::Column::Reader.eq(reader));
    if some.limit(1).one(tx).await?.is_none() {
        return Ok(());
    }
    let job = JobRequest {
        id,
        kind: READ_JOB,
        key: Some(reader.to_owned()),
        body: serde_json::json!({}),
        due_at,
    };
    jobs::ensure(tx, &job).await
}

mod entity {
    //! The row of an event.
    use sea_orm::entity::prelude::*;

    /// One event that waits for its reader.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "outbox")]
    pub struct Model {
        /// Counts up.
        #[sea_orm(primary_key)]
        pub id: i64,
        /// For whom.
        pub reader: String,
        /// What happened.
        pub body: Json,
        /// When it was kept.
        pub created_at: DateTimeUtc,
    }

    /// No relations.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

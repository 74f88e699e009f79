//! Events for durable readers (partners, callbacks, push), written in the transaction of the data
//! they tell of and kept until the reader has acknowledged them. A row is written only in a tenant
//! where the reader is registered; sockets read the bus and cost no row.
//!
//! A reader's cursor is what it has not acknowledged: rows are taken from the lowest on and
//! removed, so one that was committed later than its neighbours is never skipped. Events of one
//! conversation keep their order, because whoever appends holds the conversation's lock.

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

/// The first rows for `reader`, at most [`BATCH_MAX`], in order. Only the runner (or whoever else
/// makes sure to be alone) takes.
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

/// Enqueues the reading anew when rows came in after the last look of a run that has just removed
/// its own row (in this order: then none can be overlooked).
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parking_lot::Mutex;
    use serde_json::json;

    use super::*;
    use crate::{
        TenantStore,
        jobs::{JobError, JobHandlers, JobRunner},
        testing::World,
    };

    crate::test_both_backends!(
        an_event_is_kept_only_where_a_reader_is_registered,
        a_reader_gets_everything_in_order_and_once,
        a_reader_that_fails_gets_the_same_rows_again,
        an_event_committed_late_is_not_skipped,
    );

    async fn register(world: &World, store: &TenantStore, reader: &str) {
        let tx = store.begin().await.unwrap();
        let id = RecordId::new(&world.clock, &*world.rng);
        register_reader(&tx, id, reader, world.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn add(world: &World, store: &TenantStore, reader: &str, event: i64) -> bool {
        let tx = store.begin().await.unwrap();
        let kept = append(&tx, reader, &json!(event), world.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        kept
    }

    /// A runner whose reader fails as long as the first number is above 0, and what it was given.
    fn runner(world: &World, failures: u32) -> (JobRunner, Arc<Mutex<Vec<i64>>>) {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (book, failures) = (seen.clone(), Mutex::new(failures));
        let mut handlers = JobHandlers::new();
        handlers.register_reader("partner", move |_, rows| {
            let mut failures = failures.lock();
            let fails = *failures > 0;
            *failures = failures.saturating_sub(1);
            if !fails {
                let events = rows.iter().filter_map(|row| row.body.as_i64());
                book.lock().extend(events);
            }
            async move {
                match fails {
                    true => Err(JobError::Retry("the partner is away".to_owned())),
                    false => Ok(()),
                }
            }
        });
        let clock = Arc::new(world.clock.clone());
        let runner = JobRunner::new(world.stores.clone(), clock, world.rng.clone(), handlers);
        (runner, seen)
    }

    async fn an_event_is_kept_only_where_a_reader_is_registered(world: World) {
        let store = world.tenant().await;
        assert!(!add(&world, &store, "partner", 1).await);
        register(&world, &store, "partner").await;
        assert!(add(&world, &store, "partner", 2).await);
        assert!(!add(&world, &store, "push", 3).await);
        let tx = store.begin().await.unwrap();
        let rows = take(&tx, "partner").await.unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(
            (&rows[0].body, rows[0].created_at),
            (&json!(2), world.now())
        );
        remove_reader(&tx, "partner").await.unwrap();
        assert!(take(&tx, "partner").await.unwrap().is_empty());
        tx.commit().await.unwrap();
        assert!(!add(&world, &store, "partner", 4).await);
    }

    async fn a_reader_gets_everything_in_order_and_once(world: World) {
        let store = world.tenant().await;
        register(&world, &store, "partner").await;
        register(&world, &store, "push").await;
        let tx = store.begin().await.unwrap();
        for event in 0..250 {
            append(&tx, "partner", &json!(event), world.now())
                .await
                .unwrap();
            append(&tx, "push", &json!(event), world.now())
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        let (runner, seen) = runner(&world, 0);
        assert_eq!(runner.run_due().await.unwrap(), 1);
        assert_eq!(*seen.lock(), (0..250).collect::<Vec<_>>());
        assert!(add(&world, &store, "partner", 250).await);
        runner.run_due().await.unwrap();
        assert_eq!(seen.lock().last(), Some(&250));
        let tx = store.read().await.unwrap();
        assert!(take(&tx, "partner").await.unwrap().is_empty());
        assert_eq!(
            take(&tx, "push").await.unwrap().len(),
            100,
            "another reader's stay"
        );
    }

    async fn a_reader_that_fails_gets_the_same_rows_again(world: World) {
        let store = world.tenant().await;
        register(&world, &store, "partner").await;
        add(&world, &store, "partner", 1).await;
        let (runner, seen) = runner(&world, 40);
        for event in 2..42 {
            runner.run_due().await.unwrap();
            assert!(seen.lock().is_empty());
            add(&world, &store, "partner", event).await;
            world.clock.advance(chrono::Duration::seconds(600));
        }
        runner.run_due().await.unwrap();
        assert_eq!(*seen.lock(), (1..42).collect::<Vec<_>>());
    }

    /// Only PostgreSQL has two writers; on SQLite the late one simply comes later.
    async fn an_event_committed_late_is_not_skipped(world: World) {
        let store = world.tenant().await;
        register(&world, &store, "partner").await;
        let (runner, seen) = runner(&world, 0);
        let late = if world.column == crate::testing::Column::Scaled {
            let tx = store.begin().await.unwrap();
            append(&tx, "partner", &json!(1), world.now())
                .await
                .unwrap();
            Some(tx)
        } else {
            None
        };
        add(&world, &store, "partner", 2).await;
        runner.run_due().await.unwrap();
        assert_eq!(*seen.lock(), [2]);
        match late {
            Some(tx) => tx.commit().await.unwrap(),
            None => assert!(add(&world, &store, "partner", 1).await),
        }
        runner.run_due().await.unwrap();
        assert_eq!(*seen.lock(), [2, 1]);
    }
}

//! Numbers that limits and metering read: one row each, changed in the transaction of what they
//! count. Whoever has changed one holds it until the end of the transaction, so that a check after
//! the change is right however many try at once.

use kernel::Instant;
use sea_orm::{ConnectionTrait as _, DbBackend};
use tenancy_model::RecordId;

use crate::{StoreError, TenantTx, statement::sql};

/// Kind of the records that are counters; the body is a bare number.
const KIND: &str = "counter";

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counter {
    /// Bytes of the tenant's files: what is stored, and what is reserved by uploads.
    StorageBytes,
    /// Stored objects.
    Files,
}

impl Counter {
    fn key(self) -> &'static str {
        match self {
            Self::StorageBytes => "storage_bytes",
            Self::Files => "files",
        }
    }
}

/// Adds `n` (which may be negative) and answers the new value. Other transactions that change this
/// counter wait for the end of this one.
///
/// # Errors
/// The database refused.
pub async fn add(
    tx: &TenantTx,
    id: RecordId,
    counter: Counter,
    n: i64,
    now: Instant,
) -> Result<i64, StoreError> {
    // A bare JSON number; the two databases differ in how one is read and made.
    let (number, sum, back) = match tx.get_database_backend() {
        DbBackend::Sqlite => (
            "CAST($3 AS TEXT)",
            "CAST(CAST(record.body AS INTEGER) + $3 AS TEXT)",
            "CAST(body AS INTEGER)",
        ),
        _ => (
            "to_jsonb($3::bigint)",
            "to_jsonb((record.body #>> '{}')::bigint + $3)",
            "(body #>> '{}')::bigint",
        ),
    };
    let change = sql(
        tx,
        format!(
            "INSERT INTO record (id, kind, key, body, version, created_at, changed_at) \
             VALUES ($1, '{KIND}', $2, {number}, 1, $4, $4) \
             ON CONFLICT (kind, key) DO UPDATE SET body = {sum}, \
             version = record.version + 1, changed_at = excluded.changed_at \
             RETURNING {back} AS total"
        ),
        [id.into(), counter.key().into(), n.into(), now.into()],
    );
    let row = tx.query_one_raw(change).await?;
    let row = row.ok_or_else(|| StoreError::Inconsistent {
        what: format!("counter {}", counter.key()),
        why: "the database wrote no row".to_owned(),
    })?;
    Ok(row.try_get("", "total")?)
}

/// The value as of this transaction; 0 before the first change.
///
/// # Errors
/// The database refused.
pub async fn read(tx: &TenantTx, counter: Counter) -> Result<i64, StoreError> {
    let found = crate::record::get::<i64>(tx, KIND, counter.key()).await?;
    Ok(found.map_or(0, |record| record.body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::World;

    crate::test_both_backends!(
        a_counter_counts_from_nothing_and_back,
        changes_side_by_side_are_all_counted,
    );

    async fn change(world: &World, tx: &TenantTx, n: i64) -> i64 {
        let id = RecordId::new(&world.clock, &*world.rng);
        let counter = Counter::StorageBytes;
        add(tx, id, counter, n, world.now()).await.unwrap()
    }

    async fn a_counter_counts_from_nothing_and_back(world: World) {
        let store = world.tenant().await;
        let tx = store.begin().await.unwrap();
        assert_eq!(read(&tx, Counter::StorageBytes).await.unwrap(), 0);
        assert_eq!(
            change(&world, &tx, 5_000_000_000_000).await,
            5_000_000_000_000
        );
        assert_eq!(change(&world, &tx, -4_999_999_999_999).await, 1);
        assert_eq!(read(&tx, Counter::StorageBytes).await.unwrap(), 1);
        assert_eq!(read(&tx, Counter::Files).await.unwrap(), 0);
        drop(tx);
        let tx = store.read().await.unwrap();
        assert_eq!(read(&tx, Counter::StorageBytes).await.unwrap(), 0);
    }

    async fn changes_side_by_side_are_all_counted(world: World) {
        let store = world.tenant().await;
        let adds = (0..8).map(|_| async {
            let tx = store.begin().await.unwrap();
            change(&world, &tx, 7).await;
            tx.commit().await.unwrap();
        });
        futures::future::join_all(adds).await;
        let tx = store.read().await.unwrap();
        assert_eq!(read(&tx, Counter::StorageBytes).await.unwrap(), 56);
    }
}

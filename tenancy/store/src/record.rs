//! Small typed documents of a tenant: settings, rules, templates. One row a kind and key; the body
//! is JSON with a version that counts its changes.

use kernel::Instant;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use serde::{Serialize, de::DeserializeOwned};
use tenancy_model::RecordId;

use crate::{StoreError, TenantTx, body, statement::sql};

/// A document as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<T> {
    /// Its id; also its place in a list, newest first.
    pub id: RecordId,
    /// Whose or what of its kind.
    pub key: String,
    /// What it says.
    pub body: T,
    /// 1 when it was made, one more with every change.
    pub version: i64,
    /// When it last changed.
    pub changed_at: Instant,
}

/// A document to be written.
#[derive(Debug, Clone, Copy)]
pub struct RecordWrite<'a, T> {
    /// The id that a new one gets; one that exists keeps its own.
    pub id: RecordId,
    /// What sort of document.
    pub kind: &'a str,
    /// Whose or what of its kind; unique within the kind.
    pub key: &'a str,
    /// What it says; at most [`crate::BODY_BYTES_MAX`] as JSON.
    pub body: &'a T,
    /// The time of the change.
    pub now: Instant,
}

/// The document of a kind and key.
///
/// # Errors
/// [`StoreError::Inconsistent`] when the body is no `T`; the database refused.
pub async fn get<T: DeserializeOwned>(
    tx: &TenantTx,
    kind: &str,
    key: &str,
) -> Result<Option<Record<T>>, StoreError> {
    let row = entity::Entity::find()
        .filter(entity::Column::Kind.eq(kind))
        .filter(entity::Column::Key.eq(key))
        .one(tx)
        .await?;
    row.map(record).transpose()
}

/// Makes the document or replaces its body; answers its version from now on.
///
/// # Errors
/// [`StoreError::TooLarge`]; the database refused.
pub async fn put<T: Serialize>(
    tx: &TenantTx,
    write: RecordWrite<'_, T>,
) -> Result<i64, StoreError> {
    let what = format!("record {}", write.kind);
    let put = sql(
        tx,
        "INSERT INTO record (id, kind, key, body, version, created_at, changed_at) \
         VALUES ($1, $2, $3, $4, 1, $5, $5) \
         ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body, \
         version = record.version + 1, changed_at = excluded.changed_at \
         RETURNING version",
        [
            write.id.into(),
            write.kind.into(),
            write.key.into(),
            body::write(&what, write.body)?.into(),
            write.now.into(),
        ],
    );
    let row = tx.query_one_raw(put).await?;
    let row = row.ok_or_else(|| StoreError::Inconsistent {
        what,
        why: "the database wrote no row".to_owned(),
    })?;
    Ok(row.try_get("", "version")?)
}

/// At most `limit` documents of a kind, newest first, of those that were made before `after` (the
/// id is the keyset: `page.position::<RecordId>()`, `page.page(rows, total, |row| row.id)`).
///
/// # Errors
/// [`StoreError::Inconsistent`] when a body is no `T`; the database refused.
pub async fn list<T: DeserializeOwned>(
    tx: &TenantTx,
    kind: &str,
    after: Option<RecordId>,
    limit: u64,
) -> Result<Vec<Record<T>>, StoreError> {
    let mut query = entity::Entity::find().filter(entity::Column::Kind.eq(kind));
    if let Some(after) = after {
        query = query.filter(entity::Column::Id.lt(after));
    }
    let rows = query
        .order_by_desc(entity::Column::Id)
        .limit(limit)
        .all(tx)
        .await?;
    rows.into_iter().map(record).collect()
}

/// How many documents of a kind there are.
///
/// # Errors
/// The database refused.
pub async fn count(tx: &TenantTx, kind: &str) -> Result<u64, StoreError> {
    use sea_orm::PaginatorTrait as _;
    let query = entity::Entity::find().filter(entity::Column::Kind.eq(kind));
    Ok(query.count(tx).await?)
}

/// Removes a document; whether there was one.
///
/// # Errors
/// The database refused.
pub async fn delete(tx: &TenantTx, kind: &str, key: &str) -> Result<bool, StoreError> {
    let gone = entity::Entity::delete_many()
        .filter(entity::Column::Kind.eq(kind))
        .filter(entity::Column::Key.eq(key))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected > 0)
}

fn record<T: DeserializeOwned>(row: entity::Model) -> Result<Record<T>, StoreError> {
    let what = format!("record {} {}", row.kind, row.key);
    Ok(Record {
        id: row.id,
        key: row.key,
        body: body::read(&what, row.body)?,
        version: row.version,
        changed_at: row.changed_at,
    })
}

mod entity {
    //! The row of a document.
    use sea_orm::entity::prelude::*;
    use tenancy_model::RecordId;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "record")]
    pub(super) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: RecordId,
        pub kind: String,
        pub key: String,
        pub body: Json,
        pub version: i64,
        pub changed_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(super) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::testing::World;

    crate::test_both_backends!(
        a_document_is_written_read_changed_and_removed,
        a_list_is_newest_first_and_goes_on_where_it_stopped,
        a_body_of_another_shape_or_size_is_refused,
    );

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Rules {
        length_min: u32,
        note: String,
    }

    fn rules(length_min: u32) -> Rules {
        Rules {
            length_min,
            note: "密码 \"strong\" '; DROP".to_owned(),
        }
    }

    async fn write(world: &World, tx: &TenantTx, key: &str, body: &Rules) -> i64 {
        let write = RecordWrite {
            id: RecordId::new(&world.clock, &*world.rng),
            kind: "rules",
            key,
            body,
            now: world.now(),
        };
        put(tx, write).await.unwrap()
    }

    async fn a_document_is_written_read_changed_and_removed(world: World) {
        let store = world.tenant().await;
        let tx = store.begin().await.unwrap();
        assert_eq!(get::<Rules>(&tx, "rules", "a").await.unwrap(), None);
        assert_eq!(write(&world, &tx, "a", &rules(8)).await, 1);
        world.clock.advance(chrono::Duration::seconds(5));
        assert_eq!(write(&world, &tx, "a", &rules(12)).await, 2);
        tx.commit().await.unwrap();

        let tx = store.read().await.unwrap();
        let found = get::<Rules>(&tx, "rules", "a").await.unwrap().unwrap();
        assert_eq!((found.version, found.key.as_str()), (2, "a"));
        assert_eq!(found.body, rules(12));
        assert_eq!(found.changed_at, world.now());
        drop(tx);

        let tx = store.begin().await.unwrap();
        assert!(delete(&tx, "rules", "a").await.unwrap());
        assert!(!delete(&tx, "rules", "a").await.unwrap());
        assert_eq!(count(&tx, "rules").await.unwrap(), 0);
    }

    async fn a_list_is_newest_first_and_goes_on_where_it_stopped(world: World) {
        let store = world.tenant().await;
        let tx = store.begin().await.unwrap();
        for n in 0..5 {
            world.clock.advance(chrono::Duration::milliseconds(1));
            write(&world, &tx, &n.to_string(), &rules(n)).await;
        }
        let first = list::<Rules>(&tx, "rules", None, 3).await.unwrap();
        let after = first.last().map(|record| record.id);
        let rest = list::<Rules>(&tx, "rules", after, 3).await.unwrap();
        let keys: Vec<_> = first.iter().chain(&rest).map(|r| r.key.as_str()).collect();
        assert_eq!(keys, ["4", "3", "2", "1", "0"]);
        assert_eq!(count(&tx, "rules").await.unwrap(), 5);
        assert!(
            list::<Rules>(&tx, "other", None, 3)
                .await
                .unwrap()
                .is_empty()
        );
    }

    async fn a_body_of_another_shape_or_size_is_refused(world: World) {
        let store = world.tenant().await;
        let tx = store.begin().await.unwrap();
        write(&world, &tx, "a", &rules(8)).await;
        let other = get::<Vec<u8>>(&tx, "rules", "a").await;
        assert!(matches!(other, Err(StoreError::Inconsistent { .. })));
        let huge = RecordWrite {
            id: RecordId::new(&world.clock, &*world.rng),
            kind: "rules",
            key: "b",
            body: &"x".repeat(crate::BODY_BYTES_MAX),
            now: world.now(),
        };
        assert!(matches!(
            put(&tx, huge).await,
            Err(StoreError::TooLarge { .. })
        ));
    }
}

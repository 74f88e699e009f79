//! Every night the tenant's objects are compared with its rows: what no row names is removed, what
//! a row names and is not there is reported, and the number of bytes is counted anew. Both sides
//! come in the order of the rows' ids, so that a page of each is in memory.

use std::collections::{HashMap, HashSet};

use chrono::{DurationRound as _, TimeDelta};
use kernel::Instant;
use platform::s3::{BlobError, BlobInfo};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QuerySelect as _,
};
use serde::{Deserialize, Serialize};
use tenancy_access::{DomainError, Services, TenantContext};
use tenancy_model::{JobId, ObjectId, Permission, RecordId, TenantId, UploadId, UploadState};
use tenancy_store::{
    StoreError, TenantStore, TenantTx,
    counters::{self, Counter},
    jobs::{self, JobError, JobRequest},
    record::{self, RecordWrite},
};
use uuid::Uuid;

use crate::{
    Files,
    entity::{file, upload},
    files::away,
    keys,
    remove::Doomed,
    storage::{add_bytes, add_files, sum_of},
};

/// Kind of the job that compares rows and objects.
pub const RECONCILE_JOB: &str = "file.reconcile";
const KEY: &str = "nightly";
const RECORD: &str = "file_reconciliation";
/// Objects of one page.
const PAGE: i32 = 1_000;
/// Pages of one night: ten million objects.
const PAGES_MAX: usize = 10_000;
/// A younger object may belong to a row of this moment.
const YOUNG_FOR: TimeDelta = TimeDelta::hours(24);
/// The night begins then, UTC, and tenants are spread over its minutes.
const NIGHT_AT: TimeDelta = TimeDelta::hours(1);
const NIGHT_MINUTES: u128 = 240;

/// What a night's comparison found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// When.
    pub at: Instant,
    /// Objects that rows name.
    pub objects: u64,
    /// Objects that no row named, and uploads in parts that nobody finished: removed.
    pub orphans: u64,
    /// Objects that a row names and that are not there.
    pub missing: u64,
    /// By how many bytes the number that limits was wrong; it is right again.
    pub difference_bytes: i64,
}

impl Reconciliation {
    /// Whether rows and objects said the same.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.orphans == 0 && self.missing == 0 && self.difference_bytes == 0
    }
}

/// What the last night's comparison found; none before the first.
///
/// # Errors
/// [`DomainError::FORBIDDEN`] without `CompanyView`.
pub async fn last_reconciliation(
    ctx: &TenantContext,
) -> Result<Option<Reconciliation>, DomainError> {
    ctx.require(Permission::CompanyView)?;
    let tx = ctx.store.read().await?;
    let found = record::get(&tx, RECORD, KEY).await?;
    Ok(found.map(|record| record.body))
}

/// There is a comparison in the coming night.
pub(crate) async fn ensure(
    tx: &TenantTx,
    services: &Services,
    tenant: TenantId,
) -> Result<(), StoreError> {
    jobs::ensure(tx, &request(services, tenant)).await
}

fn request(services: &Services, tenant: TenantId) -> JobRequest {
    JobRequest {
        id: JobId::new(&*services.clock, &*services.rng),
        kind: RECONCILE_JOB,
        key: Some(KEY.to_owned()),
        body: serde_json::Value::Null,
        due_at: next_night(services.clock.now(), tenant),
    }
}

fn next_night(now: Instant, tenant: TenantId) -> Instant {
    let midnight = now.duration_trunc(TimeDelta::days(1)).unwrap_or(now);
    let minute = i64::try_from(tenant.uuid().as_u128() % NIGHT_MINUTES).unwrap_or(0);
    midnight + TimeDelta::days(1) + NIGHT_AT + TimeDelta::minutes(minute)
}

impl Files {
    /// The job [`RECONCILE_JOB`]; enqueues itself for the next night.
    ///
    /// # Errors
    /// To be tried again.
    pub async fn reconcile(&self, store: &TenantStore) -> Result<(), JobError> {
        let compared = async {
            let found = self.compare(store).await?;
            self.report(store, &found).await
        };
        compared.await.map_err(|error: DomainError| match error {
            DomainError::Store(error) => JobError::Store(error),
            error => JobError::Retry(error.to_string()),
        })
    }

    async fn compare(&self, store: &TenantStore) -> Result<Reconciliation, DomainError> {
        let prefix = keys::prefix(store.id());
        let mut found = Reconciliation {
            at: self.services.clock.now(),
            ..Reconciliation::default()
        };
        let (mut after, mut from) = (None, Uuid::nil());
        for _ in 0..PAGES_MAX {
            let page = self.blobs.list(&prefix, after.as_deref(), PAGE).await;
            let page = page.map_err(away)?;
            let last = page.blobs.last().and_then(|blob| keys::row_of(&blob.key));
            let to = match &page.next_after {
                Some(_) => last.unwrap_or(from),
                None => Uuid::max(),
            };
            self.compare_page(store, &page.blobs, (from, to), &mut found)
                .await?;
            (after, from) = (page.next_after, to);
            if after.is_none() {
                break;
            }
        }
        self.end_forgotten(store, &prefix, &mut found).await?;
        found.difference_bytes = self.recount(store).await?;
        Ok(found)
    }

    async fn compare_page(
        &self,
        store: &TenantStore,
        blobs: &[BlobInfo],
        (from, to): (Uuid, Uuid),
        found: &mut Reconciliation,
    ) -> Result<(), DomainError> {
        let tx = store.read().await?;
        let rows = file::Entity::find()
            .filter(file::Column::Id.between(ObjectId::from(from), ObjectId::from(to)))
            .all(&tx)
            .await?;
        let ids: HashSet<Uuid> = blobs.iter().filter_map(|b| keys::row_of(&b.key)).collect();
        let uploads: Vec<String> = upload::Entity::find()
            .select_only()
            .column(upload::Column::ObjectKey)
            .filter(upload::Column::Id.is_in(ids.into_iter().map(UploadId::from)))
            .filter(upload::Column::State.is_in(UNDER_WAY))
            .into_tuple()
            .all(&tx)
            .await?;
        drop(tx);
        // Key, and whether it is in use (and not only announced).
        let mut named: HashMap<String, bool> = uploads.into_iter().map(|k| (k, false)).collect();
        for row in &rows {
            for key in Doomed::objects(std::slice::from_ref(row)).keys() {
                named.insert(key.clone(), row.sha256.is_some());
            }
        }
        for blob in blobs {
            if named.remove(&blob.key).is_some() {
                found.objects += 1;
            } else if blob.put_at.is_some_and(|at| at <= found.at - YOUNG_FOR) {
                self.blobs.delete(&blob.key).await.map_err(away)?;
                found.orphans += 1;
            }
        }
        let in_use = named.into_iter().filter(|(_, in_use)| *in_use);
        for (key, _) in in_use {
            found.missing += u64::from(self.is_missing(store, &key).await?);
        }
        Ok(())
    }

    /// Asks once more: the list is of some moments ago, and a row's objects can be of two pages.
    async fn is_missing(&self, store: &TenantStore, key: &str) -> Result<bool, DomainError> {
        match self.blobs.head(key).await {
            Ok(_) => return Ok(false),
            Err(BlobError::NotFound) => {}
            Err(error) => return Err(away(error)),
        }
        let row = keys::row_of(key).map(ObjectId::from);
        let tx = store.read().await?;
        let still = match row {
            Some(id) => file::Entity::find_by_id(id).one(&tx).await?,
            None => None,
        };
        if still.is_some() {
            tracing::error!(tenant = %store.id(), key, "a file's object is missing");
        }
        Ok(still.is_some())
    }

    /// Uploads in parts that no row knows.
    async fn end_forgotten(
        &self,
        store: &TenantStore,
        prefix: &str,
        found: &mut Reconciliation,
    ) -> Result<(), DomainError> {
        let begun = self.blobs.list_uploads(prefix, PAGE).await.map_err(away)?;
        for begun in begun {
            if begun.begun_at.is_none_or(|at| at > found.at - YOUNG_FOR) {
                continue;
            }
            let tx = store.read().await?;
            let known = upload::Entity::find()
                .filter(upload::Column::S3UploadId.eq(begun.id.as_str()))
                .filter(upload::Column::State.is_in(UNDER_WAY))
                .count(&tx)
                .await?;
            drop(tx);
            if known == 0 {
                let ended = self.blobs.abort_upload(&begun.key, &begun.id).await;
                ended.map_err(away)?;
                found.orphans += 1;
            }
        }
        Ok(())
    }

    /// Counts what the number says, while nobody changes it; answers by how much it was wrong.
    async fn recount(&self, store: &TenantStore) -> Result<i64, DomainError> {
        let tx = store.begin().await?;
        let services = &self.services;
        let counted = add_bytes(&tx, services, 0).await?;
        let stored: Option<i64> = file::Entity::find()
            .select_only()
            .column_as(sum_of(file::Column::StoredBytes), "sum")
            .filter(file::Column::Sha256.is_not_null())
            .into_tuple()
            .one(&tx)
            .await?
            .flatten();
        let reserved: Option<i64> = upload::Entity::find()
            .select_only()
            .column_as(sum_of(upload::Column::SizeBytes), "sum")
            .filter(upload::Column::State.is_in(UNDER_WAY))
            .into_tuple()
            .one(&tx)
            .await?
            .flatten();
        let difference = stored.unwrap_or(0) + reserved.unwrap_or(0) - counted;
        let files = file::Entity::find()
            .filter(file::Column::Sha256.is_not_null())
            .count(&tx)
            .await?;
        let files = i64::try_from(files).unwrap_or(i64::MAX);
        let noted = counters::read(&tx, Counter::Files).await?;
        add_bytes(&tx, services, difference).await?;
        add_files(&tx, services, files - noted).await?;
        tx.commit().await?;
        Ok(difference)
    }

    async fn report(&self, store: &TenantStore, found: &Reconciliation) -> Result<(), DomainError> {
        if !found.is_clean() {
            tracing::error!(tenant = %store.id(), ?found, "files and their rows differed");
            metrics::counter!("files_differences_total").increment(1);
        }
        let (services, tx) = (&self.services, store.begin().await?);
        let write = RecordWrite {
            id: RecordId::new(&*services.clock, &*services.rng),
            kind: RECORD,
            key: KEY,
            body: found,
            now: services.clock.now(),
        };
        record::put(&tx, write).await?;
        jobs::enqueue(&tx, &request(services, store.id())).await?;
        Ok(tx.commit().await?)
    }

    /// Removes everything of a tenant that is erased: its rows are gone.
    ///
    /// # Errors
    /// To be tried again.
    pub async fn erase(&self, tenant: TenantId) -> Result<(), JobError> {
        let again = |error: BlobError| JobError::Retry(error.to_string());
        let prefix = keys::prefix(tenant);
        loop {
            let begun = self
                .blobs
                .list_uploads(&prefix, PAGE)
                .await
                .map_err(again)?;
            for begun in &begun {
                self.blobs
                    .abort_upload(&begun.key, &begun.id)
                    .await
                    .map_err(again)?;
            }
            let page = self.blobs.list(&prefix, None, PAGE).await.map_err(again)?;
            for blob in &page.blobs {
                self.blobs.delete(&blob.key).await.map_err(again)?;
            }
            if begun.is_empty() && page.blobs.is_empty() {
                return Ok(());
            }
        }
    }
}

/// Their objects are no file's yet.
const UNDER_WAY: [UploadState; 2] = [UploadState::Receiving, UploadState::Checking];

//! What ends by itself: uploads that were never finished, files that nobody attached, and files
//! whose time is over (FIL-05). One job a tenant, from its first upload on, at least once a day and
//! as soon as the next thing ends.

use chrono::TimeDelta;
use kernel::Instant;
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, sea_query::Expr,
};
use tenancy_access::{DomainError, Services};
use tenancy_model::{FileId, FileKind, FileRemoval, JobId, ObjectId, UploadState};
use tenancy_store::{
    StoreError, TenantStore, TenantTx,
    jobs::{self, JobError, JobRequest},
};

use crate::{
    CHECK_JOB, Files,
    entity::{file, file_entry, upload},
    hold::unmade,
    policy::{RetentionDays, policy_in},
    remove::{self, Doomed},
    storage::add_bytes,
    upload::{advance, event},
};

/// Kind of the job that ends what is over.
pub const TIDY_JOB: &str = "file.tidy";
const KEY: &str = "tidy";
/// Rows of one transaction.
const BATCH: u64 = 200;
/// Transactions of one run; what is left waits for the next.
const ROUNDS_MAX: usize = 500;
/// Between two runs, at most.
const EVERY: TimeDelta = TimeDelta::hours(24);
/// Between two runs, at least.
const PAUSE: TimeDelta = TimeDelta::minutes(10);
/// A check that takes longer was given up by the runner (24 tries), and is begun again.
const CHECK_FOR: TimeDelta = TimeDelta::hours(30);
/// A run begins a little after what it is for, so that one run is enough.
const TIDY_AFTER: TimeDelta = TimeDelta::seconds(60);

fn request(services: &Services, due_at: Instant) -> JobRequest {
    JobRequest {
        id: JobId::new(&*services.clock, &*services.rng),
        kind: TIDY_JOB,
        key: Some(KEY.to_owned()),
        body: serde_json::Value::Null,
        due_at,
    }
}

/// There is a run at `due_at`, or an earlier one.
pub(crate) async fn ensure(
    tx: &TenantTx,
    services: &Services,
    due_at: Instant,
) -> Result<(), StoreError> {
    jobs::ensure(tx, &request(services, due_at + TIDY_AFTER)).await
}

/// A run as soon as possible.
pub(crate) async fn enqueue_now(tx: &TenantTx, services: &Services) -> Result<(), StoreError> {
    jobs::enqueue(tx, &request(services, services.clock.now())).await
}

impl Files {
    /// The job [`TIDY_JOB`]; enqueues itself.
    ///
    /// # Errors
    /// To be tried again.
    pub async fn tidy(&self, store: &TenantStore) -> Result<(), JobError> {
        let tidied = async {
            self.end_uploads(store).await?;
            self.revive_checks(store).await?;
            self.remove_unmade(store).await?;
            self.remove_unattached(store).await?;
            self.expire(store).await?;
            self.forget_uploads(store).await?;
            self.again(store).await
        };
        tidied.await.map_err(|error: DomainError| match error {
            DomainError::Store(error) => JobError::Store(error),
            error => JobError::Retry(error.to_string()),
        })
    }

    fn now(&self) -> Instant {
        self.services.clock.now()
    }

    fn unfinished_for(&self) -> TimeDelta {
        TimeDelta::hours(self.config.unfinished_hours.into())
    }

    /// Uploads whose time is over give their reserved bytes back.
    async fn end_uploads(&self, store: &TenantStore) -> Result<(), DomainError> {
        for _ in 0..ROUNDS_MAX {
            let over = upload::Entity::find()
                .filter(upload::Column::State.eq(UploadState::Receiving))
                .filter(upload::Column::ExpiresAt.lte(self.now()))
                .order_by_asc(upload::Column::Id)
                .limit(BATCH)
                .all(&store.read().await?)
                .await?;
            if over.is_empty() {
                return Ok(());
            }
            for row in over {
                self.end_upload(store, &row).await?;
            }
        }
        Ok(())
    }

    async fn end_upload(
        &self,
        store: &TenantStore,
        row: &upload::Model,
    ) -> Result<(), DomainError> {
        let tx = store.begin().await?;
        let step = (UploadState::Receiving, UploadState::Cancelled);
        if advance(&tx, row, step, None, self.now()).await? {
            add_bytes(&tx, &self.services, -row.size_bytes).await?;
            remove::enqueue(&tx, &self.services, &Doomed::upload(row)).await?;
            tx.commit().await?;
            let told = event(row, UploadState::Cancelled);
            self.services.publish(store.id(), told).await;
        }
        Ok(())
    }

    /// A check whose job died, such as with the object store away for more than a day.
    async fn revive_checks(&self, store: &TenantStore) -> Result<(), DomainError> {
        let tx = store.begin().await?;
        let stuck = upload::Entity::find()
            .filter(upload::Column::State.eq(UploadState::Checking))
            .filter(upload::Column::ChangedAt.lte(self.now() - CHECK_FOR))
            .limit(BATCH)
            .all(&tx)
            .await?;
        for row in stuck {
            let job = JobRequest {
                kind: CHECK_JOB,
                key: Some(row.id.to_string()),
                ..request(&self.services, self.now())
            };
            jobs::ensure(&tx, &job).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Objects that a crash left half made.
    async fn remove_unmade(&self, store: &TenantStore) -> Result<(), DomainError> {
        let tx = store.begin().await?;
        let rows = unmade(&tx, self.now() - CHECK_FOR, BATCH).await?;
        file::Entity::delete_many()
            .filter(file::Column::Id.is_in(rows.iter().map(|row| row.id)))
            .filter(file::Column::Sha256.is_null())
            .exec(&tx)
            .await?;
        remove::enqueue(&tx, &self.services, &Doomed::objects(&rows)).await?;
        Ok(tx.commit().await?)
    }

    /// Files that are part of nothing: gone without a trace.
    async fn remove_unattached(&self, store: &TenantStore) -> Result<(), DomainError> {
        let before = self.now() - self.unfinished_for();
        for _ in 0..ROUNDS_MAX {
            let tx = store.begin().await?;
            let rows = file_entry::Entity::find()
                .filter(file_entry::Column::RemovedAt.is_null())
                .filter(file_entry::Column::AttachedAt.is_null())
                .filter(file_entry::Column::CreatedAt.lte(before))
                .order_by_asc(file_entry::Column::Id)
                .limit(BATCH)
                .lock_exclusive()
                .all(&tx)
                .await?;
            if rows.is_empty() {
                return Ok(());
            }
            file_entry::Entity::delete_many()
                .filter(file_entry::Column::Id.is_in(rows.iter().map(|row| row.id)))
                .exec(&tx)
                .await?;
            let objects: Vec<ObjectId> = rows.iter().filter_map(|row| row.file_id).collect();
            remove::release(&tx, &self.services, &objects).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Files whose time is over, by kind; one that is held stays.
    async fn expire(&self, store: &TenantStore) -> Result<(), DomainError> {
        let days = policy_in(&store.read().await?).await?.retention_days;
        let Some(over) = over(&days, self.now()) else {
            return Ok(());
        };
        for _ in 0..ROUNDS_MAX {
            let tx = store.begin().await?;
            let rows = file_entry::Entity::find()
                .filter(file_entry::Column::RemovedAt.is_null())
                .filter(over.clone())
                .filter(not_held())
                .order_by_asc(file_entry::Column::Id)
                .limit(BATCH)
                .lock_exclusive()
                .all(&tx)
                .await?;
            if rows.is_empty() {
                return Ok(());
            }
            end_uses(&tx, &self.services, &rows, FileRemoval::Expired).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Uploads that ended long ago: nobody retries them any more.
    async fn forget_uploads(&self, store: &TenantStore) -> Result<(), DomainError> {
        let tx = store.begin().await?;
        upload::Entity::delete_many()
            .filter(upload::Column::State.is_in(ENDED))
            .filter(upload::Column::ChangedAt.lte(self.now() - self.unfinished_for()))
            .exec(&tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// The next run: when the next thing ends, and in a day at the latest.
    async fn again(&self, store: &TenantStore) -> Result<(), DomainError> {
        let tx = store.begin().await?;
        let now = self.now();
        let upload: Option<Instant> = upload::Entity::find()
            .select_only()
            .column_as(upload::Column::ExpiresAt.min(), "at")
            .filter(upload::Column::State.eq(UploadState::Receiving))
            .into_tuple()
            .one(&tx)
            .await?
            .flatten();
        let entry: Option<Instant> = file_entry::Entity::find()
            .select_only()
            .column_as(file_entry::Column::CreatedAt.min(), "at")
            .filter(file_entry::Column::RemovedAt.is_null())
            .filter(file_entry::Column::AttachedAt.is_null())
            .into_tuple()
            .one(&tx)
            .await?
            .flatten();
        let entry = entry.map(|at| at + self.unfinished_for());
        let next = [upload, entry].into_iter().flatten().min();
        let due_at = next
            .map_or(now + EVERY, |at| at + TIDY_AFTER)
            .clamp(now + PAUSE, now + EVERY);
        jobs::enqueue(&tx, &request(&self.services, due_at)).await?;
        Ok(tx.commit().await?)
    }
}

const ENDED: [UploadState; 3] = [
    UploadState::Ready,
    UploadState::Refused,
    UploadState::Cancelled,
];

/// Ends these uses and frees what they were the last use of. The rows stay and say why.
pub(crate) async fn end_uses(
    tx: &TenantTx,
    services: &Services,
    rows: &[file_entry::Model],
    why: FileRemoval,
) -> Result<(), StoreError> {
    let ids = rows.iter().map(|row| row.id);
    file_entry::Entity::update_many()
        .col_expr(
            file_entry::Column::RemovedAt,
            Expr::value(services.clock.now()),
        )
        .col_expr(file_entry::Column::RemovedWhy, Expr::value(why))
        .filter(file_entry::Column::Id.is_in(ids.collect::<Vec<FileId>>()))
        .exec(tx)
        .await?;
    let objects: Vec<ObjectId> = rows.iter().filter_map(|row| row.file_id).collect();
    remove::release(tx, services, &objects).await
}

/// What is over at `now`; none when everything is kept for ever.
fn over(days: &RetentionDays, now: Instant) -> Option<Condition> {
    if !days.any() {
        return None;
    }
    const KINDS: [FileKind; 5] = [
        FileKind::Image,
        FileKind::Video,
        FileKind::Audio,
        FileKind::File,
        FileKind::Folder,
    ];
    let mut any = Condition::any();
    for kind in KINDS {
        if let Some(days) = days.of(kind) {
            let before = now - TimeDelta::days(days.into());
            any = any.add(
                Condition::all()
                    .add(file_entry::Column::Kind.eq(kind))
                    .add(file_entry::Column::AttachedAt.lte(before))
                    // Avatars and logos are no messages.
                    .add(file_entry::Column::MessageId.is_not_null()),
            );
        }
    }
    Some(any)
}

fn not_held() -> Condition {
    let held = file::Entity::find()
        .select_only()
        .column(file::Column::Id)
        .filter(file::Column::Hold.eq(true));
    let held = sea_orm::QueryTrait::into_query(held);
    Condition::any()
        .add(file_entry::Column::FileId.is_null())
        .add(file_entry::Column::FileId.not_in_subquery(held))
}

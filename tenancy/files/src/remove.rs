//! The end of bytes. A row goes first, in the same transaction in which a job learns which objects
//! to remove; the object store may be away then. What neither knows of, the nightly look finds.

use std::collections::HashSet;

use platform::s3::BlobError;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde::{Deserialize, Serialize};
use tenancy_access::Services;
use tenancy_model::{JobId, ObjectId};
use tenancy_store::{
    StoreError, TenantTx,
    jobs::{self, JobError, JobRequest},
};

use crate::{
    Files,
    entity::{file, file_entry, upload},
    storage::{add_bytes, add_files},
};

/// Kind of the job that removes objects.
pub const REMOVE_JOB: &str = "file.remove";
/// Keys of one job: its body is bounded.
const KEYS_MAX: usize = 1_000;

/// Objects that no row names any more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Doomed {
    keys: Vec<String>,
    /// Uploads in parts: key and the object store's id.
    #[serde(default)]
    uploads: Vec<(String, String)>,
}

impl Doomed {
    /// What an upload has put so far.
    pub(crate) fn upload(row: &upload::Model) -> Self {
        let begun = row.s3_upload_id.clone();
        Self {
            keys: vec![row.object_key.clone()],
            uploads: begun
                .map(|id| (row.object_key.clone(), id))
                .into_iter()
                .collect(),
        }
    }

    /// All objects of these rows.
    pub(crate) fn objects(rows: &[file::Model]) -> Self {
        let keys = rows.iter().flat_map(|row| {
            let more = [row.thumbnail_key.clone(), row.poster_key.clone()];
            std::iter::once(row.object_key.clone()).chain(more.into_iter().flatten())
        });
        Self {
            keys: keys.collect(),
            uploads: Vec::new(),
        }
    }

    /// All of them.
    pub(crate) fn keys(&self) -> &[String] {
        &self.keys
    }

    /// One object more, named once.
    pub(crate) fn add(&mut self, key: &str) {
        if !self.keys.iter().any(|known| known == key) {
            self.keys.push(key.to_owned());
        }
    }

    /// One object.
    pub(crate) fn object(key: &str) -> Self {
        Self {
            keys: vec![key.to_owned()],
            uploads: Vec::new(),
        }
    }
}

/// Has objects removed after the commit.
pub(crate) async fn enqueue(
    tx: &TenantTx,
    services: &Services,
    doomed: &Doomed,
) -> Result<(), StoreError> {
    for keys in doomed.keys.chunks(KEYS_MAX) {
        let part = Doomed {
            keys: keys.to_vec(),
            uploads: doomed.uploads.clone(),
        };
        let body = serde_json::to_value(part).map_err(|error| StoreError::Inconsistent {
            what: "objects to remove".to_owned(),
            why: error.to_string(),
        })?;
        let job = JobRequest {
            id: JobId::new(&*services.clock, &*services.rng),
            kind: REMOVE_JOB,
            key: None,
            body,
            due_at: services.clock.now(),
        };
        jobs::enqueue(tx, &job).await?;
    }
    Ok(())
}

/// Frees those of these objects that have no use left and are not held: rows, bytes counted, and
/// the objects after the commit. Call it after the uses are gone, in their transaction.
pub(crate) async fn release(
    tx: &TenantTx,
    services: &Services,
    objects: &[ObjectId],
) -> Result<(), StoreError> {
    if objects.is_empty() {
        return Ok(());
    }
    // Whoever folds equal content into one of these holds its row as well: either it has a new use
    // by now, or it is not found there any more.
    let rows = file::Entity::find()
        .filter(file::Column::Id.is_in(objects.iter().copied()))
        .filter(file::Column::Hold.eq(false))
        .order_by_asc(file::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    let used: Vec<Option<ObjectId>> = file_entry::Entity::find()
        .select_only()
        .column(file_entry::Column::FileId)
        .distinct()
        .filter(file_entry::Column::FileId.is_in(rows.iter().map(|row| row.id)))
        .filter(file_entry::Column::RemovedAt.is_null())
        .into_tuple()
        .all(tx)
        .await?;
    let used: HashSet<ObjectId> = used.into_iter().flatten().collect();
    let free: Vec<_> = rows
        .into_iter()
        .filter(|row| !used.contains(&row.id))
        .collect();
    if free.is_empty() {
        return Ok(());
    }
    file::Entity::delete_many()
        .filter(file::Column::Id.is_in(free.iter().map(|row| row.id)))
        .exec(tx)
        .await?;
    let stored: i64 = free.iter().map(|row| row.stored_bytes).sum();
    add_bytes(tx, services, -stored).await?;
    add_files(tx, services, -i64::try_from(free.len()).unwrap_or(0)).await?;
    enqueue(tx, services, &Doomed::objects(&free)).await
}

impl Files {
    /// The job [`REMOVE_JOB`]: removes objects; tried again while the object store is away.
    ///
    /// # Errors
    /// To be tried again, or the body makes no sense.
    pub async fn remove(&self, body: serde_json::Value) -> Result<(), JobError> {
        let doomed: Doomed =
            serde_json::from_value(body).map_err(|error| JobError::Dead(error.to_string()))?;
        let again = |error: BlobError| JobError::Retry(error.to_string());
        for (key, upload) in &doomed.uploads {
            self.blobs.abort_upload(key, upload).await.map_err(again)?;
        }
        for key in &doomed.keys {
            self.blobs.delete(key).await.map_err(again)?;
        }
        Ok(())
    }
}

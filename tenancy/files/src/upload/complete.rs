//! The end of an upload: complete, or cancelled. What has arrived is asked of the object store, and
//! never of the client.

use platform::s3::{BlobError, PartInfo};
use tenancy_access::{DomainError, TenantContext};
use tenancy_model::{ErrorCode, JobId, Problem, UploadId, UploadState};
use tenancy_store::jobs::{self, JobRequest};

use super::{Upload, advance, bytes, ended, event, own, part_count, part_size};
use crate::{
    CHECK_JOB, Files,
    entity::upload,
    files::away,
    remove::{self, Doomed},
    storage::add_bytes,
};

/// Parts that have arrived with the size that they have to have.
pub(crate) fn received<'a>(
    row: &'a upload::Model,
    parts: &'a [PartInfo],
) -> impl Iterator<Item = &'a PartInfo> {
    let count = part_count(row);
    parts.iter().filter(move |part| {
        (1..=count).contains(&part.number) && part.size_bytes == part_size(row, part.number)
    })
}

impl Files {
    /// Makes one object of the parts and has it checked. Completing twice is the same as once.
    ///
    /// # Errors
    /// `NOT_FOUND`; `UPLOAD_INCOMPLETE` with how many bytes have arrived; `UPLOAD_ENDED`;
    /// `UNAVAILABLE` while the object store is away.
    pub async fn complete_upload(
        &self,
        ctx: &TenantContext,
        id: UploadId,
    ) -> Result<Upload, DomainError> {
        let row = own(&ctx.store.read().await?, ctx, id).await?;
        match row.state {
            UploadState::Receiving => {}
            UploadState::Cancelled => return Err(ended()),
            UploadState::Checking | UploadState::Ready | UploadState::Refused => {
                return Ok(Upload::new(&row, Vec::new()));
            }
        }
        let Some(upload) = row.s3_upload_id.clone() else {
            let problem = Problem::new(ErrorCode::UploadIncomplete).used(0);
            return Err(problem.limit(bytes(row.size_bytes)).into());
        };
        match self.blobs.list_parts(&row.object_key, &upload).await {
            Ok(parts) => self.join(&row, &upload, &parts).await?,
            // It was joined by a call that did not live to say so, or is lost.
            Err(BlobError::NotFound) => self.require_joined(&row).await?,
            Err(error) => return Err(away(error)),
        }
        self.hand_over(ctx, row).await
    }

    async fn join(
        &self,
        row: &upload::Model,
        upload: &str,
        parts: &[PartInfo],
    ) -> Result<(), DomainError> {
        let good: Vec<PartInfo> = received(row, parts).cloned().collect();
        if good.len() != part_count(row) as usize {
            let arrived = good.iter().map(|part| part.size_bytes).sum();
            let problem = Problem::new(ErrorCode::UploadIncomplete).used(arrived);
            return Err(problem.limit(bytes(row.size_bytes)).into());
        }
        match self
            .blobs
            .complete_upload(&row.object_key, upload, &good)
            .await
        {
            Err(BlobError::NotFound) => self.require_joined(row).await,
            done => done.map_err(away),
        }
    }

    /// The upload in parts is gone: then its object has to be there.
    async fn require_joined(&self, row: &upload::Model) -> Result<(), DomainError> {
        match self.is_joined(row).await? {
            true => Ok(()),
            false => Err(ended()),
        }
    }

    /// Whether the parts have become the object.
    pub(super) async fn is_joined(&self, row: &upload::Model) -> Result<bool, DomainError> {
        match self.blobs.head(&row.object_key).await {
            Ok(info) => Ok(info.size_bytes == bytes(row.size_bytes)),
            Err(BlobError::NotFound) => Ok(false),
            Err(error) => Err(away(error)),
        }
    }

    /// The object is there: from here on the check has it.
    pub(super) async fn hand_over(
        &self,
        ctx: &TenantContext,
        mut row: upload::Model,
    ) -> Result<Upload, DomainError> {
        let tx = ctx.store.begin().await?;
        let step = (UploadState::Receiving, UploadState::Checking);
        if !advance(&tx, &row, step, None, ctx.now()).await? {
            // Somebody was faster, or it was cancelled; an attempt with another key is not this
            // one's business.
            let found = own(&tx, ctx, row.id).await?;
            drop(tx);
            return match found.state {
                UploadState::Cancelled | UploadState::Receiving => Err(ended()),
                _ => Ok(Upload::new(&found, Vec::new())),
            };
        }
        let job = JobRequest {
            id: JobId::new(ctx.clock(), ctx.rng()),
            kind: CHECK_JOB,
            key: Some(row.id.to_string()),
            body: serde_json::Value::Null,
            due_at: ctx.now(),
        };
        jobs::enqueue(&tx, &job).await?;
        tx.commit().await?;
        row.state = UploadState::Checking;
        ctx.publish(event(&row, row.state)).await;
        Ok(Upload::new(&row, Vec::new()))
    }

    /// Gives an upload up and its reserved bytes back. Cancelling twice is the same as once; what
    /// is complete is not cancelled any more.
    ///
    /// # Errors
    /// `NOT_FOUND`.
    pub async fn cancel_upload(
        &self,
        ctx: &TenantContext,
        id: UploadId,
    ) -> Result<Upload, DomainError> {
        let tx = ctx.store.begin().await?;
        let mut row = own(&tx, ctx, id).await?;
        let step = (UploadState::Receiving, UploadState::Cancelled);
        if !advance(&tx, &row, step, None, ctx.now()).await? {
            let row = own(&tx, ctx, id).await?;
            return Ok(Upload::new(&row, Vec::new()));
        }
        add_bytes(&tx, &ctx.services, -row.size_bytes).await?;
        remove::enqueue(&tx, &ctx.services, &Doomed::upload(&row)).await?;
        tx.commit().await?;
        row.state = UploadState::Cancelled;
        ctx.publish(event(&row, row.state)).await;
        Ok(Upload::new(&row, Vec::new()))
    }
}

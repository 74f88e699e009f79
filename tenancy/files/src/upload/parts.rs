//! Parts of an upload go straight to the object store, each to an address that signs its length.

use std::time::Duration;

use platform::s3::BlobError;
use tenancy_access::{DomainError, TenantContext};
use tenancy_model::{ErrorCode, Problem, UploadId, UploadState, limits::UPLOAD_PARTS_AT_ONCE_MAX};

use super::{Upload, ended, own, part_count, part_size, received};
use crate::{Files, entity::upload, files::away};

/// For how long a part can be sent to its address.
const ADDRESS_FOR: Duration = Duration::from_secs(15 * 60);

/// Where a part is sent to, by PUT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadPart {
    /// From 1.
    pub number: u32,
    /// Exactly as many bytes.
    pub size_bytes: u64,
    /// Where to.
    pub url: String,
    /// Headers to send as they are; a browser sets `content-length` itself.
    pub headers: Vec<(String, String)>,
}

impl Files {
    /// Where these parts are sent to.
    ///
    /// # Errors
    /// `NOT_FOUND`; `UPLOAD_ENDED`; `TOO_MANY` with the limit, `INVALID_INPUT` for a number that
    /// this upload has not.
    pub async fn upload_parts(
        &self,
        ctx: &TenantContext,
        id: UploadId,
        numbers: &[u32],
    ) -> Result<Vec<UploadPart>, DomainError> {
        if numbers.len() > UPLOAD_PARTS_AT_ONCE_MAX {
            let problem = Problem::field(ErrorCode::TooMany, "numbers");
            return Err(problem.limit(UPLOAD_PARTS_AT_ONCE_MAX as u64).into());
        }
        let row = own(&ctx.store.read().await?, ctx, id).await?;
        if row.state != UploadState::Receiving || row.expires_at <= ctx.now() {
            return Err(ended());
        }
        let upload = row.s3_upload_id.as_deref().ok_or_else(ended)?;
        let count = part_count(&row);
        let mut parts = Vec::with_capacity(numbers.len());
        for number in numbers.iter().copied() {
            if number == 0 || number > count {
                let problem = Problem::field(ErrorCode::InvalidInput, "numbers");
                return Err(problem.limit(count.into()).into());
            }
            let size_bytes = part_size(&row, number);
            let to = (row.object_key.as_str(), upload);
            let signed = self.blobs.presign_part(to, number, size_bytes, ADDRESS_FOR);
            let signed = signed.await.map_err(away)?;
            parts.push(UploadPart {
                number,
                size_bytes,
                url: signed.url,
                headers: signed.headers,
            });
        }
        Ok(parts)
    }

    /// An upload of the acting member, with the parts that the object store has: where a browser
    /// goes on after it lost the connection.
    ///
    /// # Errors
    /// `NOT_FOUND`; `UNAVAILABLE` while the object store is away.
    pub async fn get_upload(
        &self,
        ctx: &TenantContext,
        id: UploadId,
    ) -> Result<Upload, DomainError> {
        let row = own(&ctx.store.read().await?, ctx, id).await?;
        self.view(&row).await
    }

    pub(super) async fn view(&self, row: &upload::Model) -> Result<Upload, DomainError> {
        let mut numbers = Vec::new();
        if let (UploadState::Receiving, Some(upload)) = (row.state, &row.s3_upload_id) {
            let parts = self.blobs.list_parts(&row.object_key, upload).await;
            match parts {
                Ok(parts) => numbers.extend(received(row, &parts).map(|part| part.number)),
                // Joined by a call that is under way, or did not live to say so: everything is
                // there. Else it is being cancelled at this moment.
                Err(BlobError::NotFound) if self.is_joined(row).await? => {
                    numbers.extend(1..=part_count(row));
                }
                Err(BlobError::NotFound) => {}
                Err(error) => return Err(away(error)),
            }
        }
        Ok(Upload::new(row, numbers))
    }
}

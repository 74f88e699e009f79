//! A small file comes in one request: start, bytes and completion at once. The bytes go straight
//! through to the object store, a few chunks in memory.

use std::fmt::Display;

use bytes::Bytes;
use futures::Stream;
use platform::s3::BlobError;
use tenancy_access::{DomainError, TenantContext};
use tenancy_model::{ErrorCode, Problem, UploadState, limits::SMALL_FILE_BYTES_MAX};

use super::{Upload, UploadStartInput, bytes, ended};
use crate::{Files, files::away, policy::is_small};

impl Files {
    /// Takes a file of at most [`SMALL_FILE_BYTES_MAX`] in one go and has it checked. A retry with
    /// the same nonce sends the bytes again, unless they had all arrived.
    ///
    /// # Errors
    /// Those of [`Files::start_upload`]; `FILE_TOO_LARGE` for what has to come in parts;
    /// `SIZE_MISMATCH` when the body has another length (the same nonce can be tried again).
    pub async fn put_small<S, E>(
        &self,
        ctx: &TenantContext,
        input: &UploadStartInput,
        body: S,
    ) -> Result<Upload, DomainError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: Display,
    {
        if !is_small(input.size_bytes) {
            let problem = Problem::field(ErrorCode::FileTooLarge, "sizeBytes");
            return Err(problem
                .limit(SMALL_FILE_BYTES_MAX)
                .used(input.size_bytes)
                .into());
        }
        let begun = self.begin(ctx, input).await?;
        // A key of this attempt alone: another attempt can never change what this one has checked.
        let row = match (begun.row.state, begun.is_new) {
            (UploadState::Receiving, false) => self.rekey(ctx, begun.row).await?,
            _ => begun.row,
        };
        match row.state {
            UploadState::Receiving => {}
            UploadState::Cancelled => return Err(ended()),
            _ => return Ok(Upload::new(&row, Vec::new())),
        }
        let put = self.blobs.put_sized(
            &row.object_key,
            "application/octet-stream",
            bytes(row.size_bytes),
            body,
        );
        match put.await {
            Ok(()) => self.hand_over(ctx, row).await,
            Err(BlobError::Body(why)) => {
                tracing::debug!(why, "a small file did not arrive whole");
                Err(Problem::field(ErrorCode::SizeMismatch, "sizeBytes").into())
            }
            Err(error) => Err(away(error)),
        }
    }
}

//! Uploads in parts that browsers send themselves: begun and completed here, each part by an
//! address that signs its length.

use std::time::Duration;

use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use kernel::Instant;

use super::store::{BlobStore, SignedPut, valid};
use super::{BlobError, check_key};

/// Rounds of a list: S3 answers up to 1,000 parts at a time and has 10,000 of an object.
const PART_PAGES_MAX: usize = 16;

/// A part that has arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartInfo {
    /// From 1.
    pub number: u32,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// What completes the upload with it.
    pub tag: String,
}

/// An upload that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadInfo {
    /// Of the object that it would become.
    pub key: String,
    /// Its own id.
    pub id: String,
    /// When it began, as far as the service tells.
    pub begun_at: Option<Instant>,
}

impl BlobStore {
    /// Begins an upload in parts and answers its id.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn begin_upload(&self, key: &str, content_type: &str) -> Result<String, BlobError> {
        check_key(key)?;
        let begun = self
            .client
            .create_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .content_type(content_type)
            .set_server_side_encryption(self.sse.clone())
            .send()
            .await?;
        let id = begun.upload_id().unwrap_or_default();
        if id.is_empty() {
            return Err(BlobError::Service("an upload without an id".to_owned()));
        }
        Ok(id.to_owned())
    }

    /// An address to which anybody can PUT exactly `size_bytes` as one part, for `valid_for`.
    ///
    /// # Errors
    /// [`BlobError::Limit`] when `valid_for` is zero or more than a week, or a number too large.
    pub async fn presign_part(
        &self,
        (key, upload): (&str, &str),
        number: u32,
        size_bytes: u64,
        valid_for: Duration,
    ) -> Result<SignedPut, BlobError> {
        check_key(key)?;
        let size = i64::try_from(size_bytes).map_err(|_| BlobError::Limit("the size"))?;
        let number = i32::try_from(number).map_err(|_| BlobError::Limit("the part number"))?;
        let signed = self
            .presigner
            .upload_part()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(upload)
            .part_number(number)
            .content_length(size)
            .presigned(valid(valid_for)?)
            .await?;
        let headers = signed.headers();
        Ok(SignedPut {
            url: signed.uri().to_owned(),
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        })
    }

    /// The parts that have arrived, by number.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] when there is no such upload (any more), and others.
    pub async fn list_parts(&self, key: &str, upload: &str) -> Result<Vec<PartInfo>, BlobError> {
        check_key(key)?;
        let mut parts = Vec::new();
        let mut after: Option<String> = None;
        for _ in 0..PART_PAGES_MAX {
            let page = self
                .client
                .list_parts()
                .bucket(&self.bucket)
                .key(key)
                .upload_id(upload)
                .set_part_number_marker(after)
                .send()
                .await?;
            parts.extend(page.parts().iter().map(|part| {
                PartInfo {
                    number: part
                        .part_number()
                        .and_then(|n| n.try_into().ok())
                        .unwrap_or(0),
                    size_bytes: part.size().and_then(|n| n.try_into().ok()).unwrap_or(0),
                    tag: part.e_tag().unwrap_or_default().to_owned(),
                }
            }));
            after = page.next_part_number_marker().map(str::to_owned);
            if page.is_truncated() != Some(true) || after.is_none() {
                break;
            }
        }
        Ok(parts)
    }

    /// Makes the object of these parts.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] when there is no such upload (any more), and others.
    pub async fn complete_upload(
        &self,
        key: &str,
        upload: &str,
        parts: &[PartInfo],
    ) -> Result<(), BlobError> {
        check_key(key)?;
        let parts = parts.iter().map(|part| {
            CompletedPart::builder()
                .set_part_number(i32::try_from(part.number).ok())
                .e_tag(&part.tag)
                .build()
        });
        let list = CompletedMultipartUpload::builder()
            .set_parts(Some(parts.collect()))
            .build();
        self.client
            .complete_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(upload)
            .multipart_upload(list)
            .customize()
            .config_override(self.patient())
            .send()
            .await?;
        Ok(())
    }

    /// Ends an upload without an object; none is as good as ended.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn abort_upload(&self, key: &str, upload: &str) -> Result<(), BlobError> {
        check_key(key)?;
        let ended = self
            .client
            .abort_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(upload)
            .send()
            .await;
        match ended.map_err(BlobError::from) {
            Ok(_) | Err(BlobError::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Up to `limit` (1 to 1,000) uploads under `prefix` that have begun and not ended.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn list_uploads(
        &self,
        prefix: &str,
        limit: i32,
    ) -> Result<Vec<UploadInfo>, BlobError> {
        let found = self
            .client
            .list_multipart_uploads()
            .bucket(&self.bucket)
            .prefix(prefix)
            .max_uploads(limit.clamp(1, 1_000))
            .send()
            .await?;
        let uploads = found.uploads().iter().map(|upload| UploadInfo {
            key: upload.key().unwrap_or_default().to_owned(),
            id: upload.upload_id().unwrap_or_default().to_owned(),
            begun_at: upload.initiated().and_then(super::store::instant),
        });
        Ok(uploads.collect())
    }
}

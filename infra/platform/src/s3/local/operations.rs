//! The operations of S3 that we call. Everything else answers `NotImplemented`.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use async_trait::async_trait;
use futures::StreamExt as _;
use kernel::{Clock, Rng};
use reqwest::header::{CONTENT_DISPOSITION, HeaderValue};
use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
    CompleteMultipartUploadOutput, CreateMultipartUploadInput, CreateMultipartUploadOutput,
    DeleteObjectInput, DeleteObjectOutput, ETag, GetObjectInput, GetObjectOutput, HeadBucketInput,
    HeadBucketOutput, HeadObjectInput, HeadObjectOutput, ListMultipartUploadsInput,
    ListMultipartUploadsOutput, ListObjectsV2Input, ListObjectsV2Output, ListPartsInput,
    ListPartsOutput, MultipartUpload, PutObjectInput, PutObjectOutput, StreamingBlob, Timestamp,
    UploadPartInput, UploadPartOutput,
};
use s3s::{S3, S3Error, S3Request, S3Response, S3Result, s3_error};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, SeekFrom};
use tokio_util::io::ReaderStream;

use super::LOCAL_BUCKET;
use super::files::{Files, Written};
use super::meta::{Meta, Object, Part, Upload};
use super::sniff::{disposition, inline_type};

/// The largest object, and the largest part, in bytes.
const PUT_BYTES_MAX: u64 = 5 * 1024 * 1024 * 1024;
/// The highest part number.
const PART_NUMBER_MAX: i32 = 10_000;
/// Keys of one page.
const PAGE_MAX: i32 = 1_000;
/// The longest key of S3, in bytes.
const KEY_BYTES_MAX: usize = 1_024;
/// An upload that was not completed in this time is ended by a later one.
const UPLOAD_STALE_AFTER: Duration = Duration::from_secs(7 * 24 * 3600);
/// Stale uploads that one new upload ends.
const STALE_BATCH: i64 = 8;

/// The service's state.
pub(super) struct Operations {
    pub(super) files: Files,
    pub(super) meta: Meta,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) rng: Arc<dyn Rng>,
}

/// Our own failures are logged and tell the caller nothing.
fn internal(error: impl std::fmt::Display) -> S3Error {
    tracing::error!(%error, "the object service failed");
    s3_error!(InternalError)
}

fn write_error(error: std::io::Error) -> S3Error {
    match error.kind() {
        std::io::ErrorKind::FileTooLarge => s3_error!(EntityTooLarge),
        // The body's own errors: the sender stopped, or its signature was wrong.
        std::io::ErrorKind::Other => s3_error!(IncompleteBody),
        _ => internal(error),
    }
}

fn check_bucket(bucket: &str) -> S3Result<()> {
    if bucket == LOCAL_BUCKET {
        Ok(())
    } else {
        Err(s3_error!(NoSuchBucket))
    }
}

fn check_key(bucket: &str, key: &str) -> S3Result<()> {
    check_bucket(bucket)?;
    let has_dots = key.split(['/', '\\']).any(|segment| segment == "..");
    if key.is_empty() || key.len() > KEY_BYTES_MAX || has_dots || key.contains('\0') {
        return Err(s3_error!(InvalidArgument, "not a key"));
    }
    Ok(())
}

fn timestamp(modified_us: i64) -> Timestamp {
    let since = Duration::from_micros(u64::try_from(modified_us).unwrap_or(0));
    (UNIX_EPOCH + since).into()
}

impl Operations {
    fn now_us(&self) -> i64 {
        self.clock.now().timestamp_micros()
    }

    /// Writes a body into a new file of `key`. Its name stays doomed until the metadata names it.
    async fn write(
        &self,
        key: &str,
        body: Option<StreamingBlob>,
        length: Option<i64>,
    ) -> S3Result<(String, Written)> {
        let file = self.files.name(LOCAL_BUCKET, key);
        self.meta.doom(&file).await.map_err(internal)?;
        let result = match body {
            Some(body) => self.files.write(&file, PUT_BYTES_MAX, body).await,
            None => {
                self.files
                    .write(&file, 0, StreamingBlob::from(s3s::Body::empty()))
                    .await
            }
        };
        let complete = |size| length.is_none_or(|length| u64::try_from(length) == Ok(size));
        let problem = match result {
            Ok(written) if complete(written.size) => return Ok((file, written)),
            Ok(_) => s3_error!(IncompleteBody),
            Err(error) => write_error(error),
        };
        self.clean(vec![file]).await?;
        Err(problem)
    }

    /// Removes files that the metadata has doomed.
    async fn clean(&self, doomed: Vec<String>) -> S3Result<()> {
        for file in doomed {
            self.files.remove(&file).await;
            self.meta.forget(&file).await.map_err(internal)?;
        }
        Ok(())
    }

    async fn find(&self, bucket: &str, key: &str) -> S3Result<Object> {
        check_key(bucket, key)?;
        let found = self.meta.find(bucket, key).await.map_err(internal)?;
        found.ok_or_else(|| s3_error!(NoSuchKey))
    }

    /// The object and its open file. Between the two a put may have replaced the file: look again.
    async fn open(&self, bucket: &str, key: &str) -> S3Result<(Object, tokio::fs::File)> {
        let object = self.find(bucket, key).await?;
        if let Ok(file) = self.files.read(&object.file).await {
            return Ok((object, file));
        }
        let object = self.find(bucket, key).await?;
        let file = self.files.read(&object.file).await.map_err(internal)?;
        Ok((object, file))
    }

    async fn find_upload(&self, bucket: &str, key: &str, id: &str) -> S3Result<Upload> {
        check_key(bucket, key)?;
        let found = self.meta.find_upload(id).await.map_err(internal)?;
        found
            .filter(|upload| upload.bucket == bucket && upload.key == key)
            .ok_or_else(|| s3_error!(NoSuchUpload))
    }

    async fn end_stale_uploads(&self) -> S3Result<()> {
        let age_us = i64::try_from(UPLOAD_STALE_AFTER.as_micros()).unwrap_or(i64::MAX);
        let before_us = self.now_us().saturating_sub(age_us);
        let stale = self
            .meta
            .stale_uploads(before_us, STALE_BATCH)
            .await
            .map_err(internal)?;
        for id in stale {
            let doomed = self.meta.abort(&id).await.map_err(internal)?;
            self.clean(doomed).await?;
        }
        Ok(())
    }

    /// The files of `parts` one after the other, and the first bytes of all.
    async fn join(&self, key: &str, parts: &[Part]) -> S3Result<(String, Written)> {
        let chunks = futures::stream::iter(parts.to_vec())
            .then(|part| async move { self.files.read(&part.file).await })
            .flat_map(|file| match file {
                Ok(file) => ReaderStream::new(file).boxed(),
                Err(error) => futures::stream::iter([Err(error)]).boxed(),
            });
        let file = self.files.name(LOCAL_BUCKET, key);
        self.meta.doom(&file).await.map_err(internal)?;
        match self.files.write(&file, u64::MAX, chunks).await {
            Ok(written) => Ok((file, written)),
            Err(error) => {
                self.clean(vec![file]).await?;
                Err(internal(error))
            }
        }
    }

    fn object(&self, key: &str, file: String, written: &Written, content_type: String) -> Object {
        Object {
            bucket: LOCAL_BUCKET.to_owned(),
            key: key.to_owned(),
            file,
            size: i64::try_from(written.size).unwrap_or(i64::MAX),
            etag: written.etag.clone(),
            content_type,
            inline_type: inline_type(&written.head).map(str::to_owned),
            modified_us: self.now_us(),
        }
    }
}

/// The parts that the caller names, in its order, which has to be theirs.
fn chosen(input: &CompleteMultipartUploadInput, stored: &[Part]) -> S3Result<Vec<Part>> {
    let named = input
        .multipart_upload
        .as_ref()
        .and_then(|list| list.parts.as_ref());
    let named = named
        .filter(|parts| !parts.is_empty())
        .ok_or_else(|| s3_error!(MalformedXML))?;
    let mut parts: Vec<Part> = Vec::with_capacity(named.len());
    for part in named {
        let number = i64::from(part.part_number.unwrap_or(0));
        if parts.last().is_some_and(|last| last.number >= number) {
            return Err(s3_error!(InvalidPartOrder));
        }
        let tag = part.e_tag.as_ref().map(ETag::value);
        let found = stored
            .iter()
            .find(|s| s.number == number && Some(s.etag.as_str()) == tag);
        parts.push(found.ok_or_else(|| s3_error!(InvalidPart))?.clone());
    }
    Ok(parts)
}

#[async_trait]
impl S3 for Operations {
    async fn head_bucket(
        &self,
        req: S3Request<HeadBucketInput>,
    ) -> S3Result<S3Response<HeadBucketOutput>> {
        check_bucket(&req.input.bucket)?;
        Ok(S3Response::new(HeadBucketOutput::default()))
    }

    async fn put_object(
        &self,
        req: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        let input = req.input;
        check_key(&input.bucket, &input.key)?;
        if input.if_match.is_some() || input.if_none_match.is_some() {
            return Err(s3_error!(NotImplemented));
        }
        let (file, written) = self
            .write(&input.key, input.body, input.content_length)
            .await?;
        let content_type = input.content_type.unwrap_or_default();
        let object = self.object(&input.key, file, &written, content_type);
        let doomed = self.meta.commit(&object).await.map_err(internal)?;
        self.clean(doomed).await?;
        let e_tag = Some(ETag::Strong(object.etag));
        Ok(S3Response::new(PutObjectOutput {
            e_tag,
            ..<_>::default()
        }))
    }

    async fn get_object(
        &self,
        req: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        let input = req.input;
        let overrides_that_we_never_sign = [
            input.response_cache_control.is_some(),
            input.response_content_encoding.is_some(),
            input.response_content_language.is_some(),
            input.response_content_type.is_some(),
            input.response_expires.is_some(),
        ];
        if overrides_that_we_never_sign.contains(&true) {
            return Err(s3_error!(InvalidArgument, "this header cannot be chosen"));
        }
        let (object, mut file) = self.open(&input.bucket, &input.key).await?;
        let size = u64::try_from(object.size).unwrap_or(0);
        let (range, content_range) = match &input.range {
            None => (0..size, None),
            Some(range) => {
                let range = range.check(size).map_err(|_| s3_error!(InvalidRange))?;
                let last = range.end.saturating_sub(1);
                let text = format!("bytes {}-{last}/{size}", range.start);
                (range, Some(text))
            }
        };
        let length = range.end - range.start;
        file.seek(SeekFrom::Start(range.start))
            .await
            .map_err(internal)?;
        let signed = input.response_content_disposition.as_deref();
        let shown = disposition(signed, object.inline_type.is_some());
        let output = GetObjectOutput {
            body: Some(StreamingBlob::wrap(ReaderStream::new(file.take(length)))),
            content_length: i64::try_from(length).ok(),
            content_range,
            accept_ranges: Some("bytes".to_owned()),
            content_type: Some(object.inline_type.unwrap_or(object.content_type)),
            e_tag: Some(ETag::Strong(object.etag)),
            last_modified: Some(timestamp(object.modified_us)),
            ..<_>::default()
        };
        let mut answer = S3Response::new(output);
        if let Some(shown) = shown {
            // Among the extra headers, because the framework puts what was signed over the
            // output's.
            let value = HeaderValue::from_str(&shown).map_err(internal)?;
            answer.headers.insert(CONTENT_DISPOSITION, value);
        }
        Ok(answer)
    }

    async fn head_object(
        &self,
        req: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        let object = self.find(&req.input.bucket, &req.input.key).await?;
        let output = HeadObjectOutput {
            content_length: Some(object.size),
            accept_ranges: Some("bytes".to_owned()),
            content_disposition: disposition(None, object.inline_type.is_some()),
            content_type: Some(object.content_type),
            e_tag: Some(ETag::Strong(object.etag)),
            last_modified: Some(timestamp(object.modified_us)),
            ..<_>::default()
        };
        Ok(S3Response::new(output))
    }

    async fn delete_object(
        &self,
        req: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        let input = req.input;
        check_key(&input.bucket, &input.key)?;
        let doomed = self
            .meta
            .delete(&input.bucket, &input.key)
            .await
            .map_err(internal)?;
        self.clean(doomed).await?;
        Ok(S3Response::new(DeleteObjectOutput::default()))
    }

    async fn list_objects_v2(
        &self,
        req: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        let input = req.input;
        check_bucket(&input.bucket)?;
        if input.delimiter.is_some() || input.encoding_type.is_some() {
            return Err(s3_error!(NotImplemented));
        }
        let prefix = input.prefix.unwrap_or_default();
        let after = input
            .continuation_token
            .or(input.start_after)
            .unwrap_or_default();
        let limit = usize::try_from(input.max_keys.unwrap_or(PAGE_MAX).clamp(1, PAGE_MAX));
        let limit = limit.unwrap_or(1);
        let one_more = i64::try_from(limit).unwrap_or(1) + 1;
        let mut found = self
            .meta
            .list(&input.bucket, &prefix, &after, one_more)
            .await
            .map_err(internal)?;
        let is_truncated = found.len() > limit;
        found.truncate(limit);
        let next = found
            .last()
            .filter(|_| is_truncated)
            .map(|object| object.key.clone());
        let contents: Vec<_> = found
            .into_iter()
            .map(|object| s3s::dto::Object {
                key: Some(object.key),
                size: Some(object.size),
                e_tag: Some(ETag::Strong(object.etag)),
                last_modified: Some(timestamp(object.modified_us)),
                ..<_>::default()
            })
            .collect();
        let output = ListObjectsV2Output {
            name: Some(input.bucket),
            prefix: Some(prefix),
            max_keys: i32::try_from(limit).ok(),
            key_count: i32::try_from(contents.len()).ok(),
            is_truncated: Some(is_truncated),
            next_continuation_token: next,
            contents: Some(contents),
            ..<_>::default()
        };
        Ok(S3Response::new(output))
    }

    async fn create_multipart_upload(
        &self,
        req: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        let input = req.input;
        check_key(&input.bucket, &input.key)?;
        self.end_stale_uploads().await?;
        let upload = Upload {
            id: crate::hex::encode(&self.rng.bytes::<16>()),
            bucket: input.bucket.clone(),
            key: input.key.clone(),
            content_type: input.content_type.unwrap_or_default(),
            created_us: self.now_us(),
        };
        self.meta.begin_upload(&upload).await.map_err(internal)?;
        let output = CreateMultipartUploadOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id: Some(upload.id),
            ..<_>::default()
        };
        Ok(S3Response::new(output))
    }

    async fn upload_part(
        &self,
        req: S3Request<UploadPartInput>,
    ) -> S3Result<S3Response<UploadPartOutput>> {
        let input = req.input;
        let upload = self
            .find_upload(&input.bucket, &input.key, &input.upload_id)
            .await?;
        if !(1..=PART_NUMBER_MAX).contains(&input.part_number) {
            return Err(s3_error!(InvalidArgument, "the part number"));
        }
        let (file, written) = self
            .write(&input.key, input.body, input.content_length)
            .await?;
        let part = Part {
            upload: upload.id,
            number: i64::from(input.part_number),
            file,
            size: i64::try_from(written.size).unwrap_or(i64::MAX),
            etag: written.etag.clone(),
        };
        let doomed = self.meta.put_part(&part).await.map_err(internal)?;
        self.clean(doomed).await?;
        let e_tag = Some(ETag::Strong(written.etag));
        Ok(S3Response::new(UploadPartOutput {
            e_tag,
            ..<_>::default()
        }))
    }

    async fn complete_multipart_upload(
        &self,
        req: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        let input = req.input;
        let upload = self
            .find_upload(&input.bucket, &input.key, &input.upload_id)
            .await?;
        let stored = self.meta.parts(&upload.id).await.map_err(internal)?;
        let parts = chosen(&input, &stored)?;
        let size: i64 = parts.iter().map(|part| part.size).sum();
        if u64::try_from(size).unwrap_or(u64::MAX) > PUT_BYTES_MAX {
            return Err(s3_error!(EntityTooLarge));
        }
        let (file, mut written) = self.join(&input.key, &parts).await?;
        let tags = parts
            .iter()
            .fold(Sha256::new(), |hash, part| hash.chain_update(&part.etag));
        let hash = crate::hex::encode(&tags.finalize()[..16]);
        written.etag = format!("{hash}-{}", parts.len());
        let object = self.object(&input.key, file, &written, upload.content_type);
        let doomed = self
            .meta
            .complete(&object, &upload.id)
            .await
            .map_err(internal)?;
        self.clean(doomed).await?;
        let output = CompleteMultipartUploadOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            e_tag: Some(ETag::Strong(object.etag)),
            ..<_>::default()
        };
        Ok(S3Response::new(output))
    }

    async fn list_parts(
        &self,
        req: S3Request<ListPartsInput>,
    ) -> S3Result<S3Response<ListPartsOutput>> {
        let input = req.input;
        let upload = self
            .find_upload(&input.bucket, &input.key, &input.upload_id)
            .await?;
        let after = i64::from(input.part_number_marker.unwrap_or(0));
        let limit = usize::try_from(input.max_parts.unwrap_or(PAGE_MAX).clamp(1, PAGE_MAX));
        let limit = limit.unwrap_or(1);
        let mut parts = self.meta.parts(&upload.id).await.map_err(internal)?;
        parts.retain(|part| part.number > after);
        let is_truncated = parts.len() > limit;
        parts.truncate(limit);
        let number = |part: &Part| i32::try_from(part.number).ok();
        let output = ListPartsOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id: Some(upload.id),
            is_truncated: Some(is_truncated),
            next_part_number_marker: parts.last().and_then(number).filter(|_| is_truncated),
            parts: Some(
                parts
                    .into_iter()
                    .map(|part| s3s::dto::Part {
                        part_number: number(&part),
                        size: Some(part.size),
                        e_tag: Some(ETag::Strong(part.etag)),
                        ..<_>::default()
                    })
                    .collect(),
            ),
            ..<_>::default()
        };
        Ok(S3Response::new(output))
    }

    async fn list_multipart_uploads(
        &self,
        req: S3Request<ListMultipartUploadsInput>,
    ) -> S3Result<S3Response<ListMultipartUploadsOutput>> {
        let input = req.input;
        check_bucket(&input.bucket)?;
        let prefix = input.prefix.unwrap_or_default();
        let limit = i64::from(input.max_uploads.unwrap_or(PAGE_MAX).clamp(1, PAGE_MAX));
        let found = self.meta.uploads(&input.bucket, &prefix, limit).await;
        let found = found.map_err(internal)?;
        let uploads = found.into_iter().map(|upload| MultipartUpload {
            key: Some(upload.key),
            upload_id: Some(upload.id),
            initiated: Some(timestamp(upload.created_us)),
            ..<_>::default()
        });
        let output = ListMultipartUploadsOutput {
            bucket: Some(input.bucket),
            prefix: Some(prefix),
            uploads: Some(uploads.collect()),
            is_truncated: Some(false),
            ..<_>::default()
        };
        Ok(S3Response::new(output))
    }

    async fn abort_multipart_upload(
        &self,
        req: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        let input = req.input;
        let upload = self
            .find_upload(&input.bucket, &input.key, &input.upload_id)
            .await?;
        let doomed = self.meta.abort(&upload.id).await.map_err(internal)?;
        self.clean(doomed).await?;
        Ok(S3Response::new(AbortMultipartUploadOutput::default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_cannot_climb_out_of_its_bucket() {
        for key in [
            "",
            "..",
            "../a",
            "a/../../b",
            "a\\..\\b",
            "a\0b",
            &"k".repeat(1025),
        ] {
            assert!(check_key(LOCAL_BUCKET, key).is_err(), "{key}");
        }
        assert!(check_key(LOCAL_BUCKET, "p/q..r/..s").is_ok());
        assert!(check_key("other", "p").is_err());
    }
}

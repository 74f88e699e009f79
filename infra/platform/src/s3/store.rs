//! The object store as the rest of the product sees it.

use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, Builder, Credentials, Region, RequestChecksumCalculation,
    ResponseChecksumValidation, SharedHttpClient,
};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart, ServerSideEncryption};
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt as _};

use super::local::{LOCAL_BUCKET, LOCAL_REGION};
use super::{BlobError, LocalS3, PRESIGN_FOR_S_MAX, S3Config, check_key};

/// Bytes of one part of a large object; what a streamed put holds in memory.
pub(super) const PART_BYTES: usize = 8 * 1024 * 1024;
/// Parts of one object (S3's own limit).
const PARTS_MAX: usize = 10_000;
/// Keys of one page of a list (S3's own limit).
const PAGE_MAX: i32 = 1_000;
/// How long a call may take that moves a whole object.
const PATIENCE: Duration = Duration::from_secs(600);
/// Host of the service in this process; nothing is ever sent there.
const LOCAL_ENDPOINT: &str = "http://127.0.0.1";

/// What is known about an object without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobInfo {
    /// Its key.
    pub key: String,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// What it was put as; empty in lists.
    pub content_type: String,
    /// When it was put, as far as the service tells.
    pub put_at: Option<kernel::Instant>,
}

/// An object that is being read.
pub struct Blob {
    /// What it is.
    pub info: BlobInfo,
    /// Its bytes.
    pub body: ByteStream,
}

/// Bytes of an object as they come.
pub type BlobStream = std::pin::Pin<Box<dyn Stream<Item = Result<Bytes, BlobError>> + Send>>;

impl Blob {
    /// Its bytes as a stream.
    #[must_use]
    pub fn stream(self) -> BlobStream {
        stream(self.body)
    }
}

pub(super) fn stream(body: ByteStream) -> BlobStream {
    let chunks = futures::stream::unfold(body, async |mut body: ByteStream| {
        let chunk = body.next().await?;
        Some((
            chunk.map_err(|error| BlobError::Body(error.to_string())),
            body,
        ))
    });
    Box::pin(chunks)
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobPage {
    /// Objects by key.
    pub blobs: Vec<BlobInfo>,
    /// The key to continue after, if there are more.
    pub next_after: Option<String>,
}

/// A PUT that anybody can make for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedPut {
    /// Where to.
    pub url: String,
    /// Headers that are signed and have to be sent as they are, names in lower case; a browser sets
    /// `content-length` itself.
    pub headers: Vec<(String, String)>,
}

/// What a browser does with an object that it opens by a signed address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// Shows it, where that is safe.
    Inline,
    /// Saves it.
    Attachment,
}

/// Objects in one bucket. Cheap to clone.
#[derive(Clone)]
pub struct BlobStore {
    pub(super) client: Client,
    /// Signs addresses as browsers see them.
    pub(super) presigner: Client,
    pub(super) bucket: String,
    pub(super) sse: Option<ServerSideEncryption>,
}

impl BlobStore {
    /// Objects in the S3 of `config`; does not connect yet.
    ///
    /// # Errors
    /// [`BlobError::Configuration`] when no endpoint or key is given.
    pub fn remote(config: &S3Config) -> Result<Self, BlobError> {
        let wrong = |what: &str| BlobError::Configuration(format!("s3.{what} is not set"));
        let endpoint = config.endpoint.as_deref().filter(|text| !text.is_empty());
        let endpoint = endpoint.ok_or_else(|| wrong("endpoint"))?;
        if config.access_key.is_empty() || config.secret_key.is_empty() {
            return Err(wrong("access_key or s3.secret_key"));
        }
        let http = aws_smithy_http_client::Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let settings = |endpoint: &str| {
            let keys = (config.access_key.as_str(), config.secret_key.reveal());
            settings(endpoint, &config.region, keys)
                .force_path_style(config.path_style)
                .timeout_config(timeouts(config.timeout_ms))
                .http_client(http.clone())
                .build()
        };
        let public = config
            .public_endpoint
            .as_deref()
            .filter(|text| !text.is_empty());
        Ok(Self {
            client: Client::from_conf(settings(endpoint)),
            presigner: Client::from_conf(settings(public.unwrap_or(endpoint))),
            bucket: config.bucket.clone(),
            sse: config.sse.then_some(ServerSideEncryption::Aes256),
        })
    }

    /// Objects in the service inside this process, which browsers reach under `public_url` (scheme,
    /// host and port; the service has to be mounted there as `/blobs/`).
    #[must_use]
    pub fn local(local: &LocalS3, public_url: &str) -> Self {
        let settings = |endpoint: &str| {
            settings(endpoint, LOCAL_REGION, local.credentials())
                .force_path_style(true)
                .http_client(SharedHttpClient::new(local.connector()))
                .build()
        };
        Self {
            client: Client::from_conf(settings(LOCAL_ENDPOINT)),
            presigner: Client::from_conf(settings(public_url.trim_end_matches('/'))),
            bucket: LOCAL_BUCKET.to_owned(),
            sse: None,
        }
    }

    /// Stores `body` under `key`, over what was there. `Ok` means durable.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn put(&self, key: &str, content_type: &str, body: Bytes) -> Result<(), BlobError> {
        check_key(key)?;
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type(content_type)
            .set_server_side_encryption(self.sse.clone())
            .body(ByteStream::from(body))
            .send()
            .await?;
        Ok(())
    }

    /// Stores a body of unknown length, a part at a time; returns its size in bytes. When the body
    /// fails nothing is stored.
    ///
    /// # Errors
    /// [`BlobError`]; [`BlobError::Limit`] when it has more than `bytes_max`.
    pub async fn put_stream<S, E>(
        &self,
        key: &str,
        content_type: &str,
        bytes_max: u64,
        body: S,
    ) -> Result<u64, BlobError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: std::fmt::Display,
    {
        check_key(key)?;
        let mut parts = Parts {
            body: Box::pin(body),
            rest: Bytes::new(),
            left: bytes_max,
        };
        let first = parts.next().await?;
        let second = if first.len() == PART_BYTES {
            parts.next().await?
        } else {
            Bytes::new()
        };
        if second.is_empty() {
            let size = first.len() as u64;
            self.put(key, content_type, first).await?;
            return Ok(size);
        }
        let id = self.begin_upload(key, content_type).await?;
        let result = self.put_parts(key, &id, [first, second], parts).await;
        if result.is_err() {
            let abort = self.client.abort_multipart_upload().bucket(&self.bucket);
            if let Err(error) = abort.key(key).upload_id(&id).send().await {
                let error = BlobError::from(error);
                tracing::warn!(%error, key, "parts of a failed upload stay");
            }
        }
        result
    }

    async fn put_parts<S, E>(
        &self,
        key: &str,
        id: &str,
        begun: [Bytes; 2],
        mut parts: Parts<S>,
    ) -> Result<u64, BlobError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send,
        E: std::fmt::Display,
    {
        let mut begun = begun.into_iter();
        let mut done = Vec::new();
        let mut size = 0;
        loop {
            let part = match begun.next() {
                Some(part) => part,
                None => parts.next().await?,
            };
            if part.is_empty() {
                break;
            }
            if done.len() >= PARTS_MAX {
                return Err(BlobError::Limit("too many parts"));
            }
            size += part.len() as u64;
            let number = i32::try_from(done.len() + 1).unwrap_or(i32::MAX);
            let answer = self
                .client
                .upload_part()
                .bucket(&self.bucket)
                .key(key)
                .upload_id(id)
                .part_number(number)
                .body(ByteStream::from(part))
                .send()
                .await?;
            let tag = answer.e_tag().map(str::to_owned);
            done.push(
                CompletedPart::builder()
                    .part_number(number)
                    .set_e_tag(tag)
                    .build(),
            );
        }
        let list = CompletedMultipartUpload::builder()
            .set_parts(Some(done))
            .build();
        self.client
            .complete_multipart_upload()
            .bucket(&self.bucket)
            .key(key)
            .upload_id(id)
            .multipart_upload(list)
            .send()
            .await?;
        Ok(size)
    }

    /// Opens the object of `key`.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] and others.
    pub async fn get(&self, key: &str) -> Result<Blob, BlobError> {
        check_key(key)?;
        let found = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await?;
        let mut info = info(key, found.content_length(), found.content_type());
        info.put_at = found.last_modified().and_then(instant);
        Ok(Blob {
            info,
            body: found.body,
        })
    }

    /// Reads the whole object of `key`, which may have at most `bytes_max`.
    ///
    /// # Errors
    /// [`BlobError::NotFound`], [`BlobError::Limit`] and others.
    pub async fn get_bytes(&self, key: &str, bytes_max: u64) -> Result<Bytes, BlobError> {
        let mut blob = self.get(key).await?;
        if blob.info.size_bytes > bytes_max {
            return Err(BlobError::Limit("the object is too large"));
        }
        let mut all = BytesMut::new();
        while let Some(chunk) = blob.body.next().await {
            let chunk = chunk.map_err(|error| BlobError::Body(error.to_string()))?;
            if (all.len() + chunk.len()) as u64 > bytes_max {
                return Err(BlobError::Limit("the object is too large"));
            }
            all.extend_from_slice(&chunk);
        }
        Ok(all.freeze())
    }

    /// What is known about the object of `key`.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] and others.
    pub async fn head(&self, key: &str) -> Result<BlobInfo, BlobError> {
        check_key(key)?;
        let found = self
            .client
            .head_object()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await?;
        let mut info = info(key, found.content_length(), found.content_type());
        info.put_at = found.last_modified().and_then(instant);
        Ok(info)
    }

    /// Removes the object of `key`; none is as good as removed.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn delete(&self, key: &str) -> Result<(), BlobError> {
        check_key(key)?;
        self.client
            .delete_object()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await?;
        Ok(())
    }

    /// Up to `limit` (1 to 1,000) objects whose keys start with `prefix` and come after `after`.
    ///
    /// # Errors
    /// [`BlobError`].
    pub async fn list(
        &self,
        prefix: &str,
        after: Option<&str>,
        limit: i32,
    ) -> Result<BlobPage, BlobError> {
        let found = self
            .client
            .list_objects_v2()
            .bucket(&self.bucket)
            .prefix(prefix)
            .set_start_after(after.map(str::to_owned))
            .max_keys(limit.clamp(1, PAGE_MAX))
            .send()
            .await?;
        let blobs: Vec<_> = found
            .contents()
            .iter()
            .map(|object| BlobInfo {
                put_at: object.last_modified().and_then(instant),
                ..info(object.key().unwrap_or_default(), object.size(), None)
            })
            .collect();
        let more = found.is_truncated().unwrap_or(false);
        let next_after = blobs.last().filter(|_| more).map(|blob| blob.key.clone());
        Ok(BlobPage { blobs, next_after })
    }

    /// An address under which anybody can read the object for `valid_for`; saved as `file_name`.
    ///
    /// # Errors
    /// [`BlobError::Limit`] when `valid_for` is zero or more than a week.
    pub async fn presign_get(
        &self,
        key: &str,
        disposition: Disposition,
        file_name: &str,
        valid_for: Duration,
    ) -> Result<String, BlobError> {
        check_key(key)?;
        let kind = match disposition {
            Disposition::Inline => "inline",
            Disposition::Attachment => "attachment",
        };
        let name = encode_name(file_name);
        let signed = self
            .presigner
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .response_content_disposition(format!("{kind}; filename*=UTF-8''{name}"))
            .presigned(valid(valid_for)?)
            .await?;
        Ok(signed.uri().to_owned())
    }

    /// An address to which anybody can PUT exactly `size_bytes` as `content_type` for `valid_for`.
    /// Both are signed, and so is the encryption that the configuration asks for.
    ///
    /// # Errors
    /// [`BlobError::Limit`] when `valid_for` is zero or more than a week, or the size too large.
    pub async fn presign_put(
        &self,
        key: &str,
        content_type: &str,
        size_bytes: u64,
        valid_for: Duration,
    ) -> Result<SignedPut, BlobError> {
        check_key(key)?;
        let size = i64::try_from(size_bytes).map_err(|_| BlobError::Limit("the size"))?;
        let signed = self
            .presigner
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type(content_type)
            .content_length(size)
            .set_server_side_encryption(self.sse.clone())
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

    /// Settings of a call that takes as long as its body, or as the joining of many parts.
    pub(super) fn patient(&self) -> Builder {
        aws_sdk_s3::Config::builder().timeout_config(
            TimeoutConfig::builder()
                .operation_attempt_timeout(PATIENCE)
                .build(),
        )
    }

    /// Whether the bucket is there and ours; for health checks.
    ///
    /// # Errors
    /// [`BlobError::NoBucket`] and others.
    pub async fn check(&self) -> Result<(), BlobError> {
        let asked = self.client.head_bucket().bucket(&self.bucket).send().await;
        match asked.map_err(BlobError::from) {
            // An answer to HEAD does not say what is missing, but only the bucket was asked for.
            Err(BlobError::NotFound) => Err(BlobError::NoBucket),
            answer => answer.map(drop),
        }
    }
}

/// Cuts a stream into parts of [`PART_BYTES`]; the last one is shorter, then all are empty.
struct Parts<S> {
    body: std::pin::Pin<Box<S>>,
    rest: Bytes,
    left: u64,
}

impl<S, E> Parts<S>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: std::fmt::Display,
{
    async fn next(&mut self) -> Result<Bytes, BlobError> {
        let mut part = BytesMut::new();
        loop {
            let take = self.rest.len().min(PART_BYTES - part.len());
            part.extend_from_slice(&self.rest.split_to(take));
            if part.len() == PART_BYTES {
                return Ok(part.freeze());
            }
            match self.body.next().await {
                None => return Ok(part.freeze()),
                Some(Err(error)) => return Err(BlobError::Body(error.to_string())),
                Some(Ok(chunk)) => {
                    let left = self.left.checked_sub(chunk.len() as u64);
                    self.left = left.ok_or(BlobError::Limit("the body is too large"))?;
                    self.rest = chunk;
                }
            }
        }
    }
}

fn settings(endpoint: &str, region: &str, (access, secret): (&str, &str)) -> Builder {
    // Checksums that are not required are left out: not every S3 knows them, and a signed PUT of a
    // browser has none.
    aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .endpoint_url(endpoint)
        .region(Region::new(region.to_owned()))
        .credentials_provider(Credentials::new(
            access,
            secret,
            None,
            None,
            "configuration",
        ))
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
}

fn timeouts(timeout_ms: u64) -> TimeoutConfig {
    let wait = Duration::from_millis(timeout_ms);
    TimeoutConfig::builder()
        .operation_attempt_timeout(wait)
        .connect_timeout(wait)
        .build()
}

/// A time of the service's; none when it makes no sense.
pub(super) fn instant(at: &aws_sdk_s3::primitives::DateTime) -> Option<kernel::Instant> {
    chrono::DateTime::from_timestamp(at.secs(), at.subsec_nanos())
}

pub(super) fn valid(valid_for: Duration) -> Result<PresigningConfig, BlobError> {
    if valid_for.as_secs() == 0 || valid_for.as_secs() > PRESIGN_FOR_S_MAX {
        return Err(BlobError::Limit("an address is valid for 1 s to 7 days"));
    }
    PresigningConfig::expires_in(valid_for).map_err(|_| BlobError::Limit("the time"))
}

fn info(key: &str, size: Option<i64>, content_type: Option<&str>) -> BlobInfo {
    BlobInfo {
        key: key.to_owned(),
        size_bytes: size.and_then(|size| u64::try_from(size).ok()).unwrap_or(0),
        content_type: content_type.unwrap_or_default().to_owned(),
        put_at: None,
    }
}

/// The extended form of a file name in a header (RFC 8187): everything but letters and digits is
/// percent-encoded, so that nothing can end the value.
fn encode_name(name: &str) -> String {
    use std::fmt::Write as _;
    name.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

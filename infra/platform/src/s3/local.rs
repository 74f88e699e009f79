//! An S3 service inside this process. Behind the SDK it is called without a socket
//! ([`LocalS3::connector`]); mounted by the HTTP server under `/blobs/` it answers addresses that
//! [`super::BlobStore`] has signed. It does only what we call.
//!
//! Files are named by the hash of their bucket and key and a random suffix, never by their content
//! or anything from outside. A file is complete and synchronised before the metadata names it, and
//! its name is written down before it is begun, so that a crash leaves neither a half object nor a
//! file that nobody knows.

mod connect;
mod files;
mod meta;
mod operations;
mod sniff;

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures::Stream;
use kernel::{Clock, Rng};
use reqwest::header::{CONTENT_LENGTH, HeaderName, HeaderValue, TRANSFER_ENCODING};
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};

use super::BlobError;
use connect::Connector;
use files::Files;
use meta::Meta;
use operations::Operations;

/// The one bucket of the service: the folder of the HTTP server that it is mounted under, because
/// signatures cover the path.
pub const LOCAL_BUCKET: &str = "blobs";
/// The region that its signatures name.
pub(super) const LOCAL_REGION: &str = "us-east-1";
/// Characters of the keys that this process makes for itself.
const KEY_ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Headers of every answer: what a stranger put must not run in our origin.
const SAFE_HEADERS: [(&str, &str); 3] = [
    ("x-content-type-options", "nosniff"),
    ("content-security-policy", "sandbox; default-src 'none'"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// A request as any HTTP server has it.
pub struct BlobRequest<B> {
    /// The method.
    pub method: String,
    /// Path and query exactly as they were sent: the signature covers them.
    pub target: String,
    /// All headers, `host` included.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body.
    pub body: B,
}

/// An answer for any HTTP server.
pub struct BlobAnswer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body, a stream of bytes.
    pub body: s3s::Body,
}

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct LocalS3 {
    service: S3Service,
    access_key: Arc<str>,
    secret_key: Arc<str>,
    _lock: Arc<std::fs::File>,
}

impl LocalS3 {
    /// Opens the service over `folder`, which is made if it is not there. Its keys are new at every
    /// start, and with them all signed addresses end. What a crash left is removed, unless another
    /// process has the folder open: its unfinished uploads look the same.
    ///
    /// # Errors
    /// [`BlobError::Configuration`] when the folder or its metadata cannot be used.
    pub async fn open(
        folder: &Path,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
    ) -> Result<Self, BlobError> {
        let wrong = |error: &dyn std::fmt::Display| {
            BlobError::Configuration(format!("{}: {error}", folder.display()))
        };
        let files = Files::open(folder, Arc::clone(&rng))
            .await
            .map_err(|e| wrong(&e))?;
        let meta = Meta::open(&folder.join("objects.sqlite"))
            .await
            .map_err(|e| wrong(&e))?;
        let lock = std::fs::File::create(folder.join("lock")).map_err(|e| wrong(&e))?;
        let alone = lock.try_lock().is_ok();
        if alone {
            for file in meta.doomed().await.map_err(|e| wrong(&e))? {
                files.remove(&file).await;
                meta.forget(&file).await.map_err(|e| wrong(&e))?;
            }
        }
        let access_key = rng.text(KEY_ALPHABET, 20);
        let secret_key = rng.text(KEY_ALPHABET, 40);
        let mut builder = S3ServiceBuilder::new(Operations {
            files,
            meta,
            clock,
            rng,
        });
        builder.set_auth(SimpleAuth::from_single(
            access_key.clone(),
            secret_key.clone(),
        ));
        Ok(Self {
            service: builder.build(),
            access_key: access_key.into(),
            secret_key: secret_key.into(),
            _lock: Arc::new(lock),
        })
    }

    /// Answers a request of the HTTP server. Every request has to be signed.
    ///
    /// # Errors
    /// [`BlobError::Body`] when the request cannot be read or the connection should be given up.
    pub async fn handle<B, E>(&self, request: BlobRequest<B>) -> Result<BlobAnswer, BlobError>
    where
        B: Stream<Item = Result<Bytes, E>> + Send + Sync + 'static,
        E: std::error::Error + Send + Sync + 'static,
    {
        let unreadable = |error: &dyn std::fmt::Display| BlobError::Body(error.to_string());
        let mut builder = s3s::HttpRequest::<()>::builder()
            .method(request.method.as_str())
            .uri(request.target.as_str());
        let mut has_body = false;
        for (name, value) in &request.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|e| unreadable(&e))?;
            let value = HeaderValue::from_bytes(value).map_err(|e| unreadable(&e))?;
            has_body |= name == CONTENT_LENGTH || name == TRANSFER_ENCODING;
            builder = builder.header(name, value);
        }
        // Without either the request has no body, and the service would wait for its end.
        let body = if has_body {
            let blob = s3s::dto::StreamingBlob::wrap(request.body);
            s3s::Body::from(s3s::stream::DynByteStream::from(blob))
        } else {
            s3s::Body::empty()
        };
        let answer = self
            .call(builder.body(body).map_err(|e| unreadable(&e))?)
            .await?;
        let (parts, body) = answer.into_parts();
        let headers = parts
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_owned()))
            .collect();
        Ok(BlobAnswer {
            status: parts.status.as_u16(),
            headers,
            body,
        })
    }

    /// One exchange, with [`SAFE_HEADERS`] on the answer.
    async fn call(&self, request: s3s::HttpRequest) -> Result<s3s::HttpResponse, BlobError> {
        let mut answer = self.service.call(request).await.map_err(|error| {
            let error: s3s::StdError = error.into();
            BlobError::Body(error.to_string())
        })?;
        for (name, value) in SAFE_HEADERS {
            let name = HeaderName::from_static(name);
            answer
                .headers_mut()
                .insert(name, HeaderValue::from_static(value));
        }
        Ok(answer)
    }

    pub(super) fn credentials(&self) -> (&str, &str) {
        (&self.access_key, &self.secret_key)
    }

    /// Lets the SDK call the service without a socket.
    pub(super) fn connector(&self) -> Connector {
        Connector::new(self.clone())
    }
}

//! Objects: bytes under a key, in any S3 or in the service inside this process, both spoken to
//! through the same SDK, so that one code serves both ways of running. What a key means and who may
//! read it is the caller's business; a key is made by us, never of a name from outside.

mod cors;
mod error;
mod local;
mod parts;
mod store;
mod stream;

use kernel::Secret;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use cors::{CorsFaults, cors_rules};
pub use error::BlobError;
pub use local::{BlobAnswer, BlobRequest, LOCAL_BUCKET, LocalS3};
pub use parts::{PartInfo, UploadInfo};
pub use store::{Blob, BlobInfo, BlobPage, BlobStore, BlobStream, Disposition, SignedPut};

/// The longest key, in bytes.
pub const KEY_BYTES_MAX: usize = 512;
/// The longest time for which an address can be signed, in seconds (SigV4's own limit).
pub const PRESIGN_FOR_S_MAX: u64 = 7 * 24 * 3600;

/// Where files are kept.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct S3Config {
    /// Address of an S3, such as `https://s3.eu-central-1.amazonaws.com`. Not set: files are kept
    /// by the service inside this process, in the data folder.
    pub endpoint: Option<String>,
    /// Address of the same S3 as browsers reach it, when that is another one.
    pub public_endpoint: Option<String>,
    /// Region that requests are signed for.
    pub region: String,
    /// Bucket; it has to exist.
    pub bucket: String,
    /// Bucket in the path (`endpoint/bucket/key`) instead of the host name (`bucket.endpoint/key`).
    pub path_style: bool,
    /// Access key.
    pub access_key: String,
    /// Secret key.
    #[schemars(with = "String", extend("x-secret" = true))]
    pub secret_key: Secret,
    /// Encryption by the S3 server with its own key (`AES256`) of everything that is put.
    pub sse: bool,
    /// How long an attempt may take until the answer begins, in milliseconds.
    pub timeout_ms: u64,
}

impl Default for S3Config {
    fn default() -> Self {
        Self {
            endpoint: None,
            public_endpoint: None,
            region: "us-east-1".to_owned(),
            bucket: "hansa".to_owned(),
            path_style: true,
            access_key: String::new(),
            secret_key: Secret::default(),
            sse: false,
            timeout_ms: 30_000,
        }
    }
}

impl S3Config {
    /// Whether an S3 outside of this process was given.
    #[must_use]
    pub fn is_remote(&self) -> bool {
        self.endpoint
            .as_deref()
            .is_some_and(|text| !text.is_empty())
    }
}

/// Refuses a key that we would not have made: other characters than `A-Z a-z 0-9 . _ - /`, empty
/// segments, or segments that mean another folder.
fn check_key(key: &str) -> Result<(), BlobError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    let segment_is_bad = |segment: &str| matches!(segment, "" | "." | "..");
    if key.len() > KEY_BYTES_MAX || !key.chars().all(plain) || key.split('/').any(segment_is_bad) {
        return Err(BlobError::Key);
    }
    Ok(())
}

#[cfg(test)]
mod tests;

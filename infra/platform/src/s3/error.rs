//! Why an object was not stored or found.

use aws_sdk_s3::error::{DisplayErrorContext, SdkError};
use thiserror::Error;

/// What can go wrong with an object.
#[derive(Debug, Error)]
pub enum BlobError {
    /// There is no object of this key.
    #[error("no such object")]
    NotFound,
    /// The key is none that we make.
    #[error("not a key")]
    Key,
    /// What is asked for is outside of what the service does.
    #[error("not possible: {0}")]
    Limit(&'static str),
    /// The body ended early, or reading it failed.
    #[error("the body: {0}")]
    Body(String),
    /// The service refused, was away or took too long.
    #[error("objects: {0}")]
    Service(String),
    /// The configuration or the data folder cannot work.
    #[error("objects: {0}")]
    Configuration(String),
}

impl<E, R> From<SdkError<E, R>> for BlobError
where
    E: std::error::Error + 'static,
    R: std::fmt::Debug + HasStatus,
{
    fn from(error: SdkError<E, R>) -> Self {
        if error
            .raw_response()
            .is_some_and(|answer| answer.status() == 404)
        {
            return Self::NotFound;
        }
        Self::Service(DisplayErrorContext(&error).to_string())
    }
}

/// The status of a raw answer.
pub trait HasStatus {
    /// As a number.
    fn status(&self) -> u16;
}

impl HasStatus for aws_smithy_runtime_api::client::orchestrator::HttpResponse {
    fn status(&self) -> u16 {
        self.status().as_u16()
    }
}

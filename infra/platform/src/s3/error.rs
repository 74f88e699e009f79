//! Why an object was not stored or found.

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use thiserror::Error;

/// What can go wrong with an object.
#[derive(Debug, Error)]
pub enum BlobError {
    /// There is no object of this key.
    #[error("no such object")]
    NotFound,
    /// The server has no bucket of the configured name.
    #[error("the bucket does not exist")]
    NoBucket,
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
    E: std::error::Error + ProvideErrorMetadata + 'static,
    R: std::fmt::Debug + HasStatus,
{
    fn from(error: SdkError<E, R>) -> Self {
        // Without a service's error inside: the server was away, or its answer was none.
        let Some(status) = error
            .as_service_error()
            .and(error.raw_response())
            .map(HasStatus::status)
        else {
            return Self::Service(innermost(&error));
        };
        match (status, error.code()) {
            (404, Some("NoSuchBucket")) => Self::NoBucket,
            (404, _) => Self::NotFound,
            // An answer to HEAD has no text.
            (_, None) => Self::Service(format!("refused with status {status}")),
            (_, Some(code)) => {
                let message = error.message().unwrap_or_default();
                Self::Service(format!("refused with status {status}, {code}: {message}"))
            }
        }
    }
}

/// What the network or TLS said; what wraps it says only that a request failed.
fn innermost(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let texts: Vec<_> = causes.map(ToString::to_string).collect();
    match texts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("no answer: {last}"),
        _ => error.to_string(),
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

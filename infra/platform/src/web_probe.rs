//! Requests of `hansa doctor` to addresses that the operator configured: this deployment's own, and
//! the bucket's as browsers reach it. They may be private, so the one way out
//! ([`crate::outbound`]), which is for addresses that strangers gave, would refuse them.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::StreamExt as _;
use thiserror::Error;

/// How long a request may take, from the name to the last byte.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
/// What is read of an answer, in bytes.
const BODY_BYTES_MAX: usize = 4_096;

/// Nobody answered, or not in time.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct ProbeError(String);

/// An answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The beginning of the body.
    pub body: Bytes,
    headers: reqwest::header::HeaderMap,
}

impl Answer {
    /// The value of a header, empty without it.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.and_then(|value| value.to_str().ok()).unwrap_or("")
    }
}

/// Asks `url` by `method`; follows no redirect.
///
/// # Errors
/// [`ProbeError`] when nobody answers in time, or the certificate is refused.
pub async fn ask(
    method: &str,
    url: &str,
    headers: &[(String, String)],
    body: Bytes,
) -> Result<Answer, ProbeError> {
    let wrong = |error: reqwest::Error| ProbeError(with_causes(&error.without_url()));
    let method = method
        .parse()
        .map_err(|_| ProbeError("not a method".to_owned()))?;
    let mut request = client().map_err(wrong)?.request(method, url).body(body);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let answer = request.send().await.map_err(wrong)?;
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let mut body = BytesMut::new();
    let mut chunks = answer.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        body.extend_from_slice(&chunk.map_err(wrong)?);
        if body.len() >= BODY_BYTES_MAX {
            body.truncate(BODY_BYTES_MAX);
            break;
        }
    }
    Ok(Answer {
        status,
        body: body.freeze(),
        headers,
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "only for addresses of the configuration, which the one way out would refuse"
)]
fn client() -> Result<reqwest::Client, reqwest::Error> {
    crate::tls::install_provider();
    reqwest::Client::builder()
        .timeout(ANSWER_WITHIN)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let texts: Vec<_> = causes.map(ToString::to_string).collect();
    texts.join(": ")
}

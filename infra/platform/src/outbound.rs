//! The one way out to an address that a tenant, member, partner or reseller gave (DESIGN 12). A
//! name is resolved once for a connection and the connection goes to exactly that answer; addresses
//! that are not on the public internet are refused; redirects stay on their host; time and body are
//! bounded.

mod address;
mod resolve;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Client, Method, StatusCode, Url};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::sync::Semaphore;

use address::AddressPolicy;
use resolve::Pinned;
pub use resolve::{ADDRESSES_MAX, Resolver, SystemResolver};

/// Redirects that are followed within a host.
pub const REDIRECTS_MAX: usize = 3;
/// The longest address, in bytes.
pub const URL_BYTES_MAX: usize = 2048;
/// Response headers that are read.
pub const HEADERS_MAX: usize = 64;
/// Idle connections kept for one host.
const IDLE_PER_HOST_MAX: usize = 4;

/// Requests to addresses that came from outside.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OutboundConfig {
    /// Address ranges that may be called although they are not on the public internet, such as
    /// `10.20.0.0/16` for a partner in the same network.
    pub allow: Vec<String>,
    /// How long a request may take from the name to the last byte, in milliseconds.
    pub timeout_ms: u64,
    /// How long connecting may take, in milliseconds.
    pub connect_timeout_ms: u64,
    /// The largest answer, in bytes.
    pub body_bytes_max: usize,
    /// Requests of this process at the same time.
    pub requests_max: usize,
}

impl Default for OutboundConfig {
    fn default() -> Self {
        Self {
            allow: Vec::new(),
            timeout_ms: 10_000,
            connect_timeout_ms: 3_000,
            body_bytes_max: 1024 * 1024,
            requests_max: 128,
        }
    }
}

impl OutboundConfig {
    /// Short times, and only what `allow` names besides the public internet.
    #[must_use]
    pub fn for_testing(allow: &[&str]) -> Self {
        Self {
            allow: allow.iter().map(|range| (*range).to_owned()).collect(),
            timeout_ms: 2_000,
            connect_timeout_ms: 1_000,
            ..Self::default()
        }
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OutboundError {
    /// The address is none of http or https, has a user name in it, or is too long.
    #[error("not an address that can be called: {0}")]
    Address(&'static str),
    /// The address is not on the public internet and not allowed by the operator.
    #[error("this address must not be called")]
    Refused,
    /// The name has no address, or nobody could say.
    #[error("the name has no address")]
    Unresolved,
    /// A redirect to another host, to less protection, or one too many.
    #[error("the redirect is not followed")]
    Redirect,
    /// The answer is larger than allowed.
    #[error("the answer is too large")]
    TooLarge,
    /// The answer was not complete in time.
    #[error("no answer in time")]
    Timeout,
    /// The connection failed.
    #[error("the connection failed: {0}")]
    Connection(String),
    /// The configuration cannot work.
    #[error("outbound configuration: {0}")]
    Configuration(String),
}

/// A request that is about to go out.
#[derive(Debug, Clone)]
pub struct OutboundRequest {
    method: Method,
    url: String,
    headers: HeaderMap,
    body: Bytes,
}

impl OutboundRequest {
    /// `method` on `url` with nothing else.
    #[must_use]
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Self {
            method,
            url: url.into(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// With a body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }
}

/// A complete answer, of any status.
#[derive(Debug, Clone)]
pub struct OutboundResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

/// Calls addresses that came from outside. One a process.
pub struct OutboundClient {
    client: Client,
    pinned: Pinned,
    turns: Semaphore,
    timeout: Duration,
    body_bytes_max: usize,
}

impl OutboundClient {
    /// A client that asks `resolver` for names.
    ///
    /// # Errors
    /// [`OutboundError::Configuration`].
    #[expect(clippy::disallowed_methods, reason = "this is the one way out")]
    pub fn new(
        config: &OutboundConfig,
        resolver: Arc<dyn Resolver>,
    ) -> Result<Self, OutboundError> {
        crate::tls::install_provider();
        let wrong = OutboundError::Configuration;
        let policy = AddressPolicy::new(&config.allow).map_err(|e| wrong(format!("allow: {e}")))?;
        let pinned = Pinned {
            resolver,
            policy: Arc::new(policy),
        };
        let client = Client::builder()
            .dns_resolver(pinned.clone())
            // A proxy would resolve the name again, and reach what we must not.
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_max_headers(HEADERS_MAX)
            .connect_timeout(Duration::from_millis(config.connect_timeout_ms))
            .pool_max_idle_per_host(IDLE_PER_HOST_MAX)
            .user_agent("Hansa")
            .build()
            .map_err(|error| wrong(error.to_string()))?;
        Ok(Self {
            client,
            pinned,
            turns: Semaphore::new(config.requests_max.max(1)),
            timeout: Duration::from_millis(config.timeout_ms),
            body_bytes_max: config.body_bytes_max,
        })
    }

    /// Sends `request`, follows redirects within its host, and reads the whole answer.
    ///
    /// # Errors
    /// [`OutboundError`]; a status of 400 or more is none.
    pub async fn request(
        &self,
        request: OutboundRequest,
    ) -> Result<OutboundResponse, OutboundError> {
        tokio::time::timeout(self.timeout, self.follow(request))
            .await
            .unwrap_or(Err(OutboundError::Timeout))
    }

    /// The addresses of `host` on `port` that may be called, for connections that are no requests
    /// (links, LDAP): connect to one of these and to nothing else.
    ///
    /// # Errors
    /// [`OutboundError::Refused`], [`OutboundError::Unresolved`] or [`OutboundError::Timeout`].
    pub async fn addresses(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, OutboundError> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let found = match bare.parse() {
            Ok(ip) if self.pinned.policy.allows(ip) => vec![ip],
            Ok(_) => return Err(OutboundError::Refused),
            Err(_) => tokio::time::timeout(self.timeout, self.pinned.addresses(host))
                .await
                .unwrap_or(Err(OutboundError::Timeout))?,
        };
        Ok(found
            .into_iter()
            .map(|ip| SocketAddr::new(ip, port))
            .collect())
    }

    async fn follow(&self, request: OutboundRequest) -> Result<OutboundResponse, OutboundError> {
        let closed = |_| OutboundError::Connection("stopping".to_owned());
        let _turn = self.turns.acquire().await.map_err(closed)?;
        let OutboundRequest {
            mut method,
            url,
            headers,
            mut body,
        } = request;
        let mut url = self.check(parse(&url)?)?;
        for _ in 0..=REDIRECTS_MAX {
            let answer = self
                .client
                .request(method.clone(), url.clone())
                .headers(headers.clone())
                .body(body.clone())
                .send()
                .await
                .map_err(|error| explain(&error))?;
            let Some(next) = redirect(&url, &answer)? else {
                return self.read(answer).await;
            };
            if !matches!(answer.status().as_u16(), 307 | 308) && method != Method::HEAD {
                (method, body) = (Method::GET, Bytes::new());
            }
            url = self.check(next)?;
        }
        Err(OutboundError::Redirect)
    }

    /// Refuses what can be refused before connecting. Names are checked when they are resolved.
    fn check(&self, url: Url) -> Result<Url, OutboundError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(OutboundError::Address("only http and https"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OutboundError::Address("a user name in it"));
        }
        // The parser has turned every way of writing an address (decimal, octal, hexadecimal, full
        // width) into the usual one.
        let host = url.host_str().ok_or(OutboundError::Address("no host"))?;
        match host.trim_start_matches('[').trim_end_matches(']').parse() {
            Ok(ip) if !self.pinned.policy.allows(ip) => Err(OutboundError::Refused),
            _ => Ok(url),
        }
    }

    async fn read(&self, mut answer: reqwest::Response) -> Result<OutboundResponse, OutboundError> {
        let limit = self.body_bytes_max;
        if answer
            .content_length()
            .is_some_and(|length| length > limit as u64)
        {
            return Err(OutboundError::TooLarge);
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| explain(&error))? {
            if body.len() + chunk.len() > limit {
                return Err(OutboundError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        let headers = std::mem::take(answer.headers_mut());
        Ok(OutboundResponse {
            status: answer.status(),
            headers,
            body: body.freeze(),
        })
    }
}

fn parse(text: &str) -> Result<Url, OutboundError> {
    if text.len() > URL_BYTES_MAX {
        return Err(OutboundError::Address("too long"));
    }
    Url::parse(text).map_err(|_| OutboundError::Address("it cannot be read"))
}

/// Where `answer` sends us: nowhere, or to another place on the same host that is protected as
/// well.
fn redirect(from: &Url, answer: &reqwest::Response) -> Result<Option<Url>, OutboundError> {
    if !matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = answer.headers().get(LOCATION) else {
        return Ok(None);
    };
    let text = location
        .to_str()
        .ok()
        .filter(|text| text.len() <= URL_BYTES_MAX);
    let next = text
        .and_then(|text| from.join(text).ok())
        .ok_or(OutboundError::Redirect)?;
    let same_place = next.scheme() == from.scheme()
        && next.port_or_known_default() == from.port_or_known_default();
    let to_tls = (from.scheme(), from.port_or_known_default()) == ("http", Some(80))
        && (next.scheme(), next.port_or_known_default()) == ("https", Some(443));
    if next.host() != from.host() || !(same_place || to_tls) {
        return Err(OutboundError::Redirect);
    }
    Ok(Some(next))
}

/// Our own refusals come back wrapped in the client's errors.
fn explain(error: &reqwest::Error) -> OutboundError {
    let mut deepest: &dyn std::error::Error = error;
    while let Some(source) = deepest.source() {
        if let Some(ours) = source.downcast_ref::<OutboundError>() {
            return ours.clone();
        }
        deepest = source;
    }
    if error.is_timeout() {
        return OutboundError::Timeout;
    }
    OutboundError::Connection(deepest.to_string())
}

#[cfg(test)]
mod tests;

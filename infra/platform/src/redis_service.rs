//! The one Redis of a deployment: its configuration, and connections that answer or fail within a
//! bounded time. Nothing that is kept there has to survive it: the bus, ephemeral keys and rate
//! limits all work on, with less, while it is away.

use std::time::Duration;

use kernel::Secret;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Redis, shared by all processes of a deployment.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RedisConfig {
    /// Address, `redis://[user:password@]host:port/database` or `rediss://…` for TLS. Not set: the
    /// bus, presence and rate limits stay inside this process, and there can be only one.
    #[schemars(with = "String", extend("x-secret" = true))]
    pub url: Secret,
    /// What every key and channel name starts with, so that deployments can share a Redis.
    pub key_prefix: String,
    /// How long connecting may take, in milliseconds.
    pub connect_timeout_ms: u64,
    /// How long an answer may take, in milliseconds.
    pub response_timeout_ms: u64,
}

impl Default for RedisConfig {
    fn default() -> Self {
        Self {
            url: Secret::default(),
            key_prefix: "hansa:".to_owned(),
            connect_timeout_ms: 1_000,
            response_timeout_ms: 1_000,
        }
    }
}

impl RedisConfig {
    /// A Redis at `url`, with short timeouts.
    #[must_use]
    pub fn for_testing(url: &str) -> Self {
        Self {
            url: url.into(),
            connect_timeout_ms: 500,
            response_timeout_ms: 500,
            ..Self::default()
        }
    }

    /// Whether a Redis was given at all.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        !self.url.is_empty()
    }

    pub(crate) fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms)
    }

    pub(crate) fn response_timeout(&self) -> Duration {
        Duration::from_millis(self.response_timeout_ms)
    }
}

/// Why Redis did not do what it was asked.
#[derive(Debug, Error)]
pub enum RedisServiceError {
    /// The address in the configuration is none. The address is not repeated: it may hold a
    /// password.
    #[error("redis.url is not an address such as redis://127.0.0.1:6379/0")]
    Address,
    /// It refused, was away or took too long.
    #[error("redis: {0}")]
    Redis(#[from] redis::RedisError),
}

/// A handle on the deployment's Redis. Cheap to clone; connects when first used and again whenever
/// the connection is lost.
#[derive(Clone)]
pub struct RedisService {
    config: RedisConfig,
    client: redis::Client,
    manager: ConnectionManager,
}

impl std::fmt::Debug for RedisService {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisService")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl RedisService {
    /// Prepares the connections; does not connect yet.
    ///
    /// # Errors
    /// [`RedisServiceError::Address`] when the configured address is none.
    pub fn new(config: &RedisConfig) -> Result<Self, RedisServiceError> {
        crate::tls::install_provider();
        let client =
            redis::Client::open(config.url.reveal()).map_err(|_| RedisServiceError::Address)?;
        // No retries here: a caller that can wait has a backoff of its own, the others must not.
        let settings = ConnectionManagerConfig::new()
            .set_number_of_retries(0)
            .set_connection_timeout(Some(config.connect_timeout()))
            .set_response_timeout(Some(config.response_timeout()));
        let manager = ConnectionManager::new_lazy_with_config(client.clone(), settings)?;
        Ok(Self {
            config: config.clone(),
            client,
            manager,
        })
    }

    /// Asks Redis for a sign of life; for health checks.
    ///
    /// # Errors
    /// [`RedisServiceError::Redis`] when there is none within the configured times.
    pub async fn ping(&self) -> Result<(), RedisServiceError> {
        let mut connection = self.connection();
        redis::cmd("PING")
            .query_async::<()>(&mut connection)
            .await?;
        Ok(())
    }

    /// What Redis' own clock says, in microseconds since 1970.
    ///
    /// # Errors
    /// [`RedisServiceError::Redis`] when it does not answer within the configured times.
    pub async fn time_us(&self) -> Result<i64, RedisServiceError> {
        let mut connection = self.connection();
        let (seconds, micros): (i64, i64) = redis::cmd("TIME").query_async(&mut connection).await?;
        Ok(seconds.saturating_mul(1_000_000).saturating_add(micros))
    }

    pub(crate) fn connection(&self) -> ConnectionManager {
        self.manager.clone()
    }

    pub(crate) fn client(&self) -> &redis::Client {
        &self.client
    }

    pub(crate) fn config(&self) -> &RedisConfig {
        &self.config
    }
}

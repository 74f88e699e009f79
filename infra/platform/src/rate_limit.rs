//! Rate limits. A [`Quota`] is the same whether it is counted in this process (governor), for all
//! processes in Redis (one GCRA script), or, while Redis is away, in this process with its share.
//!
//! To add a limit: a `Quota` constant in the caller's table of limits, and one call of
//! [`RateLimiter::check`] with what it is counted by.

mod local;
mod shared;
mod store;

use std::sync::Arc;
use std::time::Duration;

use kernel::Clock;
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::time::Instant;

use crate::redis_service::RedisService;
use local::LocalLimiter;
use shared::SharedLimiter;

/// Keys that this process counts for one quota; further ones share [`OVERFLOW_CELLS`] cells.
pub const KEYS_MAX: usize = 200_000;
/// Cells for the keys beyond [`KEYS_MAX`].
pub const OVERFLOW_CELLS: usize = 1024;
/// The longest key that is counted as it is, in bytes; a longer one is counted by its hash.
pub const KEY_BYTES_MAX: usize = 128;
/// How long Redis is left alone after it did not answer.
const AWAY_FOR: Duration = Duration::from_secs(1);

/// How limits are counted.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RateLimitConfig {
    /// Processes among which a limit is divided while Redis is away.
    pub processes: u32,
    /// How long a check may wait for Redis, in milliseconds, before this process decides alone.
    pub redis_wait_ms: u64,
}

impl Default for RateLimitConfig {
    fn default() -> Self {
        Self {
            processes: 2,
            redis_wait_ms: 250,
        }
    }
}

/// How often something may be done: `burst` times at once, and again `burst` times spread evenly
/// over `per`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Unique among all quotas; part of the key in Redis and of metrics.
    pub name: &'static str,
    /// How many at once; at least 1.
    pub burst: u32,
    /// In which time that many come back.
    pub per: Duration,
}

impl Quota {
    /// A quota of `burst` each `per`.
    #[must_use]
    pub const fn new(name: &'static str, burst: u32, per: Duration) -> Self {
        Self { name, burst, per }
    }

    fn burst(&self) -> u32 {
        self.burst.max(1)
    }

    /// The time in which one comes back, in microseconds: what both counters calculate with.
    fn interval_us(&self) -> u64 {
        let whole = u64::try_from(self.per.as_micros()).unwrap_or(u64::MAX);
        (whole / u64::from(self.burst())).max(1)
    }

    /// What one of `processes` may grant on its own.
    fn share(&self, processes: u32) -> Self {
        let burst = (self.burst() / processes.max(1)).max(1);
        let interval = Duration::from_micros(self.interval_us());
        let per = interval
            .saturating_mul(processes.max(1))
            .saturating_mul(burst);
        Self {
            burst,
            per,
            ..*self
        }
    }
}

/// Too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("too often; again in {retry_after:?}")]
pub struct Limited {
    /// How long to wait until the same is allowed again, if nothing else is done meanwhile.
    pub retry_after: Duration,
}

/// Counts against quotas. One a process.
pub struct RateLimiter {
    local: LocalLimiter,
    shared: Option<Shared>,
}

struct Shared {
    limiter: SharedLimiter,
    processes: u32,
    away_until: Mutex<Option<Instant>>,
}

impl RateLimiter {
    /// Counts in this process alone.
    #[must_use]
    pub fn local(clock: Arc<dyn Clock>) -> Self {
        Self {
            local: LocalLimiter::new(clock),
            shared: None,
        }
    }

    /// Counts for all processes in Redis, by Redis' clock. `clock` is for the time without it.
    #[must_use]
    pub fn shared(clock: Arc<dyn Clock>, service: &RedisService, config: &RateLimitConfig) -> Self {
        let wait = Duration::from_millis(config.redis_wait_ms);
        let limiter = SharedLimiter::new(service.clone(), wait);
        let shared = Shared {
            limiter,
            processes: config.processes,
            away_until: Mutex::default(),
        };
        Self {
            local: LocalLimiter::new(clock),
            shared: Some(shared),
        }
    }

    /// Counts one use of `quota` by `key`, if it is allowed; a refusal does not count.
    ///
    /// # Errors
    /// [`Limited`] with the time to wait. Without Redis this never fails for another reason: the
    /// process decides with its share of the quota.
    pub async fn check(&self, quota: &Quota, key: &str) -> Result<(), Limited> {
        let key = bounded(key);
        let result = match &self.shared {
            None => self.local.check(quota, &key),
            Some(shared) => match shared.check(quota, &key).await {
                Some(result) => result,
                None => self.local.check(&quota.share(shared.processes), &key),
            },
        };
        if result.is_err() {
            metrics::counter!("rate_limited_total", "quota" => quota.name).increment(1);
        }
        result
    }
}

impl Shared {
    /// Redis' decision, if it gives one.
    async fn check(&self, quota: &Quota, key: &str) -> Option<Result<(), Limited>> {
        {
            let mut away = self.away_until.lock();
            if let Some(until) = *away {
                if Instant::now() < until {
                    return None;
                }
                // This check asks again; the others go on alone until it knows.
                *away = Some(Instant::now() + AWAY_FOR);
            }
        }
        match self.limiter.check(quota, key).await {
            Ok(result) => {
                *self.away_until.lock() = None;
                Some(result)
            }
            Err(error) => {
                let before = self.away_until.lock().replace(Instant::now() + AWAY_FOR);
                if before.is_none() {
                    tracing::warn!(%error, "limits are counted here until redis is back");
                }
                None
            }
        }
    }
}

/// `key`, or its hash when it is long: what a stranger sends must not fill the memory.
fn bounded(key: &str) -> std::borrow::Cow<'_, str> {
    use sha2::Digest as _;
    if key.len() <= KEY_BYTES_MAX {
        return key.into();
    }
    crate::hex::encode(&sha2::Sha256::digest(key.as_bytes())).into()
}

#[cfg(test)]
mod tests;

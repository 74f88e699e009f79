//! Rate limits. A [`Quota`] is the same whether it is counted in this process (governor), for all
//! processes in Redis (one GCRA script), or, while Redis is away, in this process with its share.
//!
//! What is done many times a minute does not wait for Redis ([`Quota::ahead`]): this process
//! decides by what it knows, and Redis is asked meanwhile; a refusal holds from its arrival on.
//!
//! To add a limit: a `Quota` constant in the caller's table of limits, and one call of
//! [`RateLimiter::check`] with what it is counted by.

mod local;
mod shared;
mod store;

use std::sync::Arc;
use std::time::Duration;

use kernel::Clock;
use moka::sync::Cache;
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::sync::Semaphore;
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
/// Questions to Redis that nobody waits for; with more under way, callers wait for theirs.
const ASKED_AHEAD_MAX: usize = 1024;
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
    /// Whether it is decided before Redis has answered; see [`Self::ahead`].
    pub ahead: bool,
}

impl Quota {
    /// A quota of `burst` each `per`.
    #[must_use]
    pub const fn new(name: &'static str, burst: u32, per: Duration) -> Self {
        Self {
            name,
            burst,
            per,
            ahead: false,
        }
    }

    /// The same, decided without waiting for Redis: what is under way between two processes when it
    /// is used up (as a rule a few) is granted above it. Not for what guards a secret.
    #[must_use]
    pub const fn ahead(self) -> Self {
        Self {
            ahead: true,
            ..self
        }
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
    shared: Option<Arc<Shared>>,
}

struct Shared {
    limiter: SharedLimiter,
    processes: u32,
    away_until: Mutex<Option<Instant>>,
    /// Until when Redis has refused a key of a quota that is decided ahead.
    refused_until: Cache<(&'static str, String), Instant>,
    asking: Arc<Semaphore>,
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
            refused_until: Cache::new(KEYS_MAX as u64),
            asking: Arc::new(Semaphore::new(ASKED_AHEAD_MAX)),
        };
        Self {
            local: LocalLimiter::new(clock),
            shared: Some(Arc::new(shared)),
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
            Some(shared) => match self.decide(shared, quota, &key).await {
                Some(result) => result,
                None => self.local.check(&quota.share(shared.processes), &key),
            },
        };
        if result.is_err() {
            metrics::counter!("rate_limited_total", "quota" => quota.name).increment(1);
        }
        result
    }

    /// What is decided for all processes; nothing while Redis is away.
    async fn decide(
        &self,
        shared: &Arc<Shared>,
        quota: &Quota,
        key: &str,
    ) -> Option<Result<(), Limited>> {
        if quota.ahead
            && !shared.is_away()
            && let Ok(place) = Arc::clone(&shared.asking).try_acquire_owned()
        {
            let known = shared.refusal(quota, key);
            let decided = known.map_or_else(|| self.local.check(quota, key), Err);
            if decided.is_ok() {
                let (shared, quota, key) = (Arc::clone(shared), *quota, key.to_owned());
                tokio::spawn(async move {
                    shared.ask(&quota, key).await;
                    drop(place);
                });
                // One document may do many things without ever waiting: let the answers in between.
                tokio::task::yield_now().await;
            }
            return Some(decided);
        }
        shared.check(quota, key).await
    }
}

impl Shared {
    fn is_away(&self) -> bool {
        self.away_until.lock().is_some()
    }

    /// What Redis said of this key, while it holds.
    fn refusal(&self, quota: &Quota, key: &str) -> Option<Limited> {
        let until = self.refused_until.get(&(quota.name, key.to_owned()))?;
        let retry_after = until.checked_duration_since(Instant::now())?;
        (!retry_after.is_zero()).then_some(Limited { retry_after })
    }

    /// Counts a use that was granted already, and keeps a refusal for the next ones.
    async fn ask(&self, quota: &Quota, key: String) {
        if let Some(Err(limited)) = self.check(quota, &key).await {
            let until = Instant::now() + limited.retry_after;
            self.refused_until.insert((quota.name, key), until);
        }
    }

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

//! Counting for all processes in Redis, by the script `gcra.lua`.

use std::time::Duration;

use redis::Script;
use thiserror::Error;
use tokio::time::timeout;

use super::{Limited, Quota};
use crate::redis_service::RedisService;

/// Why Redis decided nothing.
#[derive(Debug, Error)]
pub(super) enum SharedError {
    #[error("{0}")]
    Redis(#[from] redis::RedisError),
    #[error("no answer in time")]
    Late,
}

/// The script and where it runs.
pub(super) struct SharedLimiter {
    service: RedisService,
    script: Script,
    wait: Duration,
}

impl SharedLimiter {
    pub(super) fn new(service: RedisService, wait: Duration) -> Self {
        Self {
            service,
            script: Script::new(include_str!("gcra.lua")),
            wait,
        }
    }

    pub(super) async fn check(
        &self,
        quota: &Quota,
        key: &str,
    ) -> Result<Result<(), Limited>, SharedError> {
        self.check_at(quota, key, None).await
    }

    /// [`Self::check`] at `now_us` (microseconds since 1970), or by Redis' clock.
    pub(super) async fn check_at(
        &self,
        quota: &Quota,
        key: &str,
        now_us: Option<i64>,
    ) -> Result<Result<(), Limited>, SharedError> {
        let interval = quota.interval_us();
        let tolerance = interval.saturating_mul(u64::from(quota.burst()) - 1);
        let cell = format!(
            "{}limit:{}:{key}",
            self.service.config().key_prefix,
            quota.name
        );
        let mut call = self.script.key(cell);
        call.arg(interval)
            .arg(tolerance)
            .arg(now_us.map_or_else(String::new, |us| us.to_string()));
        let mut connection = self.service.connection();
        let wait_us: u64 = timeout(self.wait, call.invoke_async(&mut connection))
            .await
            .map_err(|_| SharedError::Late)??;
        Ok(match wait_us {
            0 => Ok(()),
            wait_us => Err(Limited {
                retry_after: Duration::from_micros(wait_us),
            }),
        })
    }
}

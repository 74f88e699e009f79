//! Whether the processes of a deployment agree about the time. Ids are ordered by it and sessions
//! end by it, so that two processes with differing clocks disorder what they write together. Each
//! process measures how far its clock is from Redis' clock, tells the others ([`Ephemeral`]), and
//! compares; Redis' own clock may be wrong, because only differences count.

use std::sync::Arc;
use std::time::Duration;

use kernel::{Clock, Rng};
use parking_lot::Mutex;
use thiserror::Error;
use tokio_util::sync::CancellationToken;

use crate::ephemeral::{Ephemeral, EphemeralError, RedisEphemeral};
use crate::redis_service::{RedisService, RedisServiceError};

/// Clocks of two processes that differ by more are worth a warning.
pub const DIFFERENCE_MS_MAX: i64 = 500;
/// How often a process measures and tells.
const EVERY: Duration = Duration::from_secs(10);
/// A process that has not told for so long is gone.
const GONE_AFTER: Duration = Duration::from_secs(35);
/// Where they are told.
const GROUP: &str = "clock";
/// Characters of a process's name: a new one at each start.
const NAME_ALPHABET: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Why the clocks could not be compared.
#[derive(Debug, Error)]
pub enum ClockWatchError {
    /// Redis did not tell its time.
    #[error(transparent)]
    Redis(#[from] RedisServiceError),
    /// What the others told could not be read or written.
    #[error(transparent)]
    Ephemeral(#[from] EphemeralError),
}

/// Another process, by its clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherClock {
    /// Host name and a random part.
    pub process: String,
    /// How far it is ahead of this process, in milliseconds.
    pub ahead_ms: i64,
}

/// One process's view of all clocks. Cheap to clone.
#[derive(Clone)]
pub struct ClockWatch {
    redis: RedisService,
    ephemeral: Arc<RedisEphemeral>,
    clock: Arc<dyn Clock>,
    name: Arc<str>,
    worst: Arc<Mutex<Option<OtherClock>>>,
}

impl ClockWatch {
    /// Measures nothing yet. The process is called by its host and a random part.
    #[must_use]
    pub fn new(redis: &RedisService, clock: Arc<dyn Clock>, rng: &dyn Rng) -> Self {
        let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
        let host: String = host.trim().chars().take(60).collect();
        let name = format!("{host}-{}", rng.text(NAME_ALPHABET, 6));
        Self {
            redis: redis.clone(),
            ephemeral: Arc::new(RedisEphemeral::new(redis)),
            clock,
            name: name.trim_start_matches('-').into(),
            worst: Arc::default(),
        }
    }

    /// The process whose clock differs by more than [`DIFFERENCE_MS_MAX`], the worst one, as of the
    /// last comparison.
    #[must_use]
    pub fn disagreement(&self) -> Option<OtherClock> {
        self.worst.lock().clone()
    }

    /// Every other process that serves or works now, compared with this one's clock; tells nobody.
    ///
    /// # Errors
    /// Redis is away.
    pub async fn compare(&self) -> Result<Vec<OtherClock>, ClockWatchError> {
        let own_us = self.ahead_of_redis_us().await?;
        let told = self.ephemeral.list(GROUP).await?;
        let others = told.into_iter().filter(|(name, _)| **name != *self.name);
        let read = others.filter_map(|(process, told)| {
            let ahead_us = told.parse::<i64>().ok()?.saturating_sub(own_us);
            Some(OtherClock {
                process,
                ahead_ms: ahead_us / 1_000,
            })
        });
        Ok(read.collect())
    }

    /// Measures, tells and compares until `stop`; Redis may come and go meanwhile.
    pub async fn run(&self, stop: &CancellationToken) {
        let mut tick = tokio::time::interval(EVERY);
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                _ = tick.tick() => {}
            }
            match self.round().await {
                Ok(others) => self.judge(others),
                Err(error) => tracing::debug!(%error, "clocks are not compared"),
            }
        }
        // Whoever compares next need not wait until this process counts as gone.
        if let Err(error) = self.ephemeral.remove(GROUP, &self.name).await {
            tracing::debug!(%error, "other processes are not told that this one stops");
        }
    }

    async fn round(&self) -> Result<Vec<OtherClock>, ClockWatchError> {
        let told = self.ahead_of_redis_us().await?.to_string();
        self.ephemeral
            .set_for(GROUP, &self.name, &told, GONE_AFTER)
            .await?;
        self.compare().await
    }

    fn judge(&self, others: Vec<OtherClock>) {
        let worst = others
            .into_iter()
            .max_by_key(|other| other.ahead_ms.unsigned_abs());
        let difference_ms = worst.as_ref().map_or(0, |other| other.ahead_ms.abs());
        let seconds = Duration::from_millis(difference_ms.unsigned_abs()).as_secs_f64();
        metrics::gauge!("clock_difference_seconds").set(seconds);
        let worst = worst.filter(|_| difference_ms > DIFFERENCE_MS_MAX);
        if let Some(other) = &worst {
            tracing::warn!(
                process = other.process,
                ahead_ms = other.ahead_ms,
                "another process's clock differs: ids and sessions lean on it"
            );
        }
        *self.worst.lock() = worst;
    }

    /// The answer was made somewhere between the question and its arrival: half of that is the most
    /// that the result can be wrong by.
    async fn ahead_of_redis_us(&self) -> Result<i64, ClockWatchError> {
        let before_us = self.clock.now().timestamp_micros();
        let redis_us = self.redis.time_us().await?;
        let after_us = self.clock.now().timestamp_micros();
        let middle_us = before_us + (after_us - before_us) / 2;
        Ok(middle_us.saturating_sub(redis_us))
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Instant, SeededRng, SystemClock};

    use super::*;
    use crate::testing::RedisServer;

    struct Ahead(i64);

    impl Clock for Ahead {
        fn now(&self) -> Instant {
            SystemClock.now() + chrono::Duration::milliseconds(self.0)
        }
    }

    #[tokio::test]
    async fn a_clock_that_is_off_is_named_and_one_that_stopped_is_not() {
        let redis = RedisServer::start().service();
        assert!(
            ClockWatch::new(&redis, Arc::new(SystemClock), &SeededRng::new(1))
                .round()
                .await
                .is_err()
        );
        let server = RedisServer::start();
        let redis = server.service();
        let watch = |seed, ms| ClockWatch::new(&redis, Arc::new(Ahead(ms)), &SeededRng::new(seed));
        let (one, near, far) = (watch(1, 0), watch(2, 100), watch(3, -2_000));
        one.judge(one.round().await.unwrap());
        near.judge(near.round().await.unwrap());
        assert_eq!(near.disagreement(), None);
        far.judge(far.round().await.unwrap());
        let found = far.disagreement().unwrap();
        assert!((1_900..2_300).contains(&found.ahead_ms), "{found:?}");
        one.judge(one.round().await.unwrap());
        let found = one.disagreement().unwrap();
        assert_eq!(found.process, *far.name);
        assert!((-2_200..-1_800).contains(&found.ahead_ms), "{found:?}");
        let stop = CancellationToken::new();
        stop.cancel();
        far.run(&stop).await;
        one.judge(one.round().await.unwrap());
        assert_eq!(one.disagreement(), None);
    }
}

//! Redis: reachable, writable; and by it the clocks of the other processes of the deployment.

use std::time::Duration;

use platform::{
    clock_watch::{ClockWatch, DIFFERENCE_MS_MAX, OtherClock},
    ephemeral::{Ephemeral as _, EphemeralError, RedisEphemeral},
    redis_service::{RedisConfig, RedisService},
};

use super::{ANSWER_MS_MAX, Check};
use crate::{Options, RootConfig};

const AWAY: &str = "check that Redis runs, and the address, login and password in redis.url \
                    (HANSA_REDIS_URL)";
const READ_ONLY: &str = "use a Redis that is no replica, and a login that may write";
const CLOCK: &str = "run an NTP client on both machines, then restart the process that was wrong";
/// The probe removes itself, or ends by itself.
const PROBE_FOR: Duration = Duration::from_secs(60);

pub(super) async fn check(config: &RootConfig, options: &Options) -> Vec<Check> {
    if !config.redis.is_configured() {
        return vec![missing(config)];
    }
    let settings = RedisConfig {
        connect_timeout_ms: config.redis.connect_timeout_ms.min(ANSWER_MS_MAX),
        response_timeout_ms: config.redis.response_timeout_ms.min(ANSWER_MS_MAX),
        ..config.redis.clone()
    };
    let redis = match RedisService::new(&settings) {
        Ok(redis) => redis,
        Err(error) => return vec![Check::fail("redis.reachable", error.to_string(), AWAY)],
    };
    if let Err(error) = redis.ping().await {
        return vec![Check::fail("redis.reachable", error.to_string(), AWAY)];
    }
    let mut checks = vec![Check::ok("redis.reachable", "answers")];
    checks.push(match writes(&redis, options).await {
        Ok(()) => Check::ok("redis.writable", "a key was written, read and removed"),
        Err(error) => Check::fail("redis.writable", error.to_string(), READ_ONLY),
    });
    let watch = ClockWatch::new(&redis, options.clock.clone(), &*options.rng);
    match watch.compare().await {
        Ok(others) => {
            checks.push(processes(config, others.len()));
            checks.extend(others.iter().map(clock));
        }
        Err(error) => checks.push(Check::fail("clock.processes", error.to_string(), AWAY)),
    }
    checks
}

/// Without Redis there is nothing between two processes.
fn missing(config: &RootConfig) -> Check {
    if config.database.url.is_empty() {
        return Check::ok(
            "redis.reachable",
            "not configured, and not needed by one process",
        );
    }
    let what = "not configured: a second process would not hear what the first one is told";
    let remedy = "set redis.url (HANSA_REDIS_URL), or keep to one process";
    Check::warn("redis.reachable", what, remedy)
}

async fn writes(redis: &RedisService, options: &Options) -> Result<(), EphemeralError> {
    let ephemeral = RedisEphemeral::new(redis);
    let key = options.rng.text(b"abcdefghijklmnopqrstuvwxyz", 16);
    ephemeral
        .set_for("doctor", &key, "probe", PROBE_FOR)
        .await?;
    ephemeral.list("doctor").await?;
    ephemeral.remove("doctor", &key).await
}

fn processes(config: &RootConfig, running: usize) -> Check {
    let divided_by = config.rate_limits.processes;
    let what = format!("{running} processes run");
    if running as u64 <= u64::from(divided_by) {
        return Check::ok("redis.processes", what);
    }
    let remedy = format!(
        "set rate_limits.processes (HANSA_RATE_LIMITS_PROCESSES) to {running}: while Redis is away \
         each process allows its share of a limit"
    );
    Check::warn("redis.processes", what, remedy)
}

fn clock(other: &OtherClock) -> Check {
    let what = format!(
        "process {} is {} ms ahead of this machine",
        other.process, other.ahead_ms
    );
    if other.ahead_ms.abs() <= DIFFERENCE_MS_MAX {
        return Check::ok("clock.processes", what);
    }
    Check::fail("clock.processes", what, CLOCK)
}

//! Ephemeral keys in Redis, by Redis' own clock: a sorted set of expiries and a hash of values for
//! each group, changed together by scripts.

use std::time::Duration;

use async_trait::async_trait;
use redis::Script;

use super::{Ephemeral, EphemeralError, GROUP_KEYS_MAX, check};
use crate::redis_service::{RedisService, RedisServiceError};

/// Drops up to 1,000 expired keys; what is left over is dropped by the next call.
const PURGE: &str = r"
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local over = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 1000)
for _, key in ipairs(over) do
    redis.call('ZREM', KEYS[1], key)
    redis.call('HDEL', KEYS[2], key)
end
";

/// KEYS: expiries, values. ARGV: key, value, ttl in ms, most keys. Answers 0 when the group is
/// full.
const SET: &str = r"
local known = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not known and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
local left = string.format('%.0f', last[2] - now)
redis.call('PEXPIRE', KEYS[1], left)
redis.call('PEXPIRE', KEYS[2], left)
return 1
";

/// KEYS: expiries, values. Answers keys and values in turn, without those that PURGE left over.
const LIST: &str = r"
local found = {}
local from = '(' .. string.format('%.0f', now)
for _, key in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], from, '+inf')) do
    found[#found + 1] = key
    found[#found + 1] = redis.call('HGET', KEYS[2], key) or ''
end
return found
";

/// Keeps keys in Redis, shared by all processes.
pub struct RedisEphemeral {
    service: RedisService,
    set: Script,
    list: Script,
}

impl RedisEphemeral {
    /// Uses `service`; does not connect yet.
    #[must_use]
    pub fn new(service: &RedisService) -> Self {
        let script = |body: &str| Script::new(&format!("{PURGE}{body}"));
        Self {
            service: service.clone(),
            set: script(SET),
            list: script(LIST),
        }
    }

    /// The two Redis keys of a group, in one slot of a cluster.
    fn keys(&self, group: &str) -> [String; 2] {
        let prefix = &self.service.config().key_prefix;
        [
            format!("{prefix}eph:{{{group}}}:ends"),
            format!("{prefix}eph:{{{group}}}:values"),
        ]
    }
}

#[async_trait]
impl Ephemeral for RedisEphemeral {
    async fn set_for(
        &self,
        group: &str,
        key: &str,
        value: &str,
        ttl: Duration,
    ) -> Result<(), EphemeralError> {
        check(&[group, key, value])?;
        let [ends, values] = self.keys(group);
        let ttl_ms = u64::try_from(ttl.as_millis())
            .unwrap_or(u64::MAX)
            .clamp(1, 1 << 50);
        let kept: i64 = self
            .set
            .key(ends)
            .key(values)
            .arg(key)
            .arg(value)
            .arg(ttl_ms)
            .arg(GROUP_KEYS_MAX)
            .invoke_async(&mut self.service.connection())
            .await
            .map_err(RedisServiceError::from)?;
        if kept == 1 {
            Ok(())
        } else {
            Err(EphemeralError::Full)
        }
    }

    async fn remove(&self, group: &str, key: &str) -> Result<(), EphemeralError> {
        let [ends, values] = self.keys(group);
        redis::pipe()
            .atomic()
            .zrem(ends, key)
            .ignore()
            .hdel(values, key)
            .ignore()
            .query_async::<()>(&mut self.service.connection())
            .await
            .map_err(RedisServiceError::from)?;
        Ok(())
    }

    async fn list(&self, group: &str) -> Result<Vec<(String, String)>, EphemeralError> {
        let [ends, values] = self.keys(group);
        let mut found: Vec<(String, String)> = self
            .list
            .key(ends)
            .key(values)
            .invoke_async(&mut self.service.connection())
            .await
            .map_err(RedisServiceError::from)?;
        found.sort();
        Ok(found)
    }
}

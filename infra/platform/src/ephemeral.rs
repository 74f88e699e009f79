//! Small values that expire: who is here, who is typing, which process is alive. Kept in groups,
//! listed a group at a time, in this process or in Redis; losing all of them loses nothing that
//! would not be set again.

mod memory;
mod redis;

use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;

pub use memory::MemoryEphemeral;
pub use redis::RedisEphemeral;

use crate::redis_service::RedisServiceError;

/// The longest group, key or value, in bytes.
pub const TEXT_BYTES_MAX: usize = 512;
/// Keys of one group; more are refused.
pub const GROUP_KEYS_MAX: usize = 100_000;

/// Why a value was not kept or listed.
#[derive(Debug, Error)]
pub enum EphemeralError {
    /// The group has [`GROUP_KEYS_MAX`] keys, none of them expired.
    #[error("the group is full")]
    Full,
    /// A text exceeds [`TEXT_BYTES_MAX`].
    #[error("a group, key or value has at most {TEXT_BYTES_MAX} bytes")]
    TooLarge,
    /// Redis is away.
    #[error(transparent)]
    Redis(#[from] RedisServiceError),
}

/// Groups of keys with a value and an expiry each.
#[async_trait]
pub trait Ephemeral: Send + Sync + 'static {
    /// Sets `key` of `group` for `ttl` from now, over what it was.
    ///
    /// # Errors
    /// [`EphemeralError`].
    async fn set_for(
        &self,
        group: &str,
        key: &str,
        value: &str,
        ttl: Duration,
    ) -> Result<(), EphemeralError>;

    /// Removes `key` of `group`, if it is there.
    ///
    /// # Errors
    /// [`EphemeralError`].
    async fn remove(&self, group: &str, key: &str) -> Result<(), EphemeralError>;

    /// The keys of `group` that have not expired with their values, by key.
    ///
    /// # Errors
    /// [`EphemeralError`].
    async fn list(&self, group: &str) -> Result<Vec<(String, String)>, EphemeralError>;
}

fn check(texts: &[&str]) -> Result<(), EphemeralError> {
    if texts.iter().any(|text| text.len() > TEXT_BYTES_MAX) {
        return Err(EphemeralError::TooLarge);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::ManualClock;

    use super::*;
    use crate::testing::RedisServer;

    const LONG: Duration = Duration::from_secs(600);

    async fn values_are_kept_by_group(store: &dyn Ephemeral) {
        store.set_for("g1", "b", "busy", LONG).await.unwrap();
        store.set_for("g1", "a", "here", LONG).await.unwrap();
        store.set_for("g2", "c", "", LONG).await.unwrap();
        store.set_for("g1", "b", "away", LONG).await.unwrap();
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(
            store.list("g1").await.unwrap(),
            [pair("a", "here"), pair("b", "away")]
        );
        store.remove("g1", "a").await.unwrap();
        store.remove("g1", "nobody").await.unwrap();
        assert_eq!(store.list("g1").await.unwrap(), [pair("b", "away")]);
        assert_eq!(store.list("g2").await.unwrap(), [pair("c", "")]);
        assert_eq!(store.list("g3").await.unwrap(), []);
        let long = "x".repeat(TEXT_BYTES_MAX + 1);
        let refused = store.set_for("g1", &long, "", LONG).await;
        assert!(matches!(refused, Err(EphemeralError::TooLarge)));
    }

    #[tokio::test]
    async fn in_memory_a_value_ends_with_its_time() {
        let clock = ManualClock::default();
        let store = MemoryEphemeral::new(Arc::new(clock.clone()));
        values_are_kept_by_group(&store).await;
        store
            .set_for("g", "short", "", Duration::from_secs(10))
            .await
            .unwrap();
        clock.advance(chrono::Duration::seconds(10));
        assert_eq!(store.list("g").await.unwrap(), []);
    }

    #[tokio::test]
    async fn in_redis_a_value_ends_with_its_time() {
        let server = RedisServer::start();
        let store = RedisEphemeral::new(&server.service());
        values_are_kept_by_group(&store).await;
        store.set_for("g", "long", "", LONG).await.unwrap();
        store
            .set_for("g", "short", "", Duration::from_millis(1))
            .await
            .unwrap();
        while store.list("g").await.unwrap().len() > 1 {
            tokio::task::yield_now().await;
        }
        assert_eq!(
            store.list("g").await.unwrap(),
            [("long".to_owned(), String::new())]
        );
    }

    #[tokio::test]
    async fn without_redis_the_caller_is_told() {
        let mut server = RedisServer::start();
        let store = RedisEphemeral::new(&server.service());
        server.stop();
        assert!(matches!(
            store.list("g").await,
            Err(EphemeralError::Redis(_))
        ));
    }
}

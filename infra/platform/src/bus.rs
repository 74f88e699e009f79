//! Publish and subscribe between the processes of a deployment, at most once. What goes over the
//! bus is a hint: a subscriber that was told [`Delivery::Lagged`], and everybody after a reconnect
//! ([`Bus::reconnects`]), looks at the store for what it may have missed (DESIGN 5).

mod memory;
mod redis;
mod router;

use async_trait::async_trait;
use bytes::Bytes;
use thiserror::Error;
use tokio::sync::watch;

pub use memory::MemoryBus;
pub use redis::RedisBus;
pub use router::Subscription;

/// Payloads that wait for one subscriber; the next one makes it lag.
pub const SUBSCRIPTION_QUEUE_MAX: usize = 1024;
/// Subscriptions of one process.
pub const SUBSCRIPTIONS_MAX: usize = 1_000_000;
/// The longest topic, in bytes.
pub const TOPIC_BYTES_MAX: usize = 256;
/// The largest payload, in bytes.
pub const PAYLOAD_BYTES_MAX: usize = 1024 * 1024;

/// Why something was not published or subscribed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BusError {
    /// More waits to be published, or is subscribed, than the bus holds. Nothing was queued.
    #[error("the bus is full")]
    Full,
    /// The topic or payload exceeds its limit.
    #[error("a topic has at most {TOPIC_BYTES_MAX} bytes, a payload {PAYLOAD_BYTES_MAX}")]
    TooLarge,
}

/// What a subscriber gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// A payload, in the order in which one publisher sent it.
    Message(Bytes),
    /// The subscriber was too slow and payloads were dropped, older and newer ones: look at the
    /// store.
    Lagged,
}

/// Carries payloads between processes, or inside one.
#[async_trait]
pub trait Bus: Send + Sync + 'static {
    /// Hands `payload` to the subscribers of `topic` in all processes, this one included. Never
    /// waits for the network: `Ok` means accepted, not delivered.
    ///
    /// # Errors
    /// [`BusError`]; the caller may ignore it, because the store is the truth.
    async fn publish(&self, topic: &str, payload: Bytes) -> Result<(), BusError>;

    /// Everything published on `topic` from now on, until the subscription is dropped. While the
    /// far side is away this returns at once, and deliveries begin with the next reconnect.
    ///
    /// # Errors
    /// [`BusError`].
    async fn subscribe(&self, topic: &str) -> Result<Subscription, BusError>;

    /// Counts the times at which deliveries may have been missed since the connection was lost; a
    /// change means that all subscriptions are in force again and everybody should compare heads.
    fn reconnects(&self) -> watch::Receiver<u64>;

    /// Whether payloads of other processes arrive right now; for readiness checks.
    fn is_connected(&self) -> bool;
}

fn check(topic: &str, payload_bytes: usize) -> Result<(), BusError> {
    if topic.len() > TOPIC_BYTES_MAX || payload_bytes > PAYLOAD_BYTES_MAX {
        return Err(BusError::TooLarge);
    }
    Ok(())
}

#[cfg(test)]
mod tests;

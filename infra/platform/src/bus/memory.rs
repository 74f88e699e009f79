//! The bus of a single process.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::watch;

use super::router::{Router, Subscription};
use super::{Bus, BusError, check};

/// Delivers inside this process; never disconnected.
pub struct MemoryBus {
    router: Arc<Router>,
    reconnects: watch::Sender<u64>,
}

impl Default for MemoryBus {
    fn default() -> Self {
        Self {
            router: Router::new(Box::new(|_| {})),
            reconnects: watch::Sender::new(0),
        }
    }
}

#[async_trait]
impl Bus for MemoryBus {
    async fn publish(&self, topic: &str, payload: Bytes) -> Result<(), BusError> {
        check(topic, payload.len())?;
        self.router.deliver(topic, &payload);
        Ok(())
    }

    async fn subscribe(&self, topic: &str) -> Result<Subscription, BusError> {
        check(topic, 0)?;
        self.router.subscribe(topic)
    }

    fn reconnects(&self) -> watch::Receiver<u64> {
        self.reconnects.subscribe()
    }

    fn is_connected(&self) -> bool {
        true
    }
}

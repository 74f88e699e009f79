//! Who in this process listens to what. Both buses deliver through it; it never waits for a
//! subscriber.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use bytes::Bytes;
use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use super::{BusError, Delivery, SUBSCRIPTION_QUEUE_MAX, SUBSCRIPTIONS_MAX};

/// Called with a topic that has lost its last subscriber.
type OnEmpty = Box<dyn Fn(&str) + Send + Sync>;

/// The subscriptions of this process by topic.
pub(super) struct Router {
    topics: DashMap<String, Vec<Mailbox>>,
    next_id: AtomicU64,
    count: AtomicUsize,
    on_empty: OnEmpty,
}

/// The sending end of one subscription.
struct Mailbox {
    id: u64,
    sender: mpsc::Sender<Bytes>,
    lagged: Arc<AtomicBool>,
}

impl Router {
    pub(super) fn new(on_empty: OnEmpty) -> Arc<Self> {
        Arc::new(Self {
            topics: DashMap::new(),
            next_id: AtomicU64::new(0),
            count: AtomicUsize::new(0),
            on_empty,
        })
    }

    pub(super) fn subscribe(self: &Arc<Self>, topic: &str) -> Result<Subscription, BusError> {
        if self.count.fetch_add(1, Ordering::Relaxed) >= SUBSCRIPTIONS_MAX {
            self.count.fetch_sub(1, Ordering::Relaxed);
            return Err(BusError::Full);
        }
        let (sender, receiver) = mpsc::channel(SUBSCRIPTION_QUEUE_MAX);
        let lagged = Arc::new(AtomicBool::new(false));
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let mailbox = Mailbox {
            id,
            sender,
            lagged: Arc::clone(&lagged),
        };
        self.topics
            .entry(topic.to_owned())
            .or_default()
            .push(mailbox);
        let router = Arc::downgrade(self);
        Ok(Subscription {
            topic: topic.to_owned(),
            id,
            receiver,
            lagged,
            router,
        })
    }

    /// Gives `payload` to every subscriber of `topic`; one whose queue is full lags from here on.
    pub(super) fn deliver(&self, topic: &str, payload: &Bytes) {
        let Some(mailboxes) = self.topics.get(topic) else {
            return;
        };
        for mailbox in mailboxes.value() {
            if let Err(TrySendError::Full(_)) = mailbox.sender.try_send(payload.clone()) {
                mailbox.lagged.store(true, Ordering::Release);
                metrics::counter!("bus_lagged_total").increment(1);
            }
        }
    }

    pub(super) fn has(&self, topic: &str) -> bool {
        self.topics.contains_key(topic)
    }

    pub(super) fn topics(&self) -> Vec<String> {
        self.topics
            .iter()
            .map(|entry| entry.key().clone())
            .collect()
    }

    fn remove(&self, topic: &str, id: u64) {
        self.count.fetch_sub(1, Ordering::Relaxed);
        let Entry::Occupied(mut entry) = self.topics.entry(topic.to_owned()) else {
            return;
        };
        entry.get_mut().retain(|mailbox| mailbox.id != id);
        if entry.get().is_empty() {
            entry.remove();
            (self.on_empty)(topic);
        }
    }
}

/// One subscriber's stream of deliveries; ends the subscription when dropped.
pub struct Subscription {
    topic: String,
    id: u64,
    receiver: mpsc::Receiver<Bytes>,
    lagged: Arc<AtomicBool>,
    router: Weak<Router>,
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscription")
            .field("topic", &self.topic)
            .finish_non_exhaustive()
    }
}

impl Subscription {
    /// The next delivery; nothing once the bus itself is gone. Safe to cancel.
    pub async fn next(&mut self) -> Option<Delivery> {
        let payload = self.receiver.recv().await?;
        if self.lagged.swap(false, Ordering::AcqRel) {
            // What is queued is older than what was dropped; the store has all of it.
            while self.receiver.try_recv().is_ok() {}
            return Some(Delivery::Lagged);
        }
        Some(Delivery::Message(payload))
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(router) = self.router.upgrade() {
            router.remove(&self.topic, self.id);
        }
    }
}

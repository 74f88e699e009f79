//! The bus over Redis: one pub/sub connection that comes back with all its topics, and one
//! publisher that sends whatever has queued up as one batch. Nothing is tried twice.
//!
//! 1. A subscription registers with the router and leaves a *wish* for its topic.
//! 2. The listener compares wishes with the router and (un)subscribes; so it does not matter in
//!    which order subscriptions come and go.
//! 3. After a lost connection it subscribes to every topic of the router, then counts a reconnect.
//!
//! Subscribers of the publishing process hear at once, without the way to Redis and back, and also
//! while Redis is away: every payload on the wire begins with its process' mark, and a process
//! drops what comes back to it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt as _;
use kernel::{Backoff, Rng};
use parking_lot::Mutex;
use redis::aio::{PubSubSink, PubSubStream};
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::router::{Router, Subscription};
use super::{Bus, BusError, check};
use crate::redis_service::RedisService;

/// Payloads that wait for the publisher; more are refused.
pub(super) const PUBLISH_QUEUE_MAX: usize = 8192;
/// Payloads in one round trip.
pub(super) const PUBLISH_BATCH_MAX: usize = 256;
/// Topics in one SUBSCRIBE.
const SUBSCRIBE_BATCH: usize = 1000;
/// How often a quiet connection has to show that it is alive.
const PING_EVERY: Duration = Duration::from_secs(5);
/// Bytes of a process' mark: random, so that no two processes have the same.
const MARK_BYTES: usize = 16;
/// Between attempts to connect.
const RECONNECT: Backoff = Backoff {
    first: Duration::from_millis(50),
    cap: Duration::from_secs(2),
};

/// Topics to look at again, each with those who wait until that has been done.
#[derive(Default)]
struct Wishes {
    topics: Mutex<HashMap<String, Vec<oneshot::Sender<()>>>>,
    changed: Notify,
}

impl Wishes {
    fn add(&self, topic: &str, done: Option<oneshot::Sender<()>>) {
        self.topics
            .lock()
            .entry(topic.to_owned())
            .or_default()
            .extend(done);
        self.changed.notify_one();
    }

    fn take(&self) -> HashMap<String, Vec<oneshot::Sender<()>>> {
        std::mem::take(&mut self.topics.lock())
    }
}

/// Whose payload it is.
type Mark = [u8; MARK_BYTES];

/// Delivers between all processes that share a Redis.
pub struct RedisBus {
    router: Arc<Router>,
    wishes: Arc<Wishes>,
    publisher: mpsc::Sender<(String, Bytes)>,
    reconnects: watch::Receiver<u64>,
    connected: watch::Receiver<bool>,
    subscribe_wait: Duration,
    _stop: DropGuard,
}

impl RedisBus {
    /// Starts to connect, and keeps the connection until the bus is dropped. Must be called inside
    /// a tokio runtime.
    #[must_use]
    pub fn start(service: &RedisService, rng: Arc<dyn Rng>) -> Self {
        let wishes = Arc::new(Wishes::default());
        let on_empty = Arc::clone(&wishes);
        let router = Router::new(Box::new(move |topic| on_empty.add(topic, None)));
        let (reconnects_in, reconnects) = watch::channel(0);
        let (connected_in, connected) = watch::channel(false);
        let stop = CancellationToken::new();
        let mut mark = Mark::default();
        rng.fill(&mut mark);
        let listener = Listener {
            mark,
            service: service.clone(),
            router: Arc::clone(&router),
            wishes: Arc::clone(&wishes),
            reconnects: reconnects_in,
            connected: connected_in,
            connections: 0,
        };
        tokio::spawn(stop.clone().run_until_cancelled_owned(listener.run(rng)));
        let (publisher, queue) = mpsc::channel(PUBLISH_QUEUE_MAX);
        tokio::spawn(publish_all(service.clone(), mark, queue));
        let subscribe_wait = service.config().response_timeout();
        let _stop = stop.drop_guard();
        Self {
            router,
            wishes,
            publisher,
            reconnects,
            connected,
            subscribe_wait,
            _stop,
        }
    }

    /// Changes with the connection; for tests and status pages that want to wait for it.
    #[must_use]
    pub fn connected(&self) -> watch::Receiver<bool> {
        self.connected.clone()
    }
}

#[async_trait]
impl Bus for RedisBus {
    async fn publish(&self, topic: &str, payload: Bytes) -> Result<(), BusError> {
        check(topic, payload.len())?;
        self.router.deliver(topic, &payload);
        self.publisher
            .try_send((topic.to_owned(), payload))
            .map_err(|_| {
                metrics::counter!("bus_publish_dropped_total").increment(1);
                BusError::Full
            })
    }

    async fn subscribe(&self, topic: &str) -> Result<Subscription, BusError> {
        check(topic, 0)?;
        let subscription = self.router.subscribe(topic)?;
        let (done, wait) = oneshot::channel();
        self.wishes.add(topic, Some(done));
        if *self.connected.borrow() {
            // A listener that does not answer in this time gives the connection up, and the
            // reconnect that follows tells everybody to look at the store: nothing to report here.
            let _ = timeout(self.subscribe_wait, wait).await;
        }
        Ok(subscription)
    }

    fn reconnects(&self) -> watch::Receiver<u64> {
        self.reconnects.clone()
    }

    fn is_connected(&self) -> bool {
        *self.connected.borrow()
    }
}

/// The task behind the subscriptions.
struct Listener {
    mark: Mark,
    service: RedisService,
    router: Arc<Router>,
    wishes: Arc<Wishes>,
    reconnects: watch::Sender<u64>,
    connected: watch::Sender<bool>,
    connections: u64,
}

impl Listener {
    async fn run(mut self, rng: Arc<dyn Rng>) {
        let mut failures = 0u32;
        loop {
            let before = self.connections;
            let problem = self.listen().await;
            self.connected.send_replace(false);
            failures = if self.connections > before {
                1
            } else {
                failures.saturating_add(1)
            };
            let wait = RECONNECT.wait(failures, &*rng);
            if failures.is_power_of_two() {
                tracing::warn!(error = %problem, failures, "the bus has no connection to redis");
            }
            sleep(wait).await;
        }
    }

    /// One connection from beginning to end; returns why it ended.
    async fn listen(&mut self) -> String {
        let connecting = self.service.client().get_async_pubsub();
        let pubsub = match timeout(self.service.config().connect_timeout(), connecting).await {
            Ok(Ok(pubsub)) => pubsub,
            Ok(Err(error)) => return error.to_string(),
            Err(_) => return "connecting took too long".to_owned(),
        };
        let (sink, stream) = pubsub.split();
        let (router, service, mark) = (Arc::clone(&self.router), self.service.clone(), self.mark);
        tokio::select! {
            () = deliver_all(stream, &router, &service.config().key_prefix, &mark) => {
                "the connection was closed".to_owned()
            }
            problem = self.keep_subscribed(sink) => problem,
        }
    }

    async fn keep_subscribed(&mut self, mut sink: PubSubSink) -> String {
        // Those who wait now are served by the complete list.
        let waiting = self.wishes.take();
        let topics = self.router.topics();
        let mut subscribed = HashSet::new();
        if let Err(problem) = self.subscribe(&mut sink, &topics).await {
            return problem;
        }
        subscribed.extend(topics);
        self.connections += 1;
        if self.connections > 1 || !subscribed.is_empty() {
            self.reconnects.send_modify(|count| *count += 1);
        }
        self.connected.send_replace(true);
        drop(waiting);
        let mut ping = interval(PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let wishes = Arc::clone(&self.wishes);
        loop {
            let step = tokio::select! {
                () = wishes.changed.notified() => self.grant(&mut sink, &mut subscribed).await,
                _ = ping.tick() => self.within(sink.ping::<redis::Value>()).await.map(|_| ()),
            };
            if let Err(problem) = step {
                return problem;
            }
        }
    }

    /// Brings the connection in line with the router for every topic that somebody wished for.
    async fn grant(
        &self,
        sink: &mut PubSubSink,
        subscribed: &mut HashSet<String>,
    ) -> Result<(), String> {
        let wishes = self.wishes.take();
        let (mut come, mut go) = (Vec::new(), Vec::new());
        for topic in wishes.keys() {
            match (self.router.has(topic), subscribed.contains(topic)) {
                (true, false) => come.push(topic.clone()),
                (false, true) => go.push(topic.clone()),
                _ => {}
            }
        }
        self.subscribe(sink, &come).await?;
        for topics in go.chunks(SUBSCRIBE_BATCH) {
            self.within(sink.unsubscribe(self.channels(topics))).await?;
        }
        for topic in go {
            subscribed.remove(&topic);
        }
        subscribed.extend(come);
        for done in wishes.into_values().flatten() {
            // Whoever waited may have gone.
            let _ = done.send(());
        }
        Ok(())
    }

    async fn subscribe(&self, sink: &mut PubSubSink, topics: &[String]) -> Result<(), String> {
        for topics in topics.chunks(SUBSCRIBE_BATCH) {
            self.within(sink.subscribe(self.channels(topics))).await?;
        }
        Ok(())
    }

    fn channels(&self, topics: &[String]) -> Vec<String> {
        let prefix = &self.service.config().key_prefix;
        topics
            .iter()
            .map(|topic| format!("{prefix}{topic}"))
            .collect()
    }

    async fn within<T>(
        &self,
        work: impl Future<Output = redis::RedisResult<T>>,
    ) -> Result<T, String> {
        match timeout(self.service.config().response_timeout(), work).await {
            Ok(result) => result.map_err(|error| error.to_string()),
            Err(_) => Err("no answer in time".to_owned()),
        }
    }
}

/// Delivers what other processes publish; what has no mark is no payload of ours.
async fn deliver_all(mut stream: PubSubStream, router: &Router, prefix: &str, own: &Mark) {
    while let Some(message) = stream.next().await {
        let Some(topic) = message.get_channel_name().strip_prefix(prefix) else {
            continue;
        };
        match message
            .get_payload_bytes()
            .split_first_chunk::<MARK_BYTES>()
        {
            Some((mark, payload)) if mark != own => {
                router.deliver(topic, &Bytes::copy_from_slice(payload));
            }
            Some(_) => {}
            None => tracing::warn!(topic, "something on the bus is no payload"),
        }
    }
}

/// Publishes batch after batch; ends with the bus. A batch that fails is gone (at most once).
async fn publish_all(
    service: RedisService,
    mark: Mark,
    mut queue: mpsc::Receiver<(String, Bytes)>,
) {
    let mut connection = service.connection();
    let prefix = &service.config().key_prefix;
    let mut batch = Vec::with_capacity(PUBLISH_BATCH_MAX);
    let mut was_away = false;
    while queue.recv_many(&mut batch, PUBLISH_BATCH_MAX).await > 0 {
        let mut pipeline = redis::pipe();
        for (topic, payload) in &batch {
            pipeline
                .cmd("PUBLISH")
                .arg(format!("{prefix}{topic}"))
                .arg([&mark, &payload[..]].concat())
                .ignore();
        }
        let count = batch.len() as u64;
        batch.clear();
        let result = pipeline.query_async::<()>(&mut connection).await;
        match &result {
            Ok(()) => metrics::counter!("bus_published_total").increment(count),
            Err(error) => {
                metrics::counter!("bus_publish_dropped_total").increment(count);
                if !was_away {
                    tracing::warn!(%error, "events are not published while redis is away");
                }
            }
        }
        was_away = result.is_err();
    }
}

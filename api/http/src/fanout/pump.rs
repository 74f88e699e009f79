//! The task of one tenant's hub, from the bus to the sockets:
//!
//! 1. an event arrives; what belongs to a log waits for its turn (`tracks.rs`);
//! 2. who may hear it is asked at that moment;
//! 3. it is executed once for each distinct subscription among the hearers;
//! 4. the bytes go into the hearers' queues.
//!
//! Every 15 s, after a reconnect of the bus and after it dropped something, the heads are compared
//! with the store and what is missing is fetched.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use bytes::Bytes;
use futures::FutureExt as _;
use platform::bus::{Delivery, Subscription};
use tenancy_model::{ConversationId, EventBody, MemberId, TenantEvent};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};
use tokio_util::sync::CancellationToken;

use super::FanoutPorts;
use super::document::EventDocument;
use super::hub::Hub;
use crate::config::{FanoutLimits, ms};
use crate::graphql::run;
use crate::ports::Audience;
use crate::socket::queue::{Close, Frame};

/// Members whose heads are read by one query.
const MEMBERS_PER_READ: usize = 500;
/// Conversations whose heads are read by one query.
const HEADS_PER_READ: usize = 5_000;
/// Entries of a conversation that is new to us which are told again, because the event of the last
/// few may still be on its way: clients know what they have seen by its sequence.
const OVERLAP: i64 = 8;
/// The session of a socket ended.
const FORBIDDEN: u16 = 4403;

/// The task.
pub(crate) struct Pump {
    hub: Arc<Hub>,
    ports: FanoutPorts,
    limits: FanoutLimits,
}

impl Pump {
    pub(crate) fn new(hub: Arc<Hub>, ports: FanoutPorts, limits: FanoutLimits) -> Self {
        Self { hub, ports, limits }
    }

    /// Runs until `stop`.
    pub(crate) async fn run(self, mut subscription: Subscription, stop: CancellationToken) {
        let mut reconnects = self.ports.bus.reconnects();
        reconnects.borrow_and_update();
        let every = ms(self.limits.head_check_ms);
        let mut checks = interval_at(Instant::now() + every, every);
        checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let late = self.hub.with_tracks(|tracks| tracks.next_late());
            tokio::select! {
                () = stop.cancelled() => return,
                delivery = subscription.next() => match delivery {
                    Some(Delivery::Message(message)) => self.arrived(&message).await,
                    Some(Delivery::Lagged) => self.catch_up().await,
                    None => {
                        tracing::error!(tenant = %self.hub.tenant, "the bus is gone");
                        return;
                    }
                },
                Ok(()) = reconnects.changed() => self.catch_up().await,
                _ = checks.tick() => self.check_heads().await,
                () = sleep_until(late.unwrap_or_else(Instant::now)), if late.is_some() => {
                    self.fill_gaps().await;
                }
            }
        }
    }

    /// Step 1.
    async fn arrived(&self, message: &[u8]) {
        match serde_json::from_slice::<TenantEvent>(message) {
            Ok(event) if event.tenant == self.hub.tenant => {
                let now = Instant::now();
                let ready = self.hub.with_tracks(|tracks| tracks.arrived(event, now));
                self.deliver(ready).await;
            }
            Ok(_) => tracing::error!(tenant = %self.hub.tenant, "a foreign event was dropped"),
            Err(error) => tracing::error!(%error, "an event cannot be read"),
        }
    }

    /// Steps 2 to 4, one event after the other: what the first says of a membership counts for the
    /// second.
    async fn deliver(&self, events: Vec<TenantEvent>) {
        for event in &events {
            let Some(audience) = self.audience(event).await else {
                continue;
            };
            for (document, targets) in self.hub.targets(event, &audience) {
                let Some(payload) = self.execute(&document, event).await else {
                    continue;
                };
                metrics::counter!("fanout_frames_total")
                    .increment(u64::try_from(targets.len()).unwrap_or(u64::MAX));
                for (socket, id) in targets {
                    socket.queue.push(Frame::Next {
                        id,
                        payload: payload.clone(),
                    });
                }
            }
            self.aftermath(event, &audience).await;
        }
    }

    /// Who hears an event; nobody when that cannot be known.
    async fn audience(&self, event: &TenantEvent) -> Option<Audience> {
        match &event.body {
            EventBody::SessionEnded { session, .. } => Some(Audience::Session(*session)),
            EventBody::TenantClosed => Some(Audience::All),
            _ => match self.ports.recipients.hears(event).await {
                Ok(audience) => Some(audience),
                Err(error) => {
                    let tenant = self.hub.tenant;
                    tracing::warn!(%tenant, %error, "an event has no known audience");
                    None
                }
            },
        }
    }

    /// The result that all subscribers of `document` share.
    async fn execute(&self, document: &EventDocument, event: &TenantEvent) -> Option<Bytes> {
        metrics::counter!("fanout_executions_total").increment(1);
        let executed = AssertUnwindSafe(self.ports.events.execute(document, event)).catch_unwind();
        match executed.await {
            Ok(response) => response.map(|response| run::to_json(&response)),
            Err(_) => {
                tracing::error!(tenant = %self.hub.tenant, "executing an event panicked");
                None
            }
        }
    }

    /// What else an event means for the sockets.
    async fn aftermath(&self, event: &TenantEvent, audience: &Audience) {
        match &event.body {
            EventBody::SessionEnded { .. } => {
                self.hub
                    .close(audience, &Close::new(FORBIDDEN, "Session ended"));
            }
            EventBody::TenantClosed => {
                self.hub
                    .close(audience, &Close::new(FORBIDDEN, "Company closed"));
            }
            EventBody::Conversation { members, .. } => {
                // Who is in it may have changed: the digest must follow.
                let here = self.hub.members();
                let concerned: Vec<_> = if members.is_empty() {
                    match audience {
                        Audience::Members(hearers) => here
                            .into_iter()
                            .filter(|member| hearers.contains(member))
                            .collect(),
                        _ => here,
                    }
                } else {
                    here.into_iter()
                        .filter(|member| members.contains(member))
                        .collect()
                };
                self.refresh(&concerned).await;
            }
            _ => {}
        }
    }

    /// The bus may have lost something: reads anew who is in what, and how far everything is.
    async fn catch_up(&self) {
        self.ports.recipients.forget();
        self.refresh(&self.hub.members()).await;
    }

    async fn refresh(&self, members: &[MemberId]) {
        for part in members.chunks(MEMBERS_PER_READ) {
            match self.ports.log.heads_of_members(self.hub.tenant, part).await {
                Ok(heads) => self.hub.refresh(part, heads, OVERLAP),
                Err(error) => {
                    tracing::warn!(tenant = %self.hub.tenant, %error, "heads cannot be read");
                }
            }
        }
    }

    async fn check_heads(&self) {
        let tenant = self.hub.tenant;
        let connected = self.hub.connected();
        if !connected.is_empty() {
            self.ports.presence.connected(tenant, &connected).await;
        }
        let followed: Vec<ConversationId> = self.hub.with_tracks(|tracks| tracks.conversations());
        for part in followed.chunks(HEADS_PER_READ) {
            match self.ports.log.heads(tenant, part).await {
                Ok(heads) => self.hub.with_tracks(|tracks| {
                    let now = Instant::now();
                    for (conversation, seq) in heads {
                        tracks.store_head(conversation, seq, now);
                    }
                }),
                Err(error) => tracing::warn!(%tenant, %error, "heads cannot be compared"),
            }
        }
    }

    async fn fill_gaps(&self) {
        let tenant = self.hub.tenant;
        let gaps = self
            .hub
            .with_tracks(|tracks| tracks.overdue(Instant::now()));
        for (conversation, after) in gaps {
            metrics::counter!("fanout_gap_fetches_total").increment(1);
            let limit = self.limits.gap_entries_max;
            let found = self
                .ports
                .log
                .entries_after(tenant, conversation, after, limit)
                .await;
            let entries = found.unwrap_or_else(|error| {
                tracing::warn!(%tenant, %conversation, %error, "a gap cannot be filled now");
                Vec::new()
            });
            let now = Instant::now();
            let ready = self
                .hub
                .with_tracks(|tracks| tracks.fetched(conversation, entries, now));
            self.deliver(ready).await;
        }
    }
}

//! Group commit (DESIGN.md 4): concurrent sends of one tenant share a transaction. Nobody waits for
//! a batch to fill: the next batch is what arrived while the last one was being committed. A send
//! is answered after its commit, and its event is published after that, in the order of the log.

mod batch;
mod files;
mod statements;
mod transaction;

use std::{sync::Arc, time::Duration};

use dashmap::DashMap;
use tenancy_access::{DomainError, Services};
use tenancy_model::{EventBody, TenantId, limits::COMMIT_ROWS_MAX};
use tenancy_store::TenantStore;
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

pub(crate) use batch::{Outcome, Refusal};
pub(crate) use transaction::SendRow;

/// Sends of one tenant that wait; the next one is told `UNAVAILABLE`.
const QUEUE_ROWS_MAX: usize = 16 * COMMIT_ROWS_MAX;
/// Batches whose events wait to be published; then the committer waits, and with it the senders.
const PUBLISH_BATCHES_MAX: usize = 64;
/// A committer without work ends after this time.
const IDLE_MAX: Duration = Duration::from_secs(30);
/// Committers that a send may find just ended before it gives up.
const ENQUEUE_TRIES_MAX: usize = 3;

/// The sends of one process. Cheap to clone; there is one for all tenants.
#[derive(Clone)]
pub struct Chat {
    services: Services,
    committers: Arc<DashMap<TenantId, mpsc::Sender<Queued>>>,
    idle_max: Duration,
}

/// A send on its way, and where its answer goes.
pub(crate) struct Queued {
    row: SendRow,
    store: TenantStore,
    answer: oneshot::Sender<Outcome>,
}

/// Takes the sends of one tenant.
struct Committer {
    tenant: TenantId,
    queue: mpsc::Receiver<Queued>,
    events: mpsc::Sender<Vec<EventBody>>,
    chat: Chat,
}

impl Chat {
    /// No committer runs yet; each tenant gets one with its first send.
    #[must_use]
    pub fn new(services: Services) -> Self {
        Self::idle_for(services, IDLE_MAX)
    }

    /// The same, with committers that end after `idle_max` without work.
    #[must_use]
    pub fn idle_for(services: Services, idle_max: Duration) -> Self {
        Self {
            services,
            committers: Arc::default(),
            idle_max,
        }
    }

    /// How many tenants have a committer right now.
    #[must_use]
    pub fn committers(&self) -> usize {
        self.committers.len()
    }

    /// Queues a row and waits until it is durable or refused. A caller that goes away changes
    /// nothing: the row is committed all the same.
    ///
    /// # Errors
    /// `UNAVAILABLE` when too many wait.
    pub(crate) async fn commit(
        &self,
        store: &TenantStore,
        row: SendRow,
    ) -> Result<Outcome, DomainError> {
        let (answer, outcome) = oneshot::channel();
        self.enqueue(Queued {
            row,
            store: store.clone(),
            answer,
        })?;
        outcome.await.map_err(|_| DomainError::UNAVAILABLE)
    }

    fn enqueue(&self, mut queued: Queued) -> Result<(), DomainError> {
        let tenant = queued.store.id();
        for _ in 0..ENQUEUE_TRIES_MAX {
            let committer = self.committer(tenant);
            match committer.try_send(queued) {
                Ok(()) => return Ok(()),
                Err(mpsc::error::TrySendError::Full(_)) => {
                    metrics::counter!("commit_refused_total").increment(1);
                    return Err(DomainError::UNAVAILABLE);
                }
                Err(mpsc::error::TrySendError::Closed(back)) => queued = back,
            }
            // It ended just now, or panicked: make way for another.
            self.committers
                .remove_if(&tenant, |_, known| known.same_channel(&committer));
        }
        Err(DomainError::UNAVAILABLE)
    }

    fn committer(&self, tenant: TenantId) -> mpsc::Sender<Queued> {
        let start = || {
            let (sender, queue) = mpsc::channel(QUEUE_ROWS_MAX);
            let (events, batches) = mpsc::channel(PUBLISH_BATCHES_MAX);
            tokio::spawn(publish(self.services.clone(), tenant, batches));
            let committer = Committer {
                tenant,
                queue,
                events,
                chat: self.clone(),
            };
            tokio::spawn(committer.run());
            sender
        };
        self.committers.entry(tenant).or_insert_with(start).clone()
    }
}

impl Committer {
    async fn run(mut self) {
        let mut queued = Vec::with_capacity(COMMIT_ROWS_MAX);
        loop {
            let more = self.queue.recv_many(&mut queued, COMMIT_ROWS_MAX);
            match timeout(self.chat.idle_max, more).await {
                Ok(0) => return,
                Ok(_) => self.commit(&mut queued).await,
                Err(_) => {
                    // From now on senders find no committer, or this one closed. What slipped in
                    // before is still taken: the queue then ends with a zero.
                    self.chat.committers.remove(&self.tenant);
                    self.queue.close();
                }
            }
        }
    }

    /// Commits what is queued and answers it. Events go to the publisher, in order.
    async fn commit(&self, queued: &mut Vec<Queued>) {
        let Some(store) = queued.last().map(|last| last.store.clone()) else {
            return;
        };
        let mut rows = Vec::with_capacity(queued.len());
        let mut answers = Vec::with_capacity(queued.len());
        for send in queued.drain(..) {
            rows.push(send.row);
            answers.push(send.answer);
        }
        let services = &self.chat.services;
        let outcomes = batch::commit(&store, services, rows).await;
        let mut events = Vec::with_capacity(answers.len());
        for (outcome, answer) in outcomes.into_iter().zip(answers) {
            if let Outcome::Kept(entry) = &outcome {
                events.push(entry.event());
            }
            // Nobody listens where the client has gone; the row is kept all the same.
            let _ = answer.send(outcome);
        }
        if !events.is_empty() && self.events.send(events).await.is_err() {
            tracing::error!(tenant = %self.tenant, "the publisher of a committer has ended");
        }
    }
}

/// Publishes batch after batch, so that a slow bus delays no commit until many batches wait.
async fn publish(
    services: Services,
    tenant: TenantId,
    mut batches: mpsc::Receiver<Vec<EventBody>>,
) {
    while let Some(events) = batches.recv().await {
        for event in events {
            services.publish(tenant, event).await;
        }
    }
}

//! The loop that does the work: asks each shard's `due` and the control database once a second, or
//! at once when a transaction of this process left work, and visits what it claimed, a bounded
//! number at a time.

use std::{sync::Arc, time::Duration};

use kernel::{Clock, Instant, Rng};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{Job, JobHandlers, JobRequest, claim, ensure_control, visit::Visitor};
use crate::{StoreError, Stores, due, shard::Shard};

/// Between two looks when nothing woke the runner.
const POLL: Duration = Duration::from_secs(1);
/// Tenants visited at the same time.
const TENANTS_AT_ONCE: usize = 8;
/// Jobs of the control database run at the same time.
const CONTROL_AT_ONCE: usize = 4;
/// How long running jobs may go on when the process stops; what is left is taken over elsewhere.
const STOP_WITHIN: Duration = Duration::from_secs(20);
/// Key of the one row of a recurring job.
const RECURRING: &str = "recurring";

/// Finds and does the jobs of all tenants, and those of none.
#[derive(Clone)]
pub struct JobRunner {
    visitor: Arc<Visitor>,
}

/// A tenant, or a job that belongs to none, that this process has claimed.
enum Claimed {
    Tenant(Arc<Shard>, due::Claim),
    Control(Job),
}

impl JobRunner {
    /// A runner that can do what `handlers` says.
    #[must_use]
    pub fn new(
        stores: Stores,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        handlers: JobHandlers,
    ) -> Self {
        let visitor = Visitor {
            stores,
            clock,
            rng,
            handlers,
        };
        Self {
            visitor: Arc::new(visitor),
        }
    }

    /// Works until `stop` is cancelled, then lets what runs come to its end for at most 20 s.
    ///
    /// # Errors
    /// The recurring jobs could not be written; nothing runs.
    pub async fn run(&self, stop: CancellationToken) -> Result<(), StoreError> {
        self.ensure_recurring().await?;
        let hint = self.visitor.stores.control().hint.clone();
        let (mut tenants, mut control) = (JoinSet::new(), JoinSet::new());
        while !stop.is_cancelled() {
            while tenants.try_join_next().is_some() {}
            while control.try_join_next().is_some() {}
            let room = TENANTS_AT_ONCE - tenants.len();
            let claimed = self.claim_tenants(room).await;
            // There may be more than there was room for.
            let tenants_wait = claimed.len() >= room;
            self.start(claimed, &mut tenants, &stop);
            let room = CONTROL_AT_ONCE - control.len();
            let claimed = self.claim_control(room).await;
            let control_waits = claimed.len() >= room;
            self.start(claimed, &mut control, &stop);
            tokio::select! {
                () = stop.cancelled() => {}
                Some(_) = tenants.join_next(), if tenants_wait => {}
                Some(_) = control.join_next(), if control_waits => {}
                () = hint.notified() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
        let end = async {
            while tenants.join_next().await.is_some() {}
            while control.join_next().await.is_some() {}
        };
        if tokio::time::timeout(STOP_WITHIN, end).await.is_err() {
            tracing::warn!("jobs were still running and are left to another process");
        }
        Ok(())
    }

    /// Does everything that is due now, and what that makes due; answers how many tenants and
    /// control jobs that took. For tests and one-off commands.
    ///
    /// # Errors
    /// The recurring jobs could not be written.
    pub async fn run_due(&self) -> Result<usize, StoreError> {
        self.ensure_recurring().await?;
        let never = CancellationToken::new();
        let mut done = 0;
        loop {
            let mut claimed = self.claim_tenants(TENANTS_AT_ONCE).await;
            claimed.extend(self.claim_control(CONTROL_AT_ONCE).await);
            if claimed.is_empty() {
                return Ok(done);
            }
            done += claimed.len();
            let mut running = JoinSet::new();
            self.start(claimed, &mut running, &never);
            while running.join_next().await.is_some() {}
        }
    }

    fn start(&self, claimed: Vec<Claimed>, into: &mut JoinSet<()>, stop: &CancellationToken) {
        for one in claimed {
            let (visitor, stop) = (self.visitor.clone(), stop.clone());
            into.spawn(async move {
                match one {
                    Claimed::Tenant(shard, claim) => visitor.visit(&shard, &claim, &stop).await,
                    Claimed::Control(job) => visitor.run_control(job).await,
                }
            });
        }
    }

    async fn claim_tenants(&self, room: usize) -> Vec<Claimed> {
        let stores = &self.visitor.stores;
        let mut claimed = Vec::new();
        for shard in stores.shards() {
            let room = room.saturating_sub(claimed.len());
            if room == 0 {
                break;
            }
            let (now, lease) = self.visitor.lease();
            match due::claim(shard, stores.control(), now, lease, room).await {
                Ok(claims) => {
                    let claims = claims.into_iter();
                    claimed.extend(claims.map(|claim| Claimed::Tenant(shard.clone(), claim)));
                }
                Err(error) => {
                    tracing::warn!(%error, shard = shard.name, "work could not be looked for");
                }
            }
        }
        claimed
    }

    async fn claim_control(&self, room: usize) -> Vec<Claimed> {
        if room == 0 {
            return Vec::new();
        }
        let claim = async {
            let tx = self.visitor.stores.control().begin().await?;
            let (now, lease) = self.visitor.lease();
            let jobs = claim::claim(&tx, now, lease, room).await?;
            if !jobs.is_empty() {
                tx.commit().await?;
            }
            Ok::<_, StoreError>(jobs)
        };
        match claim.await {
            Ok(jobs) => jobs.into_iter().map(Claimed::Control).collect(),
            Err(error) => {
                tracing::warn!(%error, "work of the control database could not be looked for");
                Vec::new()
            }
        }
    }

    async fn ensure_recurring(&self) -> Result<(), StoreError> {
        let visitor = &self.visitor;
        if visitor.handlers.recurring.is_empty() {
            return Ok(());
        }
        let now: Instant = visitor.clock.now();
        let tx = visitor.stores.control().begin().await?;
        for kind in visitor.handlers.recurring.keys() {
            let job = JobRequest {
                id: visitor.job_id(),
                kind,
                key: Some(RECURRING.to_owned()),
                body: serde_json::Value::Null,
                due_at: now,
            };
            ensure_control(&tx, &job).await?;
        }
        tx.commit().await
    }
}

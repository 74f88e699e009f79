//! One visit to a tenant that is due: its jobs are claimed, run side by side and ended, round by
//! round; then its `due` rows go, but for the earliest job that is left.

use std::{sync::Arc, time::Duration};

use kernel::{Backoff, Clock, Instant, Rng};
use sea_orm::ConnectionTrait as _;
use tenancy_model::{JobId, TenantStatus};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};
use tracing::Instrument as _;

use super::{
    Job, JobError, JobHandlers,
    claim::{self, Fate},
    handlers::{JobFuture, Reader},
};
use crate::{
    ControlStore, StoreError, Stores, TenantStore, due,
    outbox::{self, READ_JOB},
    shard::Shard,
    statement::sql,
};

/// How long a claim holds without being renewed: so long the work of a process that died waits.
const LEASE: Duration = Duration::from_secs(60);
/// A running job's lease is renewed this often.
const RENEW: Duration = Duration::from_secs(20);
/// A handler that takes longer is given up.
const HANDLER_MAX: Duration = Duration::from_secs(600);
/// Jobs of one tenant that run side by side.
const JOBS_AT_ONCE: usize = 4;
/// Rounds of one visit; a tenant with more work takes its turn again.
const ROUNDS_MAX: usize = 16;
/// Batches of one reader in one run.
const BATCHES_MAX: usize = 16;
/// Tries before a job is dead: with the waits below about a day.
const ATTEMPTS_MAX: i32 = 24;
const WAITS: Backoff = Backoff {
    first: Duration::from_secs(2),
    cap: Duration::from_secs(7_200),
};
/// A reader waits at most this long, and never gives up.
const READER_WAIT_MAX: Duration = Duration::from_secs(600);
/// A job that this process has no handler for waits for one that has (a newer one).
const UNKNOWN_WAITS: Duration = Duration::from_secs(60);
/// The work of a tenant that is being made.
const PROVISIONING_WAITS: Duration = Duration::from_secs(2);
/// The work of a tenant that is suspended or closing; resuming it does not wait for this.
const CLOSED_WAITS: Duration = Duration::from_secs(600);

/// What every visit needs.
pub(super) struct Visitor {
    pub(super) stores: Stores,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) rng: Arc<dyn Rng>,
    pub(super) handlers: JobHandlers,
}

/// Whose job it is.
enum Owner {
    Tenant(TenantStore),
    Control(ControlStore),
}

/// What becomes of a job that was tried.
struct Plan {
    /// Tries before it is dead; `i32::MAX`: it never is.
    attempts_max: i32,
    waits: Backoff,
    /// When it was done, it is done again after so long.
    every: Option<Duration>,
}

impl Visitor {
    /// Now, and the end of a lease that begins now.
    pub(super) fn lease(&self) -> (Instant, Instant) {
        let now = self.clock.now();
        (now, now + LEASE)
    }

    pub(super) fn job_id(&self) -> JobId {
        JobId::new(&*self.clock, &*self.rng)
    }

    /// Does what is due in one tenant. What could not be done is found again when the claim ends.
    pub(super) async fn visit(&self, shard: &Shard, claim: &due::Claim, stop: &CancellationToken) {
        let visited = match self.stores.tenant(claim.tenant).await {
            Ok(store) => self.visit_open(shard, claim, &store, stop).await,
            Err(StoreError::TenantUnknown(_) | StoreError::TenantClosed(_)) => {
                self.leave(shard, claim).await
            }
            Err(error) => Err(error),
        };
        if let Err(error) = visited {
            tracing::warn!(%error, tenant = %claim.tenant, "a tenant's work was put off");
        }
    }

    async fn visit_open(
        &self,
        shard: &Shard,
        claim: &due::Claim,
        store: &TenantStore,
        stop: &CancellationToken,
    ) -> Result<(), StoreError> {
        for _ in 0..ROUNDS_MAX {
            let jobs = self.claim_jobs(store).await?;
            if jobs.is_empty() {
                break;
            }
            let runs = jobs.into_iter().map(|job| self.run_tenant(store, job));
            futures::future::join_all(runs).await;
            if stop.is_cancelled() {
                break;
            }
        }
        let tx = store.read().await?;
        let next = claim::next_at(&tx, self.clock.now()).await?;
        drop(tx);
        due::settle(shard, self.stores.control(), claim, next).await
    }

    /// A tenant that is not open keeps its work; one that is gone has none.
    async fn leave(&self, shard: &Shard, claim: &due::Claim) -> Result<(), StoreError> {
        let control = self.stores.control();
        let wait = match self.stores.tenant_row(claim.tenant).await {
            Ok(row) => match row.status {
                TenantStatus::Erased => None,
                TenantStatus::Active | TenantStatus::Provisioning => Some(PROVISIONING_WAITS),
                TenantStatus::Suspended | TenantStatus::Closing => Some(CLOSED_WAITS),
            },
            Err(StoreError::TenantUnknown(_)) => None,
            Err(error) => return Err(error),
        };
        match wait {
            Some(wait) => due::postpone(shard, control, claim, self.clock.now() + wait).await,
            None => due::settle(shard, control, claim, None).await,
        }
    }

    /// A writing transaction: on SQLite it waits for one that has written its `due` row and is
    /// about to commit, so that its work is not missed.
    async fn claim_jobs(&self, store: &TenantStore) -> Result<Vec<Job>, StoreError> {
        let tx = store.begin().await?;
        let (now, lease) = self.lease();
        for reader in self.handlers.readers.keys() {
            let ensure = sql(
                &tx,
                format!(
                    "INSERT INTO job (id, kind, key, body, due_at, attempts, created_at) \
                     SELECT i.id, '{READ_JOB}', i.reader, '{{}}', i.now, 0, i.now \
                     FROM ({}) i WHERE EXISTS (SELECT 1 FROM outbox WHERE reader = i.reader) \
                     ON CONFLICT (kind, key) DO NOTHING",
                    match tx.get_database_backend() {
                        sea_orm::DbBackend::Sqlite => "SELECT $1 AS id, $2 AS reader, $3 AS now",
                        _ => "SELECT $1::uuid AS id, $2::text AS reader, $3::timestamptz AS now",
                    }
                ),
                [self.job_id().into(), (*reader).into(), now.into()],
            );
            tx.execute_raw(ensure).await?;
        }
        let jobs = claim::claim(&tx, now, lease, JOBS_AT_ONCE).await?;
        tx.commit().await?;
        Ok(jobs)
    }

    async fn run_tenant(&self, store: &TenantStore, job: Job) {
        let owner = Owner::Tenant(store.clone());
        let reader = job.key.as_deref().filter(|_| job.kind == READ_JOB);
        if let Some(reader) = reader.and_then(|key| self.handlers.readers.get(key)) {
            let work = Box::pin(read(store.clone(), job.clone(), reader.clone()));
            let plan = Plan::forever(READER_WAIT_MAX, None);
            return self.run(&owner, job, Some(work), &plan).await;
        }
        let handler = self.handlers.tenant.get(job.kind.as_str());
        let work = handler.map(|handler| handler(store.clone(), job.clone()));
        self.run(&owner, job, work, &Plan::default()).await;
    }

    /// Runs a job that belongs to no tenant.
    pub(super) async fn run_control(&self, job: Job) {
        let control = self.stores.control();
        let handler = self.handlers.control.get(job.kind.as_str());
        let work = handler.map(|handler| handler(control.clone(), job.clone()));
        let every = self.handlers.recurring.get(job.kind.as_str()).copied();
        let forever = |every: Duration| Plan::forever(every.min(WAITS.cap), Some(every));
        let plan = every.map_or_else(Plan::default, forever);
        let owner = Owner::Control(control.clone());
        self.run(&owner, job, work, &plan).await;
    }

    async fn run(&self, owner: &Owner, mut job: Job, work: Option<JobFuture>, plan: &Plan) {
        let fate = match work {
            None => {
                tracing::warn!(kind = job.kind, "a job waits for a process that knows it");
                Fate::Postponed(self.clock.now() + UNKNOWN_WAITS)
            }
            Some(work) => {
                let outcome = self.attempt(owner, &mut job, work).await;
                self.judge(owner, &job, outcome, plan)
            }
        };
        if let Err(error) = owner.end(&job, &fate, || self.job_id()).await {
            // The lease ends, and the job is run again.
            tracing::warn!(%error, kind = job.kind, "the end of a job could not be written");
        }
    }

    /// One try, with its lease kept alive.
    async fn attempt(&self, owner: &Owner, job: &mut Job, work: JobFuture) -> Result<(), JobError> {
        let span = tracing::info_span!("job", kind = job.kind, id = %job.id, owner = owner.name());
        let mut task = AbortOnDropHandle::new(tokio::spawn(work.instrument(span)));
        let give_up = tokio::time::sleep(HANDLER_MAX);
        tokio::pin!(give_up);
        let mut renew = tokio::time::interval(RENEW);
        renew.reset();
        loop {
            tokio::select! {
                ended = &mut task => {
                    return ended.unwrap_or_else(|_| Err(JobError::Retry("it panicked".to_owned())));
                }
                () = &mut give_up => return Err(JobError::Retry("it took too long".to_owned())),
                _ = renew.tick() => {
                    let (_, lease) = self.lease();
                    match owner.renew(job, lease).await {
                        Ok(true) => job.lease = lease,
                        // It was replaced meanwhile, perhaps by itself: let it come to its end.
                        Ok(false) => {}
                        Err(error) => tracing::warn!(%error, "a lease could not be renewed"),
                    }
                }
            }
        }
    }

    fn judge(&self, owner: &Owner, job: &Job, outcome: Result<(), JobError>, plan: &Plan) -> Fate {
        let now = self.clock.now();
        let count = |outcome| {
            let kind = job.kind.clone();
            metrics::counter!("jobs_total", "kind" => kind, "outcome" => outcome).increment(1);
        };
        let Err(error) = outcome else {
            count("done");
            let again = |every| Fate::Again(now + every);
            return plan.every.map_or(Fate::Done, again);
        };
        let for_good = matches!(error, JobError::Dead(_)) || job.attempt >= plan.attempts_max;
        let (kind, owner, attempt) = (&job.kind, owner.name(), job.attempt);
        if for_good && plan.attempts_max != i32::MAX {
            count("dead");
            tracing::error!(%error, kind, owner, attempt, "a job is dead");
            return Fate::Dead(now, error.to_string());
        }
        count("failed");
        tracing::warn!(%error, kind, owner, attempt, "a job failed");
        let failures = u32::try_from(job.attempt).unwrap_or(1);
        let wait = plan.waits.wait(failures, &*self.rng);
        Fate::Retry(now + wait, error.to_string())
    }
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            attempts_max: ATTEMPTS_MAX,
            waits: WAITS,
            every: None,
        }
    }
}

impl Plan {
    fn forever(wait_max: Duration, every: Option<Duration>) -> Self {
        let cap = wait_max;
        Self {
            attempts_max: i32::MAX,
            waits: Backoff { cap, ..WAITS },
            every,
        }
    }
}

impl Owner {
    fn name(&self) -> String {
        match self {
            Self::Tenant(store) => store.id().to_string(),
            Self::Control(_) => "control".to_owned(),
        }
    }

    async fn renew(&self, job: &Job, lease: Instant) -> Result<bool, StoreError> {
        match self {
            Self::Tenant(store) => {
                let tx = store.begin().await?;
                let held = claim::renew(&tx, job, lease).await?;
                tx.commit().await.map(|()| held)
            }
            Self::Control(store) => {
                let tx = store.begin().await?;
                let held = claim::renew(&tx, job, lease).await?;
                tx.commit().await.map(|()| held)
            }
        }
    }

    async fn end(
        &self,
        job: &Job,
        fate: &Fate,
        new_id: impl FnOnce() -> JobId,
    ) -> Result<(), StoreError> {
        match self {
            Self::Tenant(store) => {
                let tx = store.begin().await?;
                claim::end(&tx, job, fate).await?;
                if let Some(at) = fate.due_at() {
                    tx.mark_due(at).await?;
                }
                if let (READ_JOB, Some(reader), Fate::Done) = (&*job.kind, &job.key, fate) {
                    outbox::read_on(&tx, reader, new_id(), job.due_at).await?;
                }
                tx.commit().await
            }
            Self::Control(store) => {
                let tx = store.begin().await?;
                claim::end(&tx, job, fate).await?;
                tx.commit().await
            }
        }
    }
}

/// Gives a reader what waits for it, batch by batch.
async fn read(store: TenantStore, job: Job, reader: Reader) -> Result<(), JobError> {
    let name = job.key.unwrap_or_default();
    for _ in 0..BATCHES_MAX {
        let tx = store.read().await?;
        let rows = outbox::take(&tx, &name).await?;
        drop(tx);
        if rows.is_empty() {
            break;
        }
        reader(store.clone(), rows.clone()).await?;
        let tx = store.begin().await?;
        outbox::acknowledge(&tx, &rows).await?;
        tx.commit().await?;
    }
    Ok(())
}

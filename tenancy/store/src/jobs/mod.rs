//! Work that survives a restart. A job is a row in the tenant's own tables (or in the control
//! database, for what belongs to no tenant), written in the transaction that makes it necessary;
//! the runner finds it through `due` and runs it at least once.
//!
//! A kind and key name at most one waiting job: enqueueing it again replaces it. A recurring job
//! enqueues itself under its key before it returns, and so survives every restart.

mod claim;
mod handlers;
mod runner;
#[cfg(test)]
mod tests;
mod visit;

use chrono::DateTime;
use kernel::Instant;
use sea_orm::ConnectionTrait;
use tenancy_model::JobId;

use crate::{ControlTx, StoreError, TenantTx, body, statement::sql};

pub use claim::Job;
pub use handlers::{JobError, JobFuture, JobHandlers};
pub use runner::JobRunner;

/// Work to be done.
#[derive(Debug, Clone, PartialEq)]
pub struct JobRequest {
    /// Its id.
    pub id: JobId,
    /// Which handler does it.
    pub kind: &'static str,
    /// With a key there is at most one waiting job of the kind with it.
    pub key: Option<String>,
    /// What the handler needs; at most [`crate::BODY_BYTES_MAX`] as JSON.
    pub body: serde_json::Value,
    /// When it is to run.
    pub due_at: Instant,
}

/// Enqueues a job of the tenant, and marks the tenant due. A job with the same kind and key is
/// replaced; one that is running meanwhile ends on its own and does not take the new one with it.
///
/// # Errors
/// [`StoreError::TooLarge`]; the database refused.
pub async fn enqueue(tx: &TenantTx, job: &JobRequest) -> Result<(), StoreError> {
    insert(tx, job, REPLACE).await?;
    tx.mark_due(job.due_at).await
}

/// Enqueues a job that belongs to no tenant.
///
/// # Errors
/// [`StoreError::TooLarge`]; the database refused.
pub async fn enqueue_control(tx: &ControlTx, job: &JobRequest) -> Result<(), StoreError> {
    insert(tx, job, REPLACE).await?;
    tx.mark_work();
    Ok(())
}

/// Enqueues a job of the tenant unless one with its kind and key is waiting or running: the first
/// start of a recurring job. A dead one comes back to life.
///
/// # Errors
/// [`StoreError::TooLarge`]; the database refused.
pub async fn ensure(tx: &TenantTx, job: &JobRequest) -> Result<(), StoreError> {
    insert(tx, job, &format!("{REPLACE} WHERE job.dead_at IS NOT NULL")).await?;
    tx.mark_due(job.due_at).await
}

/// [`ensure`] for a job that belongs to no tenant.
///
/// # Errors
/// [`StoreError::TooLarge`]; the database refused.
pub async fn ensure_control(tx: &ControlTx, job: &JobRequest) -> Result<(), StoreError> {
    insert(tx, job, &format!("{REPLACE} WHERE job.dead_at IS NOT NULL")).await?;
    tx.mark_work();
    Ok(())
}

/// Lets the waiting jobs of a kind whose key begins with `key_start` run now, however far off they
/// were, and marks the tenant due. How many there were.
///
/// # Errors
/// The database refused.
pub async fn hasten(
    tx: &TenantTx,
    kind: &str,
    key_start: &str,
    now: Instant,
) -> Result<u64, StoreError> {
    let text = "UPDATE job SET due_at = $1 WHERE kind = $2 \
                AND substr(key, 1, length($3)) = $3 AND dead_at IS NULL AND due_at > $1";
    let hasten = sql(tx, text, [now.into(), kind.into(), key_start.into()]);
    let jobs = tx.execute_raw(hasten).await?.rows_affected();
    if jobs > 0 {
        tx.mark_due(now).await?;
    }
    Ok(jobs)
}

/// The new job takes the row of the old one with a new id, so that a run of the old one, when it
/// ends, finds nothing to remove.
const REPLACE: &str = "ON CONFLICT (kind, key) DO UPDATE SET id = excluded.id, \
    body = excluded.body, due_at = excluded.due_at, leased_until = NULL, dead_at = NULL, \
    attempts = 0, error = NULL, created_at = excluded.created_at";

async fn insert(
    tx: &impl ConnectionTrait,
    job: &JobRequest,
    on_conflict: &str,
) -> Result<(), StoreError> {
    let insert = sql(
        tx,
        format!(
            "INSERT INTO job (id, kind, key, body, due_at, attempts, created_at) \
             VALUES ($1, $2, $3, $4, $5, 0, $6) {on_conflict}"
        ),
        [
            job.id.into(),
            job.kind.into(),
            job.key.clone().into(),
            body::write(&format!("job {}", job.kind), &job.body)?.into(),
            job.due_at.into(),
            made_at(job).into(),
        ],
    );
    tx.execute_raw(insert).await?;
    Ok(())
}

/// When the job was made: its id says so.
fn made_at(job: &JobRequest) -> Instant {
    job.id
        .uuid()
        .get_timestamp()
        .and_then(|at| {
            let (seconds, nanos) = at.to_unix();
            DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
        })
        .unwrap_or(job.due_at)
}

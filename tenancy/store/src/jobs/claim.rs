//! The life of a job's row: claimed with a lease, then removed, tried again later, or dead. The
//! same statements serve a tenant's table and the control database's.
//!
//! The end of the lease is also the proof of holding it: a run whose lease was taken over, or whose
//! row was replaced meanwhile, changes nothing when it ends.

use kernel::Instant;
use sea_orm::{ConnectionTrait, prelude::DateTimeUtc};
use tenancy_model::JobId;

use crate::{
    StoreError,
    statement::{skip_locked, sql},
};

/// Characters of an error that are kept with its job.
const ERROR_CHARS_MAX: usize = 500;

/// A job to be run now.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Which handler does it.
    pub kind: String,
    /// Its key, if it has one.
    pub key: Option<String>,
    /// What the handler needs.
    pub body: serde_json::Value,
    /// When it was to run.
    pub due_at: Instant,
    /// Which try this is, from 1.
    pub attempt: i32,
    pub(crate) lease: Instant,
}

/// Leases at most `limit` jobs that are due, the longest due first. A try is counted when it
/// begins, so that a job that takes its process down with it does not do so for ever.
pub(super) async fn claim(
    tx: &impl ConnectionTrait,
    now: Instant,
    lease: Instant,
    limit: usize,
) -> Result<Vec<Job>, StoreError> {
    let text = format!(
        "UPDATE job SET leased_until = $2, attempts = attempts + 1 WHERE id IN ( \
             SELECT id FROM job WHERE dead_at IS NULL AND due_at <= $1 \
             AND (leased_until IS NULL OR leased_until <= $1) \
             ORDER BY due_at, id LIMIT $3 {}) \
         RETURNING id, kind, key, body, due_at, attempts",
        skip_locked(tx)
    );
    let limit = i64::try_from(limit).unwrap_or(1);
    let claim = sql(tx, text, [now.into(), lease.into(), limit.into()]);
    let mut jobs = Vec::with_capacity(1);
    for row in tx.query_all_raw(claim).await? {
        jobs.push(Job {
            id: row.try_get("", "id")?,
            kind: row.try_get("", "kind")?,
            key: row.try_get("", "key")?,
            body: row.try_get("", "body")?,
            due_at: row.try_get::<DateTimeUtc>("", "due_at")?,
            attempt: row.try_get("", "attempts")?,
            lease,
        });
    }
    jobs.sort_by_key(|job| (job.due_at, job.id));
    Ok(jobs)
}

/// What becomes of a job's row after a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// Done: removed.
    Done,
    /// Done, and to be done again.
    Again(Instant),
    /// It failed; tried again then.
    Retry(Instant, String),
    /// Not to be run here and now; the try does not count.
    Postponed(Instant),
    /// It failed for the last time; kept with its error for somebody to look at.
    Dead(Instant, String),
}

impl Fate {
    /// When the row is to be looked at again.
    pub(super) fn due_at(&self) -> Option<Instant> {
        match self {
            Self::Again(at) | Self::Retry(at, _) | Self::Postponed(at) => Some(*at),
            Self::Done | Self::Dead(..) => None,
        }
    }
}

/// Writes what became of a job, unless its lease was lost.
pub(super) async fn end(
    tx: &impl ConnectionTrait,
    job: &Job,
    fate: &Fate,
) -> Result<(), StoreError> {
    const HELD: &str = "WHERE id = $1 AND leased_until = $2";
    let mut values = vec![job.id.into(), job.lease.into()];
    let text = match fate {
        Fate::Done => format!("DELETE FROM job {HELD}"),
        Fate::Again(at) => {
            values.push((*at).into());
            format!(
                "UPDATE job SET due_at = $3, leased_until = NULL, attempts = 0, error = NULL {HELD}"
            )
        }
        Fate::Retry(at, error) => {
            values.extend([(*at).into(), bounded(error).into()]);
            format!("UPDATE job SET due_at = $3, leased_until = NULL, error = $4 {HELD}")
        }
        Fate::Postponed(at) => {
            values.push((*at).into());
            format!(
                "UPDATE job SET due_at = $3, leased_until = NULL, attempts = attempts - 1 {HELD}"
            )
        }
        Fate::Dead(at, error) => {
            values.extend([(*at).into(), bounded(error).into()]);
            format!("UPDATE job SET dead_at = $3, leased_until = NULL, error = $4 {HELD}")
        }
    };
    tx.execute_raw(sql(tx, text, values)).await?;
    Ok(())
}

/// Prolongs a lease; false when it was lost.
pub(super) async fn renew(
    tx: &impl ConnectionTrait,
    job: &Job,
    lease: Instant,
) -> Result<bool, StoreError> {
    let text = "UPDATE job SET leased_until = $3 WHERE id = $1 AND leased_until = $2";
    let renew = sql(tx, text, [job.id.into(), job.lease.into(), lease.into()]);
    Ok(tx.execute_raw(renew).await?.rows_affected() == 1)
}

/// When the earliest job that is left is to be looked at: when it is due, or when the lease of
/// whoever runs it ends.
pub(super) async fn next_at(
    tx: &impl ConnectionTrait,
    now: Instant,
) -> Result<Option<Instant>, StoreError> {
    let text = "SELECT min(at) AS at FROM ( \
             SELECT at FROM (SELECT due_at AS at FROM job WHERE dead_at IS NULL \
                 AND leased_until IS NULL ORDER BY due_at LIMIT 1) waiting \
             UNION ALL SELECT min(leased_until) AS at FROM job WHERE dead_at IS NULL \
                 AND leased_until IS NOT NULL AND due_at <= $1) both_of_them";
    let row = tx.query_one_raw(sql(tx, text, [now.into()])).await?;
    let at = row.map(|row| row.try_get::<Option<DateTimeUtc>>("", "at"));
    Ok(at.transpose()?.flatten())
}

fn bounded(error: &str) -> String {
    error.chars().take(ERROR_CHARS_MAX).collect()
}

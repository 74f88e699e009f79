//! One batch of sends: tries its transaction again when the database was in the way, and without
//! the row that the database refuses, so that a row which fails fails alone.

use std::{ops::Range, sync::Arc, time::Duration};

use kernel::Backoff;
use tenancy_access::{DomainError, Services};
use tenancy_model::TenantId;
use tenancy_store::{StoreError, TenantStore};
use tokio::time::{sleep, timeout};

use super::transaction::{self, SendRow};
use crate::{entry::Entry, sync::CHANGE_TIME_MAX};

/// Tries of one transaction while the database is away or somebody else was in the way.
const TRIES_MAX: u32 = 3;
const BACKOFF: Backoff = Backoff {
    first: Duration::from_millis(20),
    cap: Duration::from_millis(200),
};

/// What became of one send.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// Durable.
    Kept(Entry),
    /// This nonce had been sent before: the entry it became.
    Duplicate(Entry),
    /// Refused by a rule.
    Refused(Refusal),
    /// Not kept (or, when a commit was cut off, perhaps kept: a retry finds it by its nonce).
    Failed(Failure),
}

/// Why a rule refused a send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The author is no active member any more.
    Inactive,
    /// No such conversation, or the author is not in it; no such file of the author's.
    NotFound,
    /// A file is still being checked.
    FileNotReady,
    /// A file is part of a message already.
    FileAttached,
    /// The nonce was used for another conversation, text or files.
    NonceReused,
    /// Nobody can write here any more.
    Closed,
}

/// Why a batch failed; cheap to clone, one for each of its rows.
#[derive(Debug, Clone)]
pub(crate) enum Failure {
    Unavailable,
    TenantClosed(TenantId),
    Store(Arc<StoreError>),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::TenantClosed(tenant) => Self::TenantClosed(tenant),
            error if error.is_transient() => Self::Unavailable,
            error => Self::Store(Arc::new(error)),
        }
    }
}

impl From<Failure> for DomainError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unavailable => Self::UNAVAILABLE,
            Failure::TenantClosed(tenant) => StoreError::TenantClosed(tenant).into(),
            Failure::Store(error) => Self::internal("commit", error),
        }
    }
}

/// Commits `rows` in as few transactions as possible: one, unless the database refuses a row. One
/// outcome a row, in order.
///
/// 1. Try all of them.
/// 2. Where the database refuses for a reason of a row, try each half, down to the row itself.
///    Halves go in order, so that one author's messages stay in order.
/// 3. Any other failure is everybody's who has no outcome yet: the database is away.
pub(crate) async fn commit(
    store: &TenantStore,
    services: &Services,
    rows: Vec<SendRow>,
) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(rows.len());
    let all = 0..rows.len();
    let mut waiting: Vec<Range<usize>> = vec![all];
    while let Some(range) = waiting.pop() {
        let part = &rows[range.clone()];
        match attempt(store, services, part).await {
            Ok(kept) => outcomes.extend(kept),
            Err(error) if error.is_row_refused() && range.len() > 1 => {
                tracing::warn!(%error, rows = range.len(), "a batch goes again in halves");
                let middle = range.start + range.len() / 2;
                waiting.push(middle..range.end);
                waiting.push(range.start..middle);
            }
            Err(error) if error.is_row_refused() => {
                tracing::error!(%error, tenant = %store.id(), "a message was refused");
                outcomes.push(Outcome::Failed(error.into()));
            }
            Err(error) => {
                tracing::warn!(%error, tenant = %store.id(), "a commit failed");
                let failure = Failure::from(error);
                outcomes.resize(rows.len(), Outcome::Failed(failure));
                break;
            }
        }
    }
    outcomes
}

/// One transaction, again when a moment later may help.
async fn attempt(
    store: &TenantStore,
    services: &Services,
    rows: &[SendRow],
) -> Result<Vec<Outcome>, StoreError> {
    metrics::histogram!("commit_rows").record(rows.len() as f64);
    let mut tries = 0;
    let mut met_a_key = false;
    loop {
        tries += 1;
        let began = tokio::time::Instant::now();
        let result = once(store, services, rows).await;
        metrics::histogram!("commit_seconds").record(began.elapsed().as_secs_f64());
        match result {
            Err(error) if error.is_transient() && tries < TRIES_MAX => {
                metrics::counter!("commit_retries_total").increment(1);
                tracing::warn!(%error, tries, "a commit is tried again");
                sleep(BACKOFF.wait(tries, &*services.rng)).await;
            }
            // Another process has just committed one of these nonces: now the transaction finds it
            // and answers its first entry, or that it was reused.
            Err(error) if error.is_unique_violation() && !met_a_key => {
                met_a_key = true;
                metrics::counter!("commit_retries_total").increment(1);
            }
            result => return result,
        }
    }
}

async fn once(
    store: &TenantStore,
    services: &Services,
    rows: &[SendRow],
) -> Result<Vec<Outcome>, StoreError> {
    let run = transaction::run(store, &*services.clock, rows);
    match timeout(CHANGE_TIME_MAX, run).await {
        Ok(result) => result,
        // Rolled back when it was dropped, unless the commit itself was under way.
        Err(_) => Err(StoreError::Database(sea_orm::DbErr::ConnectionAcquire(
            sea_orm::ConnAcquireErr::Timeout,
        ))),
    }
}

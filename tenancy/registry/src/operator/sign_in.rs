//! Sign-in by e-mail and password. Five wrong passwords in a row close the account for a quarter of
//! an hour; the rate limit of the edge bounds a source that tries many accounts.

use chrono::Duration;
use kernel::{Instant, Secret};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QuerySelect as _,
};
use tenancy_access::{DomainError, Origin, contact};
use tenancy_model::{ErrorCode, Problem};

use super::{SignedIn, session::open};
use crate::{Registry, entity::platform_account as account};

/// Wrong passwords in a row that lock an account.
const FAILURES_MAX: i32 = 5;
/// Minutes for which it is locked.
const LOCK_MINUTES: i64 = 15;

/// Opens a session.
///
/// # Errors
/// `CREDENTIALS_WRONG` for a wrong password and an unknown account alike, in the same time;
/// `ACCOUNT_LOCKED` with the time to wait; `RATE_LIMITED` while too many passwords are hashed.
pub async fn operator_sign_in(
    registry: &Registry,
    origin: &Origin,
    email: &str,
    password: &Secret,
) -> Result<SignedIn, DomainError> {
    let control = registry.services.stores.control();
    let now = registry.now();
    let tx = control.read().await?;
    // What is no address belongs to nobody, and takes as long.
    let folded = contact::email("email", email)
        .map(|email| email.folded)
        .unwrap_or_default();
    let found = account::Entity::find()
        .filter(account::Column::EmailFolded.eq(folded))
        .one(&tx)
        .await?;
    drop(tx);
    if let Some(row) = &found {
        require_unlocked(row, now)?;
    }
    let hash = found.as_ref().map(|row| row.password_hash.clone());
    let good = registry
        .services
        .access
        .passwords
        .verify(password, hash)
        .await?;
    let wrong = || DomainError::from(Problem::new(ErrorCode::CredentialsWrong));
    let tx = control.begin().await?;
    let id = found.ok_or_else(wrong)?.id;
    let row = account::Entity::find_by_id(id)
        .lock_exclusive()
        .one(&tx)
        .await?;
    let row = row.ok_or_else(wrong)?;
    // Guesses that were hashed side by side count one after another.
    require_unlocked(&row, now)?;
    let failures = if good {
        0
    } else {
        failures_so_far(&row, now) + 1
    };
    let mut change = row.into_active_model();
    change.failures = Set(failures);
    change.locked_at = Set((failures >= FAILURES_MAX).then_some(now));
    let row = change.update(&tx).await?;
    if !good {
        tx.commit().await?;
        return Err(wrong());
    }
    let signed_in = open(registry, &tx, origin, row).await?;
    tx.commit().await?;
    Ok(signed_in)
}

fn require_unlocked(row: &account::Model, now: Instant) -> Result<(), DomainError> {
    match locked_for_s(row, now) {
        Some(wait_s) => Err(Problem::new(ErrorCode::AccountLocked)
            .retry_after_s(wait_s)
            .into()),
        None => Ok(()),
    }
}

/// Seconds for which an account is still locked.
fn locked_for_s(row: &account::Model, now: Instant) -> Option<u64> {
    let left = row.locked_at? + Duration::minutes(LOCK_MINUTES) - now;
    let left_s = left.num_seconds();
    (left_s > 0).then_some(left_s.unsigned_abs())
}

/// A lock that is over starts the count anew.
fn failures_so_far(row: &account::Model, now: Instant) -> i32 {
    match row.locked_at {
        Some(_) if locked_for_s(row, now).is_none() => 0,
        _ => row.failures,
    }
}

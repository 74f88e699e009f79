//! Sign-in by e-mail and password. Five wrong passwords in a row close the account for a quarter of
//! an hour; the rate limit of the edge bounds a source that tries many accounts. That an account is
//! locked, and so exists, is told to a source alone from which an operator signed in before
//! (SEC-26, as for members).

use chrono::Duration;
use kernel::{Instant, Secret};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QuerySelect as _, sea_query::OnConflict,
};
use tenancy_access::{DomainError, Origin, contact};
use tenancy_model::{ErrorCode, Problem};

use tenancy_store::{ControlTx, StoreError};

use super::{SignedIn, known_source, session::open};
use crate::{
    Registry,
    entity::{platform_account as account, setting},
};

/// Wrong passwords in a row that lock an account.
const FAILURES_MAX: i32 = 5;
/// Minutes for which it is locked.
const LOCK_MINUTES: i64 = 15;
/// Name of the setting that says when somebody was last refused who counts against no account.
const REFUSED: &str = "operator_refused";

/// Opens a session.
///
/// 1. Find the account, and whether an operator signed in from this source before.
/// 2. Compare the password; with nobody's when there is no such account, so that it takes as long.
/// 3. Alone with the account: refuse what is locked, count what is wrong, write the session.
///
/// # Errors
/// `CREDENTIALS_WRONG` for a wrong password, an unknown account and, to a source that is not known,
/// a locked one, in the same time; to a known source `ACCOUNT_LOCKED` with the time to wait;
/// `RATE_LIMITED` while too many passwords are hashed.
pub async fn operator_sign_in(
    registry: &Registry,
    origin: &Origin,
    email: &str,
    password: &Secret,
) -> Result<SignedIn, DomainError> {
    let control = registry.services.stores.control();
    // 1
    let tx = control.read().await?;
    // What is no address belongs to nobody, and takes as long.
    let folded = contact::email("email", email)
        .map(|email| email.folded)
        .unwrap_or_default();
    let found = account::Entity::find()
        .filter(account::Column::EmailFolded.eq(folded))
        .one(&tx)
        .await?;
    let known = known_source::is_known(&tx, origin).await?;
    drop(tx);
    // 2
    let hash = found.as_ref().map(|row| row.password_hash.clone());
    let passwords = &registry.services.access.passwords;
    let good = passwords.verify(password, hash).await?;
    // 3
    let tx = control.begin().await?;
    let row = match found {
        Some(row) => {
            account::Entity::find_by_id(row.id)
                .lock_exclusive()
                .one(&tx)
                .await?
        }
        None => None,
    };
    let now = registry.now();
    let Some(row) = row else {
        return Err(refuse(registry, tx).await);
    };
    // Looked at here alone: guesses that were hashed side by side count one after another.
    if let Some(wait_s) = locked_for_s(&row, now) {
        if known {
            let locked = Problem::new(ErrorCode::AccountLocked);
            return Err(locked.retry_after_s(wait_s).into());
        }
        return Err(refuse(registry, tx).await);
    }
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

fn wrong() -> DomainError {
    Problem::new(ErrorCode::CredentialsWrong).into()
}

/// Answers somebody whose password counts against nobody. A wrong password of somebody is written
/// to disk before it is answered; so is this, or the time would tell the two apart.
async fn refuse(registry: &Registry, tx: ControlTx) -> DomainError {
    let note = setting::ActiveModel {
        key: Set(REFUSED.to_owned()),
        body: Set(serde_json::Value::Null),
        changed_at: Set(registry.now()),
    };
    let again = OnConflict::column(setting::Column::Key)
        .update_column(setting::Column::ChangedAt)
        .to_owned();
    let written: Result<(), StoreError> = async {
        setting::Entity::insert(note)
            .on_conflict(again)
            .exec_without_returning(&tx)
            .await?;
        tx.commit().await
    }
    .await;
    match written {
        Ok(()) => wrong(),
        Err(error) => DomainError::Store(error),
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

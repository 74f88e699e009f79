//! Mails another code, at most five times and not at once. The one before is worth nothing any
//! more.

use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, IntoActiveModel as _};
use tenancy_access::DomainError;
use tenancy_model::{ErrorCode, Problem, SignupId};

use super::{RESENDS_MAX, confirm::lock, mail::enqueue_code, start::expiry};
use crate::{Registry, secret};

/// Sends a new code and tells how many seconds to wait before the next.
///
/// # Errors
/// `NOT_FOUND`, `CODE_USED`, `RATE_LIMITED` before the pause is over, `TOO_MANY` after the last.
pub async fn signup_resend(registry: &Registry, signup: SignupId) -> Result<u32, DomainError> {
    let tx = registry.services.stores.control().begin().await?;
    let row = lock(&tx, signup).await?;
    if row.tenant_id.is_some() {
        return Err(Problem::new(ErrorCode::CodeUsed).into());
    }
    if row.sends > RESENDS_MAX {
        let problem = Problem::new(ErrorCode::TooMany);
        return Err(problem.limit(RESENDS_MAX.unsigned_abs().into()).into());
    }
    let now = registry.now();
    let passed_s = (now - row.sent_at).num_seconds().max(0);
    let wait_s = i64::from(registry.config.resend_pause_s) - passed_s;
    if wait_s > 0 {
        let problem = Problem::new(ErrorCode::RateLimited);
        return Err(problem.retry_after_s(wait_s.unsigned_abs()).into());
    }
    let code = secret::code(&*registry.services.rng);
    enqueue_code(registry, &tx, signup, &row.body, &code).await?;
    let sends = row.sends + 1;
    let mut change = row.into_active_model();
    change.code_hash = Set(secret::code_hash(&signup.to_string(), &code));
    change.code_expires_at = Set(expiry(registry, now));
    change.guesses = Set(0);
    change.sends = Set(sends);
    change.sent_at = Set(now);
    change.update(&tx).await?;
    tx.commit().await?;
    Ok(registry.config.resend_pause_s)
}

//! The code arrives: the one moment at which a tenant comes to be.

use std::sync::Arc;

use kernel::{Instant, Secret};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _, IntoActiveModel as _,
    QuerySelect as _,
};
use tenancy_access::DomainError;
use tenancy_model::{ErrorCode, Problem, SignupId, TenantId};
use tenancy_store::ControlTx;

use super::{GUESSES_MAX, limits::Claimant};
use crate::{
    FOUNDER_ACCOUNT, FirstGrant, ProvisionRequest, Registry,
    entity::signup,
    provision::{self, Reserved},
    secret,
};

/// What arrives.
#[derive(Debug, Clone)]
pub struct SignupConfirm {
    /// Which sign-up.
    pub signup: SignupId,
    /// The code out of the mail.
    pub code: Secret,
}

/// What the founder needs for the first sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedUpTenant {
    /// The new tenant.
    pub tenant: TenantId,
    /// 企业号
    pub number: String,
    /// 组织机构域
    pub host_name: String,
    /// 企业全称
    pub full_name: String,
    /// The first administrator's account.
    pub account: String,
    /// Seats of the trial.
    pub seats: u32,
    /// When the trial ends.
    pub ends_at: Option<Instant>,
}

/// Confirms a sign-up and makes its tenant. Runs to its end even when the caller goes away.
///
/// # Errors
/// `NOT_FOUND`, `CODE_WRONG` (with how many of the guesses are used), `CODE_EXPIRED`, `CODE_USED`,
/// `HOST_NAME_TAKEN`, `TOO_MANY_TRIALS`, or a database is away: then nothing is left of the tenant
/// and the code is good again.
pub async fn signup_confirm(
    registry: &Arc<Registry>,
    input: &SignupConfirm,
) -> Result<SignedUpTenant, DomainError> {
    let (registry, input) = (registry.clone(), input.clone());
    let whole = tokio::spawn(async move { confirm(&registry, &input).await });
    whole
        .await
        .map_err(|error| DomainError::internal("confirming a sign-up", error))?
}

/// 1. Judge the code, with the row locked.
/// 2. Reserve the tenant and use the code, in the same transaction.
/// 3. Make the tenant.
pub(crate) async fn confirm(
    registry: &Registry,
    input: &SignupConfirm,
) -> Result<SignedUpTenant, DomainError> {
    let shard = registry.services.stores.emptiest_shard().await?;
    let tx = registry.services.stores.control().begin().await?;
    let row = lock(&tx, input.signup).await?;
    // 1
    let now = registry.now();
    if let Err(problem) = judge(&row, &input.code, now) {
        if problem.code == ErrorCode::CodeWrong {
            count_guess(row, &tx).await?;
            tx.commit().await?;
        }
        return Err(problem.into());
    }
    let claimant = Claimant::of(&row);
    claimant.lock(&tx).await?;
    claimant.require_trial(&tx, &registry.config, now).await?;
    // 2
    let reserved = reserve(registry, &tx, shard, row).await?;
    tx.commit().await?;
    // 3
    let tenant = provision::make(registry, &reserved).await?;
    Ok(SignedUpTenant {
        tenant: tenant.id,
        number: tenant.number,
        host_name: tenant.host_name,
        full_name: tenant.full_name,
        account: FOUNDER_ACCOUNT.to_owned(),
        seats: reserved.terms.seats,
        ends_at: reserved.terms.ends_at,
    })
}

/// The row of a sign-up, locked until the end of the transaction.
pub(super) async fn lock(tx: &ControlTx, id: SignupId) -> Result<signup::Model, DomainError> {
    let row = signup::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx)
        .await?;
    row.ok_or(DomainError::NOT_FOUND)
}

fn judge(row: &signup::Model, code: &Secret, now: Instant) -> Result<(), Problem> {
    if row.tenant_id.is_some() {
        return Err(Problem::field(ErrorCode::CodeUsed, "code"));
    }
    if row.code_expires_at <= now || row.guesses >= GUESSES_MAX {
        return Err(Problem::field(ErrorCode::CodeExpired, "code"));
    }
    let code = Secret::from(code.reveal().trim());
    if secret::same(
        &secret::code_hash(&row.id.to_string(), &code),
        &row.code_hash,
    ) {
        return Ok(());
    }
    let problem = Problem::field(ErrorCode::CodeWrong, "code");
    let used = u64::from(row.guesses.unsigned_abs()) + 1;
    Err(problem.limit(GUESSES_MAX.unsigned_abs().into()).used(used))
}

async fn count_guess(row: signup::Model, tx: &ControlTx) -> Result<(), DomainError> {
    let guesses = row.guesses + 1;
    let mut change = row.into_active_model();
    change.guesses = Set(guesses);
    change.update(tx).await?;
    Ok(())
}

async fn reserve(
    registry: &Registry,
    tx: &ControlTx,
    shard: String,
    row: signup::Model,
) -> Result<Reserved, DomainError> {
    let request = ProvisionRequest {
        full_name: row.body.full_name.clone(),
        host_name: row.host_name.clone(),
        industry: row.body.industry.clone(),
        email: row.body.email.clone(),
        contact_name: row.body.contact_name.clone(),
        language: row.body.language,
        terms_version: row.body.terms_version.clone(),
        terms_accepted_at: row.body.terms_accepted_at,
        account: FOUNDER_ACCOUNT.to_owned(),
        password_hash: row.body.password_hash.clone(),
        grant: FirstGrant::Trial,
        verified: false,
        signup: Some(row.id),
    };
    let reserved = provision::reserve(registry, tx, shard, request).await?;
    let mut change = row.into_active_model();
    change.tenant_id = Set(Some(reserved.tenant));
    change.confirmed_at = Set(Some(registry.now()));
    change.update(tx).await?;
    Ok(reserved)
}

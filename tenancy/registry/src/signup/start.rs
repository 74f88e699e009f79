//! Checks the form, keeps it, and mails a code.

use chrono::Duration;
use kernel::{Instant, Secret};
use sea_orm::EntityTrait as _;
use tenancy_access::{DomainError, Origin};
use tenancy_model::SignupId;

use super::{SignupForm, form::CleanForm, limits::Claimant, mail::enqueue_code};
use crate::{
    Registry,
    entity::signup::{self, SignupBody},
    host_name, secret,
};

/// A sign-up that waits for its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignupStarted {
    /// What the code belongs to.
    pub signup: SignupId,
    /// Until when the code is good.
    pub expires_at: Instant,
    /// Seconds before another can be asked for.
    pub resend_after_s: u32,
}

/// Starts a sign-up. The answer is the same whether or not the address is known here.
///
/// 1. Check the form.
/// 2. Check host name and limits.
/// 3. Hash the password.
/// 4. Keep the form and mail the code, in one transaction.
///
/// # Errors
/// A refusal naming the field; `TOO_MANY_TRIALS`; `RATE_LIMITED` while too many passwords are
/// hashed.
pub async fn signup_start(
    registry: &Registry,
    origin: &Origin,
    form: &SignupForm,
) -> Result<SignupStarted, DomainError> {
    // 1
    let clean = form.check(&registry.config)?;
    let claimant = Claimant::new(origin, clean.email.folded.clone());
    // 2: before the costly hash; the limits are looked at again with the lock held.
    let tx = registry.services.stores.control().read().await?;
    require_possible(registry, &tx, &claimant, &clean).await?;
    drop(tx);
    // 3
    let rng = &*registry.services.rng;
    let password_hash = registry
        .services
        .access
        .passwords
        .hash(rng, &form.password)
        .await?;
    // 4
    let tx = registry.services.stores.control().begin().await?;
    claimant.lock(&tx).await?;
    require_possible(registry, &tx, &claimant, &clean).await?;
    let now = registry.now();
    let body = SignupBody {
        full_name: clean.full_name,
        email: clean.email.shown,
        contact_name: clean.contact_name,
        industry: clean.industry,
        password_hash,
        language: form.language,
        terms_version: form.terms_version.clone(),
        terms_accepted_at: now,
    };
    let (row, code) = new_row(registry, claimant, clean.host_name, body, now)?;
    enqueue_code(registry, &tx, row.id, &row.body, &code).await?;
    let started = SignupStarted {
        signup: row.id,
        expires_at: row.code_expires_at,
        resend_after_s: registry.config.resend_pause_s,
    };
    signup::Entity::insert(signup::ActiveModel::from(row))
        .exec_without_returning(&tx)
        .await?;
    tx.commit().await?;
    Ok(started)
}

async fn require_possible(
    registry: &Registry,
    tx: &tenancy_store::ControlTx,
    claimant: &Claimant,
    form: &CleanForm,
) -> Result<(), DomainError> {
    let (config, now) = (&registry.config, registry.now());
    host_name::require_free(tx, config, &form.host_name, now).await?;
    claimant.require_code(tx, config, now).await?;
    claimant.require_trial(tx, config, now).await
}

fn new_row(
    registry: &Registry,
    claimant: Claimant,
    host_name: String,
    body: SignupBody,
    now: Instant,
) -> Result<(signup::Model, Secret), DomainError> {
    let (clock, rng) = (&*registry.services.clock, &*registry.services.rng);
    let id = SignupId::new(clock, rng);
    let code = secret::code(rng);
    let row = signup::Model {
        id,
        body,
        email: claimant.email,
        host_name,
        source: claimant.source,
        code_hash: secret::code_hash(&id.to_string(), &code),
        code_expires_at: expiry(registry, now),
        guesses: 0,
        sends: 1,
        sent_at: now,
        tenant_id: None,
        confirmed_at: None,
        created_at: now,
    };
    Ok((row, code))
}

/// Until when a code that is drawn now is good.
pub(super) fn expiry(registry: &Registry, now: Instant) -> Instant {
    now + Duration::minutes(registry.config.code_minutes.into())
}

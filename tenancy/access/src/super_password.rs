//! The super password: with the enterprise number it opens the console for the founder, never the
//! chat (TEN-01). It is set on the first visit of the company page.

use kernel::Secret;
use serde::{Deserialize, Serialize};
use tenancy_model::{ErrorCode, Permission, Problem, RecordId, SessionEndReason};
use tenancy_store::{
    StoreError, TenantTx,
    record::{self, RecordWrite},
};

use crate::{
    Actor, DomainError, TenantContext,
    audit_log::{Deed, append},
    failures::{Target, forget},
    lock::lock_row,
    password_change::require_own_password,
    session::{Ending, end_sessions, others_of, publish_ends},
    settings::{SETTINGS, settings_in},
};

const KEY: &str = "super_password";

#[derive(Serialize, Deserialize)]
struct SuperPassword {
    hash: String,
}

pub(crate) async fn hash_in(tx: &TenantTx) -> Result<Option<String>, StoreError> {
    let record = record::get::<SuperPassword>(tx, SETTINGS, KEY).await?;
    Ok(record.map(|record| record.body.hash))
}

/// Whether the founder has set one yet.
///
/// # Errors
/// [`DomainError::FORBIDDEN`] without `CompanyView`.
pub async fn super_password_is_set(ctx: &TenantContext) -> Result<bool, DomainError> {
    ctx.require(Permission::CompanyView)?;
    Ok(hash_in(&ctx.store.read().await?).await?.is_some())
}

/// A new super password, and the proof of who sets it.
#[derive(Debug, Clone)]
pub struct SuperPasswordSetInput {
    /// The acting owner's own password; the founder's is the old super password.
    pub own_password: Secret,
    /// The new super password.
    pub new_password: Secret,
}

/// Sets the super password. Every other session of the founder ends, and a lock of it.
///
/// # Errors
/// [`DomainError::FORBIDDEN`] for anybody but owners and the founder; `PASSWORD_WRONG`,
/// `ACCOUNT_LOCKED`; the password rule's refusals.
pub async fn super_password_set(
    ctx: &TenantContext,
    input: &SuperPasswordSetInput,
) -> Result<(), DomainError> {
    ctx.require(Permission::CompanyManage)?;
    if !ctx.is_sovereign() {
        return Err(DomainError::FORBIDDEN);
    }
    let tx = ctx.store.read().await?;
    let rule = settings_in(&tx).await?.password_rule();
    let old = hash_in(&tx).await?;
    drop(tx);
    rule.check("newPassword", &input.new_password)?;
    let passwords = &ctx.services.access.passwords;
    match &ctx.actor {
        Actor::Member { member, .. } => {
            require_own_password(ctx, *member, "ownPassword", &input.own_password).await?;
        }
        Actor::Founder { .. } => {
            if !passwords.verify(&input.own_password, old.clone()).await? {
                return Err(Problem::field(ErrorCode::PasswordWrong, "ownPassword").into());
            }
        }
        Actor::Job { .. } => {}
    }
    let hash = passwords.hash(ctx.rng(), &input.new_password).await?;
    let tx = ctx.store.begin().await?;
    lock_row(&tx, &ctx.services, "founder").await?;
    if matches!(ctx.actor, Actor::Founder { .. }) && hash_in(&tx).await? != old {
        return Err(Problem::field(ErrorCode::PasswordWrong, "ownPassword").into());
    }
    let write = RecordWrite {
        id: RecordId::new(ctx.clock(), ctx.rng()),
        kind: SETTINGS,
        key: KEY,
        body: &SuperPassword { hash },
        now: ctx.now(),
    };
    record::put(&tx, write).await?;
    forget(&tx, &ctx.services, &Target::Founder).await?;
    let ending = Ending::at(SessionEndReason::PasswordChanged, ctx.now());
    let ends = end_sessions(&tx, others_of(None, ctx), &ending).await?;
    append(&tx, ctx, &Deed::new("super_password.set")).await?;
    tx.commit().await?;
    publish_ends(&ctx.services, ctx.tenant_id(), &ends).await;
    Ok(())
}

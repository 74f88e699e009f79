//! Changing one's own password, forced after the first sign-in (SEC-06) or by choice (SEC-07).

use kernel::Secret;
use tenancy_model::{ErrorCode, MemberId, Problem, SessionEndReason};

use crate::{
    DomainError, NewPassword, TenantContext,
    audit_log::{Deed, append},
    credential,
    failures::{Failures, Source, Target},
    password_link::forget_links,
    session::{Ending, end_sessions, others_of, publish_ends, reauthenticate},
    settings::settings_in,
};

/// The old password as proof, and the new one.
#[derive(Debug, Clone)]
pub struct PasswordChangeInput {
    /// In force until now.
    pub old_password: Secret,
    /// In force from now on.
    pub new_password: Secret,
}

/// Changes the acting member's password. Every other session of the member ends; this one goes on,
/// and its context is returned as it is from now on.
///
/// # Errors
/// [`DomainError::FORBIDDEN`] for who is no member; `PASSWORD_WRONG`, `ACCOUNT_LOCKED` after too
/// many wrong ones, `PASSWORD_SAME`, the password rule's refusals.
pub async fn password_change(
    ctx: &TenantContext,
    input: &PasswordChangeInput,
) -> Result<TenantContext, DomainError> {
    let member = ctx.actor.member().ok_or(DomainError::FORBIDDEN)?;
    let rule = settings_in(&ctx.store.read().await?).await?.password_rule();
    require_own_password(ctx, member, "oldPassword", &input.old_password).await?;
    rule.check("newPassword", &input.new_password)?;
    if input.new_password == input.old_password {
        return Err(Problem::field(ErrorCode::PasswordSame, "newPassword").into());
    }
    let passwords = &ctx.services.access.passwords;
    let hash = passwords.hash(ctx.rng(), &input.new_password).await?;
    let tx = ctx.store.begin().await?;
    let row = credential::lock(&tx, member)
        .await?
        .ok_or(DomainError::NOT_FOUND)?;
    let new = NewPassword {
        member,
        hash,
        initial: false,
        now: ctx.now(),
    };
    credential::write_password(&tx, &new).await?;
    forget_links(&tx, member).await?;
    let ending = Ending::at(SessionEndReason::PasswordChanged, ctx.now());
    let ends = end_sessions(&tx, others_of(Some(member), ctx), &ending).await?;
    append(
        &tx,
        ctx,
        &Deed::new("password.change").to(&row.name, member),
    )
    .await?;
    tx.commit().await?;
    publish_ends(&ctx.services, ctx.tenant_id(), &ends).await;
    reauthenticate(ctx).await
}

/// Refuses who does not know a member's password. Wrong ones count as at sign-in, so that a session
/// left open is no place to guess.
///
/// # Errors
/// `PASSWORD_WRONG` naming the field, `ACCOUNT_LOCKED`.
pub(crate) async fn require_own_password(
    ctx: &TenantContext,
    member: MemberId,
    field: &'static str,
    password: &Secret,
) -> Result<(), DomainError> {
    let source = Source::of(ctx.origin.ip);
    let target = Target::Member(member);
    let tx = ctx.store.read().await?;
    let row = credential::get(&tx, member)
        .await?
        .ok_or(DomainError::NOT_FOUND)?;
    drop(tx);
    let hash = row.password_hash;
    let good = ctx.services.access.passwords.verify(password, hash).await?;
    let tx = ctx.store.begin().await?;
    credential::lock(&tx, member).await?;
    let mut failures = Failures::read(&tx, &target).await?;
    if failures.locks(&source) {
        return Err(Problem::new(ErrorCode::AccountLocked).into());
    }
    if good {
        return Ok(());
    }
    failures.add(&source);
    failures.write(&tx, &ctx.services, &target).await?;
    tx.commit().await?;
    Err(Problem::field(ErrorCode::PasswordWrong, field).into())
}

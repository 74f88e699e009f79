//! What administrators do about a member's way in: a new initial password (SEC-12), an end to a
//! lock (SEC-14).

use tenancy_access::{
    DomainError, Ending, LinkPurpose, NewPassword, TenantContext,
    audit_log::{Deed, append},
    credential::{clear_password, unlock, write_password},
    end_all_of, forget_links, mail_link, publish_ends,
};
use tenancy_model::{ErrorCode, MemberId, MemberState, Permission, Problem, SessionEndReason};

use crate::{
    MemberRecord, PasswordSlip,
    entity::member,
    member::{get, lock, require_rank},
    member_create::new_slip,
    member_record::record_in,
};

/// Whose password, and how the new one reaches them.
#[derive(Debug, Clone, Copy)]
pub struct MemberPasswordResetInput {
    /// Who.
    pub id: MemberId,
    /// Print an initial password instead of mailing a link.
    pub slip: bool,
}

/// How the member learns of the new way in.
#[derive(Debug, Clone)]
pub struct PasswordReset {
    /// Where a slip was asked for, or there is no e-mail address.
    pub slip: Option<PasswordSlip>,
    /// Whether a link was mailed.
    pub mailed: bool,
}

/// Makes the password of a member void at once, with every session and lock, and gives a new way
/// in: a link by mail, or a slip.
///
/// # Errors
/// [`DomainError::NOT_FOUND`]; [`DomainError::FORBIDDEN`] for somebody of a higher role;
/// `ACCOUNT_DISABLED` for who may not come in anyway; `SELF_NOT_ALLOWED`: one's own is changed, not
/// reset.
pub async fn member_password_reset(
    ctx: &TenantContext,
    input: &MemberPasswordResetInput,
) -> Result<PasswordReset, DomainError> {
    ctx.require(Permission::MembersManage)?;
    let tx = ctx.store.read().await?;
    let row = get(&tx, input.id).await?;
    require_rank(ctx, &tx, row.id).await?;
    drop(tx);
    if ctx.actor.member() == Some(row.id) {
        return Err(Problem::new(ErrorCode::SelfNotAllowed).into());
    }
    let slip = match input.slip || row.email.is_none() {
        true => Some(new_slip(ctx, &row.account).await?),
        false => None,
    };
    let tx = ctx.store.begin().await?;
    let row = lock(&tx, input.id).await?;
    require_rank(ctx, &tx, row.id).await?;
    if row.state != MemberState::Active {
        return Err(Problem::new(ErrorCode::AccountDisabled).into());
    }
    unlock(&tx, &ctx.services, row.id).await?;
    forget_links(&tx, row.id).await?;
    let mut reset = PasswordReset {
        slip: None,
        mailed: false,
    };
    match slip {
        Some((slip, hash)) => {
            let password = NewPassword {
                member: row.id,
                hash,
                initial: true,
                now: ctx.now(),
            };
            write_password(&tx, &password).await?;
            reset.slip = Some(slip);
        }
        None => {
            clear_password(&tx, row.id).await?;
            reset.mailed = mail_link(&tx, ctx, row.id, LinkPurpose::Reset).await?;
        }
    }
    let ending = Ending::at(SessionEndReason::PasswordChanged, ctx.now());
    let ends = end_all_of(&tx, row.id, &ending).await?;
    append(
        &tx,
        ctx,
        &Deed::new("member.password_reset").to(&row.name, row.id),
    )
    .await?;
    tx.commit().await?;
    publish_ends(&ctx.services, ctx.tenant_id(), &ends).await;
    Ok(reset)
}

/// Ends the lock of a member whom wrong passwords locked out (SEC-14, DIR-35).
///
/// # Errors
/// [`DomainError::NOT_FOUND`]; [`DomainError::FORBIDDEN`] for somebody of a higher role.
pub async fn member_unlock(ctx: &TenantContext, id: MemberId) -> Result<MemberRecord, DomainError> {
    ctx.require(Permission::MembersManage)?;
    let tx = ctx.store.begin().await?;
    let row: member::Model = lock(&tx, id).await?;
    require_rank(ctx, &tx, row.id).await?;
    unlock(&tx, &ctx.services, row.id).await?;
    append(&tx, ctx, &Deed::new("member.unlock").to(&row.name, row.id)).await?;
    let record = record_in(ctx, &tx, row.id).await?;
    tx.commit().await?;
    Ok(record)
}

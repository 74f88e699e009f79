//! Authorising by hand (LIC-09, DIR-30): a member is given a seat or loses it. At the first sign-in
//! a seat is given without an administrator, where the tenant allows.

use tenancy_access::{
    DomainError, Ending, TenantContext,
    audit_log::{Deed, append},
    end_all_of, free_seat, publish_ends, take_seat,
};
use tenancy_model::{ErrorCode, MemberId, MemberState, Permission, Problem, SessionEndReason};

use crate::{
    MemberRecord,
    member::{lock, require_rank},
    member_record::record_in,
    publish_change,
};

/// Gives a member a seat (加入授权名单). Whoever has one keeps it.
///
/// # Errors
/// [`DomainError::NOT_FOUND`]; [`DomainError::FORBIDDEN`] for somebody of a higher role;
/// `ACCOUNT_DISABLED` for who may not come in anyway; `SEATS_EXHAUSTED` as at sign-in (LIC-12).
pub async fn member_authorize(
    ctx: &TenantContext,
    id: MemberId,
) -> Result<MemberRecord, DomainError> {
    ctx.require(Permission::MembersManage)?;
    let tx = ctx.store.begin().await?;
    let row = lock(&tx, id).await?;
    require_rank(ctx, &tx, row.id).await?;
    if row.authorized_at.is_some() {
        return record_in(ctx, &tx, row.id).await;
    }
    if row.state != MemberState::Active {
        return Err(Problem::new(ErrorCode::AccountDisabled).into());
    }
    take_seat(&tx, &ctx.services, &ctx.entitlements, row.id).await?;
    let deed = Deed::new("member.authorize").to(&row.name, row.id);
    append(&tx, ctx, &deed).await?;
    let record = record_in(ctx, &tx, row.id).await?;
    tx.commit().await?;
    publish_change(ctx).await;
    Ok(record)
}

/// Takes a member's seat back (取消授权): every session ends, and the seat is free (LIC-10). Where
/// authorisation is automatic, the next sign-in takes a seat again.
///
/// # Errors
/// [`DomainError::NOT_FOUND`]; [`DomainError::FORBIDDEN`] for somebody of a higher role;
/// `SELF_NOT_ALLOWED`.
pub async fn member_unauthorize(
    ctx: &TenantContext,
    id: MemberId,
) -> Result<MemberRecord, DomainError> {
    ctx.require(Permission::MembersManage)?;
    let tx = ctx.store.begin().await?;
    let row = lock(&tx, id).await?;
    require_rank(ctx, &tx, row.id).await?;
    if row.authorized_at.is_none() {
        return record_in(ctx, &tx, row.id).await;
    }
    if ctx.actor.member() == Some(row.id) {
        return Err(Problem::new(ErrorCode::SelfNotAllowed).into());
    }
    let ending = Ending::at(SessionEndReason::MemberClosed, ctx.now());
    let ends = end_all_of(&tx, row.id, &ending).await?;
    free_seat(&tx, row.id).await?;
    let deed = Deed::new("member.unauthorize").to(&row.name, row.id);
    append(&tx, ctx, &deed).await?;
    let record = record_in(ctx, &tx, row.id).await?;
    tx.commit().await?;
    publish_ends(&ctx.services, ctx.tenant_id(), &ends).await;
    publish_change(ctx).await;
    Ok(record)
}

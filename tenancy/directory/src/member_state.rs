//! Disable, resign, reinstate (DIR-28 to DIR-34). Whoever may not come in any more is out at once:
//! sessions end, the seat is free, links are void.

use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, IntoActiveModel as _};
use tenancy_access::{
    DomainError, Ending, TenantContext,
    audit_log::{Deed, append},
    end_all_of, forget_links, free_seat, publish_ends, require_another_owner, roles_of,
};
use tenancy_model::{
    ErrorCode, MemberId, MemberState, Permission, Problem, Role, SessionEndReason,
};

use crate::{
    MemberRecord, MembershipChange, MembershipObserver, member::lock, member_record::record_in,
    member_update::department_ids, publish_change,
};

/// Who shall be in which state.
#[derive(Debug, Clone, Copy)]
pub struct MemberStateSetInput {
    /// Who.
    pub id: MemberId,
    /// The state to be in.
    pub state: MemberState,
}

/// Sets a member's state. The state that is there already changes nothing.
///
/// # Errors
/// [`DomainError::NOT_FOUND`]; [`DomainError::FORBIDDEN`] for somebody of a higher role;
/// `SELF_NOT_ALLOWED`, `LAST_OWNER`.
pub async fn member_state_set(
    ctx: &TenantContext,
    observer: &dyn MembershipObserver,
    input: &MemberStateSetInput,
) -> Result<MemberRecord, DomainError> {
    ctx.require(Permission::MembersManage)?;
    let tx = ctx.store.begin().await?;
    let old = lock(&tx, input.id).await?;
    let roles = roles_of(&tx, &[old.id])
        .await?
        .remove(&old.id)
        .unwrap_or_default();
    ctx.require_rank_over(&roles)?;
    if old.state == input.state {
        return record_in(ctx, &tx, old.id).await;
    }
    if ctx.actor.member() == Some(old.id) {
        return Err(Problem::new(ErrorCode::SelfNotAllowed).into());
    }
    let stays_in = input.state == MemberState::Active;
    if !stays_in && old.state == MemberState::Active && roles.contains(&Role::Owner) {
        require_another_owner(&tx, ctx, old.id).await?;
    }
    let mut row = old.clone().into_active_model();
    row.state = Set(input.state);
    row.update(&tx).await?;
    let mut ends = Vec::new();
    if !stays_in {
        let ending = Ending::at(SessionEndReason::MemberClosed, ctx.now());
        ends = end_all_of(&tx, old.id, &ending).await?;
        free_seat(&tx, old.id).await?;
        forget_links(&tx, old.id).await?;
    }
    let present = |state| state != MemberState::Resigned;
    if present(old.state) != present(input.state) {
        let departments = department_ids(&tx, old.id).await?;
        let (left, joined) = match present(input.state) {
            true => (Vec::new(), departments),
            false => (departments, Vec::new()),
        };
        let change = MembershipChange {
            member: old.id,
            left,
            joined,
            present: present(input.state),
        };
        observer.membership_changed(ctx, &tx, &change).await?;
    }
    append(
        &tx,
        ctx,
        &Deed::new(action(input.state)).to(&old.name, old.id),
    )
    .await?;
    let record = record_in(ctx, &tx, old.id).await?;
    tx.commit().await?;
    publish_ends(&ctx.services, ctx.tenant_id(), &ends).await;
    publish_change(ctx).await;
    Ok(record)
}

fn action(state: MemberState) -> &'static str {
    match state {
        MemberState::Active => "member.reinstate",
        MemberState::Disabled => "member.disable",
        MemberState::Resigned => "member.resign",
    }
}

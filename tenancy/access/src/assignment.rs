//! Which roles members hold, and giving them.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, JoinType, QueryFilter as _};
use sea_orm::{PaginatorTrait as _, QuerySelect as _, RelationTrait as _};
use tenancy_model::{
    ErrorCode, MemberId, MemberState, Permission, Problem, Role, SessionEndReason, Surface,
};
use tenancy_store::{StoreError, TenantTx};

use crate::{
    DomainError, TenantContext,
    audit_log::{Deed, append},
    credential,
    entity::{assignment, credential as member, session},
    lock::lock_row,
    policy::opens_console,
    session::{Ending, end_sessions, of, publish_ends},
};

/// The roles of several members, `MEMBER` included, in one query.
///
/// # Errors
/// The database refused.
pub async fn roles_of(
    tx: &TenantTx,
    members: &[MemberId],
) -> Result<HashMap<MemberId, BTreeSet<Role>>, StoreError> {
    let mut roles: HashMap<_, _> = members
        .iter()
        .map(|member| (*member, BTreeSet::from([Role::Member])))
        .collect();
    let rows = assignment::Entity::find()
        .filter(assignment::Column::MemberId.is_in(members.iter().copied()))
        .all(tx)
        .await?;
    for row in rows {
        roles.entry(row.member_id).or_default().insert(row.role);
    }
    Ok(roles)
}

/// Gives a role without asking who gives it: for the first administrator.
///
/// # Errors
/// The database refused.
pub async fn assign(
    tx: &TenantTx,
    member: MemberId,
    role: Role,
    now: kernel::Instant,
) -> Result<(), StoreError> {
    let row = assignment::ActiveModel {
        member_id: Set(member),
        role: Set(role),
        created_at: Set(now),
    };
    assignment::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Refuses what would leave the tenant without an active owner; holds a lock until the transaction
/// ends, so that two owners cannot leave at the same time.
///
/// # Errors
/// `LAST_OWNER`.
pub async fn require_another_owner(
    tx: &TenantTx,
    ctx: &TenantContext,
    leaving: MemberId,
) -> Result<(), DomainError> {
    lock_row(tx, &ctx.services, "owners").await?;
    let others = assignment::Entity::find()
        .join(JoinType::InnerJoin, assignment::Relation::Member.def())
        .filter(assignment::Column::Role.eq(Role::Owner))
        .filter(assignment::Column::MemberId.ne(leaving))
        .filter(member::Column::State.eq(MemberState::Active))
        .count(tx)
        .await?;
    if others == 0 {
        return Err(Problem::new(ErrorCode::LastOwner).into());
    }
    Ok(())
}

/// Which roles a member shall have.
#[derive(Debug, Clone)]
pub struct MemberRolesSetInput {
    /// Who.
    pub member: MemberId,
    /// Exactly these; `MEMBER` is held anyway.
    pub roles: BTreeSet<Role>,
}

/// Gives a member exactly these roles. Owners are named and dismissed by owners; the last active
/// one stays. Whoever holds no role above `MEMBER` any more leaves the console at once.
///
/// # Errors
/// [`DomainError::NOT_FOUND`], [`DomainError::FORBIDDEN`], `LAST_OWNER`.
pub async fn member_roles_set(
    ctx: &TenantContext,
    input: &MemberRolesSetInput,
) -> Result<(), DomainError> {
    ctx.require(Permission::SecurityManage)?;
    let tx = ctx.store.begin().await?;
    let row = credential::lock(&tx, input.member).await?;
    let row = row.ok_or(DomainError::NOT_FOUND)?;
    let old = roles_of(&tx, &[row.id])
        .await?
        .remove(&row.id)
        .unwrap_or_default();
    let mut new = input.roles.clone();
    new.insert(Role::Member);
    ctx.require_rank_over(&old)?;
    let (was_owner, will_be) = (old.contains(&Role::Owner), new.contains(&Role::Owner));
    if was_owner != will_be && !ctx.is_sovereign() {
        return Err(DomainError::FORBIDDEN);
    }
    if was_owner && !will_be {
        require_another_owner(&tx, ctx, row.id).await?;
    }
    for role in new.difference(&old) {
        assign(&tx, row.id, *role, ctx.now()).await?;
    }
    for role in old.difference(&new) {
        assignment::Entity::delete_by_id((row.id, *role))
            .exec(&tx)
            .await?;
    }
    let mut ended = Vec::new();
    if !opens_console(&new) {
        let console = session::Column::Surface.eq(Surface::Console);
        let theirs = of(Some(row.id)).add(console);
        let ending = Ending::at(SessionEndReason::Revoked, ctx.now());
        ended = end_sessions(&tx, theirs, &ending).await?;
    }
    append(
        &tx,
        ctx,
        &Deed::new("member.roles_set").to(&row.name, row.id),
    )
    .await?;
    tx.commit().await?;
    publish_ends(&ctx.services, ctx.tenant_id(), &ended).await;
    Ok(())
}

//! A member as colleagues see one, alone and in batches.

use std::collections::HashMap;

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use tenancy_access::{DomainError, TenantContext, roles_of};
use tenancy_model::{FileId, MemberId, MemberState, Permission};
use tenancy_store::{StoreError, TenantTx};

use crate::{
    entity::{member, placement},
    require_reader,
};

/// What colleagues see of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Of this member; the same for ever (DIR-13).
    pub id: MemberId,
    /// As shown.
    pub name: String,
    /// 昵称.
    pub nickname: Option<String>,
    /// What the member signs in with; never changes (DIR-12).
    pub account: String,
    /// 职位, that of the heaviest place.
    pub position: Option<String>,
    /// 个性签名.
    pub signature: Option<String>,
    /// Their picture (DIR-56).
    pub avatar: Option<FileId>,
    /// Whether the member is in the directory and may come in.
    pub state: MemberState,
    /// Shown in the profile card.
    pub email: Option<String>,
    /// Shown in the profile card.
    pub mobile: Option<String>,
}

impl Member {
    pub(crate) fn new(row: member::Model, position: Option<String>) -> Self {
        Self {
            id: row.id,
            name: row.name,
            nickname: row.nickname,
            account: row.account,
            position,
            signature: row.signature,
            avatar: row.avatar_id,
            state: row.state,
            email: row.email,
            mobile: row.mobile,
        }
    }
}

/// A member's position and weight, those of the heaviest place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place {
    pub(crate) position: Option<String>,
    pub(crate) weight: i32,
}

/// The places of several members in one query.
pub(crate) async fn places_of(
    tx: &TenantTx,
    members: &[MemberId],
) -> Result<HashMap<MemberId, Place>, StoreError> {
    let rows = placement::Entity::find()
        .filter(placement::Column::MemberId.is_in(members.iter().copied()))
        .order_by_asc(placement::Column::Weight)
        .all(tx)
        .await?;
    let mut places: HashMap<MemberId, Place> = HashMap::new();
    for row in rows {
        let place = places.entry(row.member_id).or_default();
        place.weight = row.weight;
        place.position = row.position.or(place.position.take());
    }
    Ok(places)
}

/// Rows with their positions, in the order of the rows.
pub(crate) async fn with_positions(
    tx: &TenantTx,
    rows: Vec<member::Model>,
) -> Result<Vec<Member>, StoreError> {
    let ids: Vec<MemberId> = rows.iter().map(|row| row.id).collect();
    let mut places = places_of(tx, &ids).await?;
    let members = rows.into_iter().map(|row| {
        let place = places.remove(&row.id).unwrap_or_default();
        Member::new(row, place.position)
    });
    Ok(members.collect())
}

/// Several members in two queries, the resigned included: what they said still has an author. Ids
/// that are not there are left out.
///
/// # Errors
/// The database refused.
pub async fn members_by_ids(
    tx: &TenantTx,
    ids: &[MemberId],
) -> Result<HashMap<MemberId, Member>, StoreError> {
    let rows = member::Entity::find()
        .filter(member::Column::Id.is_in(ids.iter().copied()))
        .all(tx)
        .await?;
    let members = with_positions(tx, rows).await?;
    Ok(members
        .into_iter()
        .map(|member| (member.id, member))
        .collect())
}

/// One member. Somebody who resigned has left the directory: only administrators find them
/// (DIR-28).
///
/// # Errors
/// [`DomainError::NOT_FOUND`].
pub async fn member(ctx: &TenantContext, id: MemberId) -> Result<Member, DomainError> {
    require_reader(ctx)?;
    let tx = ctx.store.read().await?;
    let member = members_by_ids(&tx, &[id]).await?.remove(&id);
    let sees_all = ctx.may(Permission::MembersView);
    member
        .filter(|member| sees_all || member.state != MemberState::Resigned)
        .ok_or(DomainError::NOT_FOUND)
}

/// The member that an id from outside names.
///
/// # Errors
/// [`DomainError::NOT_FOUND`].
pub(crate) async fn get(tx: &TenantTx, id: MemberId) -> Result<member::Model, DomainError> {
    let row = member::Entity::find_by_id(id).one(tx).await?;
    row.ok_or(DomainError::NOT_FOUND)
}

/// [`get`], and nobody else changes the member until the transaction ends.
///
/// # Errors
/// [`DomainError::NOT_FOUND`].
pub(crate) async fn lock(tx: &TenantTx, id: MemberId) -> Result<member::Model, DomainError> {
    use sea_orm::QuerySelect as _;
    let row = member::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx)
        .await?;
    row.ok_or(DomainError::NOT_FOUND)
}

/// Nobody does anything to somebody of a higher role.
///
/// # Errors
/// [`DomainError::FORBIDDEN`].
pub(crate) async fn require_rank(
    ctx: &TenantContext,
    tx: &TenantTx,
    member: MemberId,
) -> Result<(), DomainError> {
    let roles = roles_of(tx, &[member])
        .await?
        .remove(&member)
        .unwrap_or_default();
    ctx.require_rank_over(&roles)
}

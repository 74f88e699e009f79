//! A member as administrators see one: with roles, seat, lock, sessions (DIR-22, DIR-31 to DIR-35).

use std::collections::BTreeSet;

use kernel::Instant;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use tenancy_access::{DomainError, TenantContext, roles_of, search_term, session_counts};
use tenancy_model::{DepartmentId, MemberId, MemberState, Permission, Role};
use tenancy_store::{Page, PageRequest, TenantTx};

use crate::{
    Member,
    entity::member,
    member::{get, places_of},
    member_list::by_name,
    search, tree,
};

/// What administrators know of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRecord {
    /// What everybody sees.
    pub member: Member,
    /// Larger is shown earlier (DIR-19); that of the heaviest place.
    pub weight: i32,
    /// `MEMBER` included.
    pub roles: BTreeSet<Role>,
    /// Whether the member holds a seat (DIR-31).
    pub authorized: bool,
    /// Whether wrong passwords locked the account, for a source or for all (DIR-35). A lock has no
    /// end by itself.
    pub locked: bool,
    /// Live sessions (DIR-24).
    pub session_count: i64,
    /// `None`: never.
    pub last_sign_in_at: Option<Instant>,
    /// Whether the password is still one that somebody else chose, or none yet (SEC-06).
    pub initial_password: bool,
    /// When the member was created.
    pub created_at: Instant,
}

/// Which members.
#[derive(Debug, Clone, Default)]
pub struct MemberRecordFilter {
    /// In name, nickname, account or pinyin.
    pub search: Option<String>,
    /// In it or below it.
    pub department: Option<DepartmentId>,
    /// In this state; `None` in any.
    pub state: Option<MemberState>,
    /// Locked, or not locked; `None` either.
    pub locked: Option<bool>,
}

/// Members by the pinyin of their names.
///
/// # Errors
/// [`DomainError::FORBIDDEN`] without `MembersView`; [`DomainError::NOT_FOUND`] when there is no
/// such department; `TOO_LONG`.
pub async fn member_records(
    ctx: &TenantContext,
    filter: &MemberRecordFilter,
    page: &PageRequest,
) -> Result<Page<MemberRecord>, DomainError> {
    ctx.require(Permission::MembersView)?;
    let tx = ctx.store.read().await?;
    let mut query = member::Entity::find();
    if let Some(term) = search_term(filter.search.as_deref())? {
        query = query.filter(member::Column::Search.like(search::contains(&term)));
    }
    if let Some(department) = filter.department {
        let department = tree::get(&tx, department).await?;
        let within = tree::members_within(&department.path);
        query = query.filter(member::Column::Id.in_subquery(within));
    }
    if let Some(state) = filter.state {
        query = query.filter(member::Column::State.eq(state));
    }
    query = match filter.locked {
        Some(true) => query.filter(member::Column::LockedAt.is_not_null()),
        Some(false) => query.filter(member::Column::LockedAt.is_null()),
        None => query,
    };
    let found = by_name(&tx, query, page).await?;
    let (cursors, rows): (Vec<_>, Vec<_>) = found.items.into_iter().unzip();
    let records = records(ctx, &tx, rows).await?;
    Ok(Page {
        items: cursors.into_iter().zip(records).collect(),
        has_next: found.has_next,
        total: found.total,
    })
}

/// One member.
///
/// # Errors
/// [`DomainError::FORBIDDEN`] without `MembersView`; [`DomainError::NOT_FOUND`].
pub async fn member_record(ctx: &TenantContext, id: MemberId) -> Result<MemberRecord, DomainError> {
    ctx.require(Permission::MembersView)?;
    record_in(ctx, &ctx.store.read().await?, id).await
}

/// One member, inside a transaction.
pub(crate) async fn record_in(
    ctx: &TenantContext,
    tx: &TenantTx,
    id: MemberId,
) -> Result<MemberRecord, DomainError> {
    let row = get(tx, id).await?;
    let record = records(ctx, tx, vec![row]).await?.pop();
    record.ok_or(DomainError::NOT_FOUND)
}

/// Three queries, however many rows.
async fn records(
    ctx: &TenantContext,
    tx: &TenantTx,
    rows: Vec<member::Model>,
) -> Result<Vec<MemberRecord>, DomainError> {
    let ids: Vec<MemberId> = rows.iter().map(|row| row.id).collect();
    let mut places = places_of(tx, &ids).await?;
    let mut roles = roles_of(tx, &ids).await?;
    let sessions = session_counts(tx, ctx, &ids).await?;
    let records = rows.into_iter().map(|row| {
        let place = places.remove(&row.id).unwrap_or_default();
        MemberRecord {
            weight: place.weight,
            roles: roles.remove(&row.id).unwrap_or_default(),
            authorized: row.authorized_at.is_some(),
            locked: row.locked_at.is_some(),
            session_count: sessions.get(&row.id).copied().unwrap_or(0),
            last_sign_in_at: row.last_sign_in_at,
            initial_password: row.must_change_password,
            created_at: row.created_at,
            member: Member::new(row, place.position),
        }
    });
    Ok(records.collect())
}

//! The shape of the department tree: paths, subtrees, and how many people are in them.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait as _, EntityTrait as _, FromQueryResult, JoinType,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
    prelude::Uuid,
    sea_query::{BinOper, Expr, Func, LikeExpr, Query, SelectStatement},
};
use tenancy_access::DomainError;
use tenancy_model::{DepartmentId, MemberState};
use tenancy_store::{StoreError, TenantTx};

use crate::entity::{department, member, placement};

/// Joins two texts, in both databases.
const CONCAT: BinOper = BinOper::Custom("||");
/// Between two ids of a path.
const SEPARATOR: char = '/';

/// The place directly under the root: the root is the tenant and has no row.
pub(crate) fn root() -> DepartmentId {
    Uuid::nil().into()
}

/// The path of a department below `parent`.
pub(crate) fn path(parent: Option<&department::Model>, id: DepartmentId) -> String {
    let own = id.uuid().simple();
    match parent {
        Some(parent) => format!("{}{SEPARATOR}{own}", parent.path),
        None => own.to_string(),
    }
}

/// Whether `path` is `above` or lies below it.
pub(crate) fn is_within(path: &str, above: &str) -> bool {
    path.strip_prefix(above)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(SEPARATOR))
}

/// A department and everything below it. Paths have no wildcards of LIKE.
pub(crate) fn subtree(path: &str) -> Condition {
    Condition::any()
        .add(department::Column::Path.eq(path))
        .add(department::Column::Path.like(LikeExpr::new(format!("{path}{SEPARATOR}%"))))
}

/// Ids of the members placed in a department or below it, for `IN (…)`.
pub(crate) fn members_within(path: &str) -> SelectStatement {
    Query::select()
        .column(placement::Column::MemberId)
        .from(placement::Entity)
        .and_where(sea_orm::ColumnTrait::in_subquery(
            &placement::Column::DepartmentId,
            Query::select()
                .column(department::Column::Id)
                .from(department::Entity)
                .cond_where(subtree(path))
                .take(),
        ))
        .take()
}

/// The department that an id from outside names.
///
/// # Errors
/// [`DomainError::NOT_FOUND`].
pub(crate) async fn get(tx: &TenantTx, id: DepartmentId) -> Result<department::Model, DomainError> {
    let row = department::Entity::find_by_id(id).one(tx).await?;
    row.ok_or(DomainError::NOT_FOUND)
}

/// [`get`], and nobody is placed there until the transaction ends.
///
/// # Errors
/// [`DomainError::NOT_FOUND`].
pub(crate) async fn lock(
    tx: &TenantTx,
    id: DepartmentId,
) -> Result<department::Model, DomainError> {
    let row = department::Entity::find_by_id(id).lock_exclusive();
    row.one(tx).await?.ok_or(DomainError::NOT_FOUND)
}

/// Refuses ids of departments that are not there; those that are stay until the transaction ends.
///
/// # Errors
/// [`DomainError::NOT_FOUND`].
pub(crate) async fn require_all(
    tx: &TenantTx,
    ids: &BTreeSet<DepartmentId>,
) -> Result<(), DomainError> {
    let found: Vec<DepartmentId> = department::Entity::find()
        .select_only()
        .column(department::Column::Id)
        .filter(department::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(department::Column::Id)
        .lock_shared()
        .into_tuple()
        .all(tx)
        .await?;
    if found.len() < ids.len() {
        return Err(DomainError::NOT_FOUND);
    }
    Ok(())
}

/// How much is in a department.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DepartmentCounts {
    /// People in it and below it, each once; the resigned are not counted (DIR-01).
    pub members: i64,
    /// Departments directly below it.
    pub children: i64,
}

#[derive(FromQueryResult)]
struct Count {
    id: DepartmentId,
    count: i64,
}

/// The counts of several departments: two grouped queries, however many they are.
///
/// # Errors
/// The database refused.
pub async fn department_counts(
    tx: &TenantTx,
    ids: &[DepartmentId],
) -> Result<HashMap<DepartmentId, DepartmentCounts>, StoreError> {
    let mut counts: HashMap<_, _> = ids
        .iter()
        .map(|id| (*id, DepartmentCounts::default()))
        .collect();
    if ids.is_empty() {
        return Ok(counts);
    }
    for row in member_counts(tx, ids).await? {
        counts.entry(row.id).or_default().members = row.count;
    }
    let children = department::Entity::find()
        .select_only()
        .column_as(department::Column::ParentId, "id")
        .column_as(department::Column::Id.count(), "count")
        .filter(department::Column::ParentId.is_in(ids.iter().copied()))
        .group_by(department::Column::ParentId)
        .into_model::<Count>()
        .all(tx)
        .await?;
    for row in children {
        counts.entry(row.id).or_default().children = row.count;
    }
    Ok(counts)
}

async fn member_counts(tx: &TenantTx, ids: &[DepartmentId]) -> Result<Vec<Count>, StoreError> {
    use sea_orm::sea_query::ExprTrait as _;
    const ABOVE: &str = "above";
    const BELOW: &str = "below";
    let path_of = |table: &'static str| Expr::col((table, department::Column::Path));
    let member = Expr::col((placement::Entity, placement::Column::MemberId));
    let below_it = path_of(ABOVE).binary(CONCAT, Expr::val(format!("{SEPARATOR}%")));
    let within = Condition::any()
        .add(path_of(BELOW).equals((ABOVE, department::Column::Path)))
        .add(path_of(BELOW).binary(BinOper::Like, below_it));
    let placed = Expr::col((placement::Entity, placement::Column::DepartmentId))
        .equals((BELOW, department::Column::Id));
    let resigned = sea_orm::ActiveEnum::into_value(MemberState::Resigned);
    let present = Condition::all()
        .add(member.clone().equals((member::Entity, member::Column::Id)))
        .add(Expr::col((member::Entity, member::Column::State)).ne(resigned));
    let counts = Query::select()
        .expr_as(Expr::col((ABOVE, department::Column::Id)), "id")
        .expr_as(member.count_distinct(), "count")
        .from_as(department::Entity, ABOVE)
        .join_as(JoinType::InnerJoin, department::Entity, BELOW, within)
        .join(JoinType::InnerJoin, placement::Entity, placed)
        .join(JoinType::InnerJoin, member::Entity, present)
        .and_where(Expr::col((ABOVE, department::Column::Id)).is_in(ids.iter().copied()))
        .group_by_col((ABOVE, department::Column::Id))
        .take();
    let rows = tx.query_all(&counts).await?;
    rows.iter()
        .map(|row| Ok(Count::from_query_result(row, "")?))
        .collect()
}

/// Moves everything below `from` (not itself) to `to`, `deeper` levels further down.
///
/// # Errors
/// The database refused.
pub(crate) async fn move_below(
    tx: &TenantTx,
    from: &str,
    to: &str,
    deeper: i32,
) -> Result<(), StoreError> {
    use sea_orm::sea_query::ExprTrait as _;
    let rest = Func::cust("substr")
        .arg(Expr::col(department::Column::Path))
        .arg(i32::try_from(from.len() + 1).unwrap_or(i32::MAX));
    let path = Expr::val(to).binary(CONCAT, rest);
    let depth = Expr::col(department::Column::Depth).add(deeper);
    let below = LikeExpr::new(format!("{from}{SEPARATOR}%"));
    department::Entity::update_many()
        .col_expr(department::Column::Path, path)
        .col_expr(department::Column::Depth, depth)
        .filter(Expr::col(department::Column::Path).like(below))
        .exec(tx)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_within_itself_and_what_is_above() {
        assert!(is_within("ab/cd", "ab") && is_within("ab", "ab"));
        assert!(!is_within("abc", "ab") && !is_within("ab", "ab/cd"));
    }
}

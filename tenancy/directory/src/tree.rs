//! The shape of the department tree: paths, subtrees, and how many people are in them.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Statement,
    sea_query::{LikeExpr, Query, SelectStatement},
};
use sea_orm::{ConnectionTrait as _, FromQueryResult, prelude::Uuid};
use tenancy_access::DomainError;
use tenancy_model::{DepartmentId, MemberState};
use tenancy_store::{StoreError, TenantTx};

use crate::entity::{department, placement};

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
    let places: Vec<String> = (2..ids.len() + 2).map(|n| format!("${n}")).collect();
    // A join of the table with itself over a prefix is beyond the query builder's words.
    let sql = format!(
        "SELECT above.id AS id, COUNT(DISTINCT placement.member_id) AS count \
         FROM department AS above \
         JOIN department AS below \
           ON below.path = above.path OR below.path LIKE above.path || '/%' \
         JOIN placement ON placement.department_id = below.id \
         JOIN member ON member.id = placement.member_id AND member.state <> $1 \
         WHERE above.id IN ({}) GROUP BY above.id",
        places.join(", ")
    );
    let mut values: Vec<sea_orm::Value> =
        vec![sea_orm::ActiveEnum::into_value(MemberState::Resigned).into()];
    values.extend(ids.iter().map(|id| (*id).into()));
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    let rows = tx.query_all_raw(statement).await?;
    rows.iter()
        .map(|row| Ok(Count::from_query_result(row, "")?))
        .collect()
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

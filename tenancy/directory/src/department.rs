//! Departments: created, renamed, ordered, moved, deleted (DIR-01 to DIR-09). The shape of the tree
//! changes one transaction at a time, so that no two moves make a ring.

use std::collections::{BTreeSet, HashMap};

use kernel::Instant;
use sea_orm::IntoActiveModel as _;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use tenancy_access::{
    DomainError, TenantContext,
    audit_log::{Deed, append},
    lock_row,
};
use tenancy_model::{DepartmentId, ErrorCode, MemberId, MemberState, Permission, Problem, limits};
use tenancy_store::{Page, PageRequest, StoreError, TenantTx};

use crate::{
    entity::{department, member, placement},
    publish_change, require_reader, tree,
};

/// A department, without what has to be counted ([`tree::department_counts`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// Of this department.
    pub id: DepartmentId,
    /// As shown.
    pub name: String,
    /// The department above; `None` is the root, the tenant itself.
    pub parent: Option<DepartmentId>,
    /// Smaller is shown first (DIR-04).
    pub order_number: i32,
    /// 1 directly under the root.
    pub depth: i32,
    /// When it was made.
    pub created_at: Instant,
}

impl From<department::Model> for Department {
    fn from(row: department::Model) -> Self {
        Self {
            id: row.id,
            name: row.name,
            parent: row.parent_id,
            order_number: row.order_number,
            depth: row.depth,
            created_at: row.created_at,
        }
    }
}

/// The departments directly below `parent` (or the root), by order number.
///
/// # Errors
/// [`DomainError::NOT_FOUND`] when there is no such parent.
pub async fn departments(
    ctx: &TenantContext,
    parent: Option<DepartmentId>,
    page: &PageRequest,
) -> Result<Page<Department>, DomainError> {
    require_reader(ctx)?;
    let tx = ctx.store.read().await?;
    let below = match parent {
        Some(parent) => {
            tree::get(&tx, parent).await?;
            department::Column::ParentId.eq(parent)
        }
        None => department::Column::ParentId.is_null(),
    };
    let mut query = department::Entity::find().filter(below);
    let total = query.clone().count(&tx).await?;
    if let Some((number, id)) = page.position::<(i32, DepartmentId)>()? {
        let later = Condition::all()
            .add(department::Column::OrderNumber.eq(number))
            .add(department::Column::Id.gt(id));
        query = query.filter(
            Condition::any()
                .add(department::Column::OrderNumber.gt(number))
                .add(later),
        );
    }
    let rows = query
        .order_by_asc(department::Column::OrderNumber)
        .order_by_asc(department::Column::Id)
        .limit(page.fetch())
        .all(&tx)
        .await?;
    Ok(page
        .page(rows, total, |row| (row.order_number, row.id))
        .map(Department::from))
}

/// One department.
///
/// # Errors
/// [`DomainError::NOT_FOUND`].
pub async fn department(ctx: &TenantContext, id: DepartmentId) -> Result<Department, DomainError> {
    require_reader(ctx)?;
    let tx = ctx.store.read().await?;
    Ok(tree::get(&tx, id).await?.into())
}

/// Several departments in one query; ids that are not there are left out.
///
/// # Errors
/// The database refused.
pub async fn departments_by_ids(
    tx: &TenantTx,
    ids: &[DepartmentId],
) -> Result<HashMap<DepartmentId, Department>, StoreError> {
    let rows = department::Entity::find()
        .filter(department::Column::Id.is_in(ids.iter().copied()))
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
}

/// The departments of several members in one query, each member's by order number.
///
/// # Errors
/// The database refused.
pub async fn departments_of(
    tx: &TenantTx,
    members: &[MemberId],
) -> Result<HashMap<MemberId, Vec<Department>>, StoreError> {
    let rows = placement::Entity::find()
        .find_also_related(department::Entity)
        .filter(placement::Column::MemberId.is_in(members.iter().copied()))
        .order_by_asc(department::Column::OrderNumber)
        .order_by_asc(department::Column::Id)
        .all(tx)
        .await?;
    let mut of: HashMap<_, Vec<Department>> = HashMap::new();
    for (place, row) in rows {
        // The place directly under the root has no department.
        if let Some(row) = row {
            of.entry(place.member_id).or_default().push(row.into());
        }
    }
    Ok(of)
}

/// A new department.
#[derive(Debug, Clone)]
pub struct DepartmentCreateInput {
    /// Below which; `None` is the root.
    pub parent: Option<DepartmentId>,
    /// At most 50 narrow or 25 wide characters (DIR-03).
    pub name: String,
    /// Smaller is shown first.
    pub order_number: i32,
}

/// Creates a department.
///
/// # Errors
/// [`DomainError::NOT_FOUND`] when there is no such parent; `REQUIRED`, `TOO_LONG`, `TOO_DEEP`,
/// `TOO_MANY`.
pub async fn department_create(
    ctx: &TenantContext,
    input: &DepartmentCreateInput,
) -> Result<Department, DomainError> {
    ctx.require(Permission::DepartmentsManage)?;
    let name = department_name(&input.name)?;
    let tx = ctx.store.begin().await?;
    lock_row(&tx, &ctx.services, "departments").await?;
    let parent = match input.parent {
        Some(parent) => Some(tree::get(&tx, parent).await?),
        None => None,
    };
    let depth = parent.as_ref().map_or(0, |parent| parent.depth) + 1;
    require_depth(depth)?;
    let many = department::Entity::find().count(&tx).await?;
    if many >= limits::DEPARTMENTS_MAX {
        let problem = Problem::new(ErrorCode::TooMany);
        return Err(problem.limit(limits::DEPARTMENTS_MAX).used(many).into());
    }
    let id = DepartmentId::new(ctx.clock(), ctx.rng());
    let row = department::Model {
        id,
        parent_id: input.parent,
        name,
        order_number: input.order_number,
        path: tree::path(parent.as_ref(), id),
        depth,
        created_at: ctx.now(),
    };
    let new = row.clone().into_active_model();
    department::Entity::insert(new)
        .exec_without_returning(&tx)
        .await?;
    append(&tx, ctx, &Deed::new("department.create").to(&row.name, id)).await?;
    tx.commit().await?;
    publish_change(ctx).await;
    Ok(row.into())
}

/// What to change of a department; `None` stays as it is.
#[derive(Debug, Clone)]
pub struct DepartmentUpdateInput {
    /// Which.
    pub id: DepartmentId,
    /// DIR-06.
    pub name: Option<String>,
    /// DIR-04.
    pub order_number: Option<i32>,
    /// Where to move it with everything below; `Some(None)` is the root.
    pub parent: Option<Option<DepartmentId>>,
}

/// Renames, orders or moves a department.
///
/// # Errors
/// [`DomainError::NOT_FOUND`]; `REQUIRED`, `TOO_LONG`, `TOO_DEEP`, `DEPARTMENT_CYCLE`.
pub async fn department_update(
    ctx: &TenantContext,
    input: &DepartmentUpdateInput,
) -> Result<Department, DomainError> {
    ctx.require(Permission::DepartmentsManage)?;
    let name = input.name.as_deref().map(department_name).transpose()?;
    let tx = ctx.store.begin().await?;
    lock_row(&tx, &ctx.services, "departments").await?;
    let old = tree::get(&tx, input.id).await?;
    let mut row = old.clone().into_active_model();
    if let Some(name) = name {
        row.name = Set(name);
    }
    if let Some(number) = input.order_number {
        row.order_number = Set(number);
    }
    if let Some(parent) = input.parent.filter(|parent| *parent != old.parent_id) {
        let (path, depth) = move_subtree(&tx, &old, parent).await?;
        row.parent_id = Set(parent);
        row.path = Set(path);
        row.depth = Set(depth);
    }
    let new = if row.is_changed() {
        row.update(&tx).await?
    } else {
        old
    };
    append(
        &tx,
        ctx,
        &Deed::new("department.update").to(&new.name, new.id),
    )
    .await?;
    tx.commit().await?;
    publish_change(ctx).await;
    Ok(new.into())
}

/// Moves everything below `old`; returns the new path and depth of `old` itself.
async fn move_subtree(
    tx: &TenantTx,
    old: &department::Model,
    parent: Option<DepartmentId>,
) -> Result<(String, i32), DomainError> {
    let parent = match parent {
        Some(parent) => Some(tree::get(tx, parent).await?),
        None => None,
    };
    if parent
        .as_ref()
        .is_some_and(|parent| tree::is_within(&parent.path, &old.path))
    {
        return Err(Problem::field(ErrorCode::DepartmentCycle, "parentId").into());
    }
    let path = tree::path(parent.as_ref(), old.id);
    let deeper = parent.as_ref().map_or(0, |parent| parent.depth) + 1 - old.depth;
    let deepest: Option<i32> = department::Entity::find()
        .select_only()
        .column_as(department::Column::Depth.max(), "deepest")
        .filter(tree::subtree(&old.path))
        .into_tuple()
        .one(tx)
        .await?
        .flatten();
    require_depth(deepest.unwrap_or(old.depth) + deeper)?;
    tree::move_below(tx, &old.path, &path, deeper).await?;
    Ok((path, old.depth + deeper))
}

/// Deletes a department that has neither departments nor members (DIR-07). The places of those who
/// resigned do not hold it.
///
/// # Errors
/// [`DomainError::NOT_FOUND`], `DEPARTMENT_NOT_EMPTY`.
pub async fn department_delete(ctx: &TenantContext, id: DepartmentId) -> Result<(), DomainError> {
    ctx.require(Permission::DepartmentsManage)?;
    let tx = ctx.store.begin().await?;
    lock_row(&tx, &ctx.services, "departments").await?;
    let row = tree::lock(&tx, id).await?;
    let children = department::Entity::find()
        .filter(department::Column::ParentId.eq(id))
        .count(&tx)
        .await?;
    let people = placement::Entity::find()
        .inner_join(member::Entity)
        .filter(placement::Column::DepartmentId.eq(id))
        .filter(member::Column::State.ne(MemberState::Resigned))
        .count(&tx)
        .await?;
    if children + people > 0 {
        return Err(Problem::new(ErrorCode::DepartmentNotEmpty)
            .used(children + people)
            .into());
    }
    placement::Entity::delete_many()
        .filter(placement::Column::DepartmentId.eq(id))
        .exec(&tx)
        .await?;
    department::Entity::delete_by_id(id).exec(&tx).await?;
    append(&tx, ctx, &Deed::new("department.delete").to(&row.name, id)).await?;
    tx.commit().await?;
    publish_change(ctx).await;
    Ok(())
}

fn require_depth(depth: i32) -> Result<(), Problem> {
    let limit = limits::DEPARTMENT_DEPTH_MAX;
    if depth > i32::try_from(limit).unwrap_or(i32::MAX) {
        return Err(Problem::field(ErrorCode::TooDeep, "parentId").limit(limit.into()));
    }
    Ok(())
}

/// A cleaned name of at most 50 narrow or 25 wide characters (DIR-03).
fn department_name(text: &str) -> Result<String, Problem> {
    let limit = limits::DEPARTMENT_NAME_WIDTH_MAX;
    let name = tenancy_access::required_line("name", text, limit)?;
    let width: usize = name.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    if width > limit {
        let problem = Problem::field(ErrorCode::TooLong, "name");
        return Err(problem.limit(limit as u64).used(width as u64));
    }
    Ok(name)
}

/// Ids as a set, bounded (DIR-16).
pub(crate) fn department_set(ids: &[DepartmentId]) -> Result<BTreeSet<DepartmentId>, Problem> {
    let set: BTreeSet<_> = ids.iter().copied().collect();
    if set.len() > limits::DEPARTMENTS_PER_MEMBER_MAX {
        let problem = Problem::field(ErrorCode::TooMany, "departmentIds");
        let limit = limits::DEPARTMENTS_PER_MEMBER_MAX as u64;
        return Err(problem.limit(limit).used(set.len() as u64));
    }
    Ok(set)
}

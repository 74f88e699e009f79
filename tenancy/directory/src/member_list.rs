//! The people a member sees: all of them by name, those of one department by weight (DIR-19,
//! DIR-49), or what a search finds.

use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
};
use tenancy_access::{DomainError, TenantContext, search_term};
use tenancy_model::{DepartmentId, MemberId, MemberState};
use tenancy_store::{Page, PageRequest, TenantTx};

use crate::{
    Member,
    entity::{member, placement},
    member::with_positions,
    require_reader, search, tree,
};

/// Which people.
#[derive(Debug, Clone, Default)]
pub struct MemberFilter {
    /// In name, nickname, account or pinyin.
    pub search: Option<String>,
    /// Without a search those directly in it, with a search also those below it.
    pub department: Option<DepartmentId>,
}

/// The people a member may see; nobody who resigned (DIR-28).
///
/// # Errors
/// [`DomainError::NOT_FOUND`] when there is no such department; `TOO_LONG`.
pub async fn members(
    ctx: &TenantContext,
    filter: &MemberFilter,
    page: &PageRequest,
) -> Result<Page<Member>, DomainError> {
    require_reader(ctx)?;
    let term = search_term(filter.search.as_deref())?;
    let tx = ctx.store.read().await?;
    let department = match filter.department {
        Some(id) => Some(tree::get(&tx, id).await?),
        None => None,
    };
    if let (Some(department), None) = (&department, &term) {
        return people_of(&tx, department.id, page).await;
    }
    let mut query = member::Entity::find().filter(member::Column::State.ne(MemberState::Resigned));
    if let Some(term) = &term {
        query = query.filter(member::Column::Search.like(search::contains(term)));
    }
    if let Some(department) = &department {
        let within = tree::members_within(&department.path);
        query = query.filter(member::Column::Id.in_subquery(within));
    }
    let found = by_name(&tx, query, page).await?;
    described(&tx, found).await
}

/// A page of members by the pinyin of their names.
pub(crate) async fn by_name(
    tx: &TenantTx,
    query: Select<member::Entity>,
    page: &PageRequest,
) -> Result<Page<member::Model>, DomainError> {
    let total = query.clone().count(tx).await?;
    let mut query = query;
    if let Some(position) = page.position::<(String, MemberId)>()? {
        query = query.filter(later_by_name(position));
    }
    let rows = query
        .order_by_asc(member::Column::Sort)
        .order_by_asc(member::Column::Id)
        .limit(page.fetch())
        .all(tx)
        .await?;
    Ok(page.page(rows, total, |row| (row.sort.clone(), row.id)))
}

fn later_by_name((sort, id): (String, MemberId)) -> Condition {
    let same = Condition::all()
        .add(member::Column::Sort.eq(sort.clone()))
        .add(member::Column::Id.gt(id));
    Condition::any()
        .add(member::Column::Sort.gt(sort))
        .add(same)
}

/// The people directly in a department: heaviest first, then by name.
async fn people_of(
    tx: &TenantTx,
    department: DepartmentId,
    page: &PageRequest,
) -> Result<Page<Member>, DomainError> {
    let mut query = placement::Entity::find()
        .find_also_related(member::Entity)
        .filter(placement::Column::DepartmentId.eq(department))
        .filter(member::Column::State.ne(MemberState::Resigned));
    let total = query.clone().count(tx).await?;
    if let Some((weight, sort, id)) = page.position::<(i32, String, MemberId)>()? {
        let same = Condition::all()
            .add(placement::Column::Weight.eq(weight))
            .add(later_by_name((sort, id)));
        query = query.filter(
            Condition::any()
                .add(placement::Column::Weight.lt(weight))
                .add(same),
        );
    }
    let rows = query
        .order_by_desc(placement::Column::Weight)
        .order_by_asc(member::Column::Sort)
        .order_by_asc(member::Column::Id)
        .limit(page.fetch())
        .all(tx)
        .await?;
    let rows = rows
        .into_iter()
        .filter_map(|(place, row)| Some((place, row?)))
        .collect();
    let found = page.page(
        rows,
        total,
        |(place, row): &(placement::Model, member::Model)| (place.weight, row.sort.clone(), row.id),
    );
    Ok(found.map(|(place, row)| Member::new(row, place.position)))
}

async fn described(tx: &TenantTx, found: Page<member::Model>) -> Result<Page<Member>, DomainError> {
    let (cursors, rows): (Vec<_>, Vec<_>) = found.items.into_iter().unzip();
    let members = with_positions(tx, rows).await?;
    Ok(Page {
        items: cursors.into_iter().zip(members).collect(),
        has_next: found.has_next,
        total: found.total,
    })
}

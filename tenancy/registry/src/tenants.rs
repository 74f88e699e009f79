//! The operator's view of tenants: who they are, never what they wrote.

use chrono::TimeDelta;
use kernel::Instant;
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
    sea_query::{Expr, ExprTrait as _, Func, LikeExpr, SimpleExpr},
};
use tenancy_access::{DomainError, search_term};
use tenancy_model::{EntitlementsSnapshot, TenantId, TenantStatus};
use tenancy_store::{ControlTx, Page, PageRequest, control::tenant};

use crate::{PlatformContext, Registry, Steward};

/// One tenant with what it may use now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantView {
    /// Its row.
    pub tenant: tenant::Model,
    /// Plan, trial, licence and overrides, folded.
    pub entitlements: EntitlementsSnapshot,
}

/// Which tenants are wanted.
#[derive(Debug, Clone, Default)]
pub struct TenantFilter {
    /// Part of a name, a host name or an enterprise number.
    pub search: Option<String>,
    /// Where in its life it is.
    pub status: Option<TenantStatus>,
}

/// All tenants, newest first; for an operator or the command line.
///
/// # Errors
/// `TOO_LONG` for the search, `INVALID_INPUT` for a cursor, or the database is away.
pub async fn tenants<'a>(
    steward: impl Into<Steward<'a>>,
    filter: &TenantFilter,
    page: &PageRequest,
) -> Result<Page<TenantView>, DomainError> {
    let registry = steward.into().registry;
    let tx = registry.services.stores.control().read().await?;
    let wanted = select(filter)?;
    let total = wanted.clone().count(&tx).await?;
    let mut rows = wanted
        .order_by_desc(tenant::Column::CreatedAt)
        .order_by_desc(tenant::Column::Id)
        .limit(page.fetch());
    if let Some((at, id)) = page.position::<(Instant, TenantId)>()? {
        rows = rows.filter(before(at, id));
    }
    let rows = rows.all(&tx).await?;
    drop(tx);
    let page = page.page(rows, total, |row| (row.created_at, row.id));
    let mut items = Vec::with_capacity(page.items.len());
    for (cursor, row) in page.items {
        items.push((cursor, view(registry, row).await?));
    }
    Ok(Page {
        items,
        has_next: page.has_next,
        total: page.total,
    })
}

fn before(at: Instant, id: TenantId) -> Condition {
    let same_time = tenant::Column::CreatedAt
        .eq(at)
        .and(tenant::Column::Id.lt(id));
    Condition::any()
        .add(tenant::Column::CreatedAt.lt(at))
        .add(same_time)
}

fn select(filter: &TenantFilter) -> Result<Select<tenant::Entity>, DomainError> {
    let mut rows = tenant::Entity::find();
    if let Some(status) = filter.status {
        rows = rows.filter(tenant::Column::Status.eq(status));
    }
    if let Some(term) = search_term(filter.search.as_deref())? {
        let named = [
            tenant::Column::FullName,
            tenant::Column::ShortName,
            tenant::Column::HostName,
        ]
        .into_iter()
        .fold(Condition::any(), |any, column| {
            any.add(like(column, ["%", &term, "%"]))
        });
        rows = rows.filter(named.add(like(tenant::Column::Number, ["", &term, "%"])));
    }
    Ok(rows)
}

/// `term` is folded; SQLite's own `lower` knows ASCII alone, which is enough for the names here
/// that have cases.
fn like(column: tenant::Column, [before, term, after]: [&str; 3]) -> SimpleExpr {
    let escaped = term
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    let pattern = LikeExpr::new(format!("{before}{escaped}{after}")).escape('\\');
    Func::lower(Expr::col(column)).like(pattern)
}

/// One tenant.
///
/// # Errors
/// `NOT_FOUND`, or the database is away.
pub async fn tenant(ctx: &PlatformContext, id: TenantId) -> Result<TenantView, DomainError> {
    let tx = ctx.registry.services.stores.control().read().await?;
    let row = get(&tx, id).await?;
    drop(tx);
    view(&ctx.registry, row).await
}

/// The tenants of these ids, in the order of the ids; ids that do not exist are left out.
///
/// # Errors
/// The database is away.
pub async fn tenants_by_id(
    ctx: &PlatformContext,
    ids: &[TenantId],
) -> Result<Vec<TenantView>, DomainError> {
    by_id(&ctx.registry, ids).await
}

pub(crate) async fn by_id(
    registry: &Registry,
    ids: &[TenantId],
) -> Result<Vec<TenantView>, DomainError> {
    let tx = registry.services.stores.control().read().await?;
    let ids_wanted = tenant::Column::Id.is_in(ids.iter().copied());
    let mut rows = tenant::Entity::find().filter(ids_wanted).all(&tx).await?;
    drop(tx);
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        views.push(view(registry, row).await?);
    }
    Ok(views)
}

/// The time of the next change of a tenant's row: `now`, but always after `before`, so that whoever
/// remembers a row by its `changed_at` sees every change.
#[must_use]
pub fn later(now: Instant, before: Instant) -> Instant {
    Ord::max(now, before + TimeDelta::microseconds(1))
}

/// The row of a tenant.
///
/// # Errors
/// `NOT_FOUND`.
pub(crate) async fn get(tx: &ControlTx, id: TenantId) -> Result<tenant::Model, DomainError> {
    tenant::Entity::find_by_id(id)
        .one(tx)
        .await?
        .ok_or(DomainError::NOT_FOUND)
}

pub(crate) async fn view(
    registry: &Registry,
    tenant: tenant::Model,
) -> Result<TenantView, DomainError> {
    let entitlements = registry.entitlements.of(tenant.id).await;
    let entitlements = entitlements
        .map_err(|error| DomainError::internal("the entitlements of a tenant", error))?;
    Ok(TenantView {
        tenant,
        entitlements: (*entitlements).clone(),
    })
}

#[cfg(test)]
mod tests {
    use kernel::Clock as _;

    use super::*;

    #[test]
    fn two_changes_of_one_row_never_have_the_same_time() {
        let now = kernel::ManualClock::default().now();
        let first = later(now, now - TimeDelta::hours(1));
        assert_eq!(first, now);
        assert!(later(now, first) > first);
    }
}

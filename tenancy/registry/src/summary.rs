//! The operator's first page: what needs me today. Counts of the control database alone.

use chrono::Duration;
use kernel::Instant;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use tenancy_access::DomainError;
use tenancy_model::TenantStatus;
use tenancy_store::control::tenant;

use crate::{PlatformContext, TenantView, entity::signup, tenants};

/// Days before the end of a term from which a tenant is listed (LIC-13: reminders begin there too).
const SOON_DAYS: i64 = 15;
/// Tenants of one list of this page.
const LISTED_MAX: usize = 20;

/// What needs the operator today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorSummary {
    /// Tenants in use.
    pub tenants_active: u64,
    /// Of all tenants, those in a trial.
    pub tenants_trial: u64,
    /// Tenants whose term ends within 15 days, the first to end first; at most 20.
    pub expiring_soon: Vec<TenantView>,
    /// Tenants whose migration was set aside; at most 20.
    pub migrations_failed: Vec<TenantView>,
    /// Mails of no tenant that were given up in the last 7 days.
    pub mails_failed: u64,
    /// Sign-ups started since midnight UTC.
    pub signups_today: u64,
}

/// Counts and lists.
///
/// # Errors
/// The database is away.
pub async fn operator_summary(ctx: &PlatformContext) -> Result<OperatorSummary, DomainError> {
    let registry = &ctx.registry;
    let now = registry.now();
    let tx = registry.services.stores.control().read().await?;
    let tenants_active = tenant::Entity::find()
        .filter(tenant::Column::Status.eq(TenantStatus::Active))
        .count(&tx)
        .await?;
    let signups_today = signup::Entity::find()
        .filter(signup::Column::CreatedAt.gte(midnight(now)))
        .count(&tx)
        .await?;
    let set_aside = tenant::Entity::find()
        .filter(tenant::Column::MigrationError.is_not_null())
        .order_by_asc(tenant::Column::CreatedAt)
        .limit(LISTED_MAX as u64)
        .all(&tx)
        .await?;
    drop(tx);
    let control = registry.services.stores.control();
    let mails_failed = tenancy_notify::mails_failed(control, now - Duration::days(7)).await?;
    let soon = now + Duration::days(SOON_DAYS);
    let overview = registry.terms.overview(now, soon, LISTED_MAX).await?;
    let mut migrations_failed = Vec::with_capacity(set_aside.len());
    for row in set_aside {
        migrations_failed.push(tenants::view(registry, row).await?);
    }
    Ok(OperatorSummary {
        tenants_active,
        tenants_trial: overview.trials,
        expiring_soon: tenants::by_id(registry, &overview.expiring).await?,
        migrations_failed,
        mails_failed,
        signups_today,
    })
}

fn midnight(now: Instant) -> Instant {
    now.date_naive().and_time(chrono::NaiveTime::MIN).and_utc()
}

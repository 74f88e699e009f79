//! Changes of a tenant's state that keep its data.

use std::sync::Arc;

use kernel::Instant;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _, IntoActiveModel as _,
    QuerySelect as _,
};
use tenancy_access::{
    Actor, DomainError, TenantContext,
    audit_log::{self, Deed},
    required_line,
};
use tenancy_model::{ErrorCode, EventBody, Problem, TenantId, TenantStatus};
use tenancy_store::{ControlTx, control::tenant};

use crate::{
    Steward, TenantView,
    tenants::{self, later},
};

/// Characters of a reason.
const REASON_CHARS_MAX: usize = 200;

/// Closes a tenant to its members for now; nothing is lost. Does nothing when it is suspended
/// already.
///
/// # Errors
/// `NOT_FOUND`, `REQUIRED` without a reason, `TENANT_CLOSED` for one that has ended.
pub async fn tenant_suspend(
    steward: &Steward<'_>,
    id: TenantId,
    reason: &str,
) -> Result<TenantView, DomainError> {
    let reason = required_line("reason", reason, REASON_CHARS_MAX)?;
    let change = Change {
        deed: "tenant.suspend",
        from: &[TenantStatus::Active, TenantStatus::Suspended],
        to: Some(TenantStatus::Suspended),
        reason: Some(reason),
        verify: false,
    };
    change.apply(steward, id).await
}

/// Opens a suspended tenant again. Does nothing when it is active.
///
/// # Errors
/// `NOT_FOUND`, `TENANT_CLOSED` for one that has ended.
pub async fn tenant_resume(steward: &Steward<'_>, id: TenantId) -> Result<TenantView, DomainError> {
    let change = Change {
        deed: "tenant.resume",
        from: &[TenantStatus::Active, TenantStatus::Suspended],
        to: Some(TenantStatus::Active),
        reason: None,
        verify: false,
    };
    change.apply(steward, id).await
}

/// Notes that the company is who it says it is (TEN-06): the bound on its mails is gone, and those
/// that were held go now. Safe to call again after a crash.
///
/// # Errors
/// `NOT_FOUND`, `TENANT_CLOSED` for one that has ended.
pub async fn tenant_verify(steward: &Steward<'_>, id: TenantId) -> Result<TenantView, DomainError> {
    let change = Change {
        deed: "tenant.verify",
        from: &[TenantStatus::Active, TenantStatus::Suspended],
        to: None,
        reason: None,
        verify: true,
    };
    let view = change.apply(steward, id).await?;
    // After the commit: who is about to hold a mail looks at the row first.
    let services = &steward.registry.services;
    let tx = services.stores.tenant_for_upkeep(id).await?.begin().await?;
    tenancy_notify::release_held(&tx, services).await?;
    tx.commit().await?;
    Ok(view)
}

/// Ends a tenant; its data stays until it is erased.
///
/// # Errors
/// `NOT_FOUND`, `REQUIRED` without a reason, `TENANT_CLOSED` for one that is erased.
pub async fn tenant_close(
    steward: &Steward<'_>,
    id: TenantId,
    reason: &str,
) -> Result<TenantView, DomainError> {
    let reason = required_line("reason", reason, REASON_CHARS_MAX)?;
    let change = Change {
        deed: "tenant.close",
        from: &[
            TenantStatus::Active,
            TenantStatus::Suspended,
            TenantStatus::Closing,
        ],
        to: Some(TenantStatus::Closing),
        reason: Some(reason),
        verify: false,
    };
    change.apply(steward, id).await
}

/// One change of a tenant's row.
struct Change {
    deed: &'static str,
    from: &'static [TenantStatus],
    to: Option<TenantStatus>,
    reason: Option<String>,
    verify: bool,
}

impl Change {
    /// 1. Judge, with the row locked.
    /// 2. Change the row.
    /// 3. Write the tenant's own log.
    /// 4. Commit the row: a change without its line is worse than a line without its change.
    /// 5. Close the handle, here and everywhere, or let the work go on that waited.
    async fn apply(self, steward: &Steward<'_>, id: TenantId) -> Result<TenantView, DomainError> {
        let registry = steward.registry;
        let tx = registry.services.stores.control().begin().await?;
        // 1
        let row = lock(&tx, id).await?;
        if !self.from.contains(&row.status) {
            return Err(Problem::new(ErrorCode::TenantClosed).into());
        }
        let done = self.to.is_none_or(|to| to == row.status)
            && (!self.verify || row.verified_at.is_some());
        if done {
            drop(tx);
            return tenants::view(registry, row).await;
        }
        // 2
        let row = self.write(&tx, row, registry.now()).await?;
        // 3
        let ctx = context(steward, row.clone()).await?;
        let audit = ctx.store.begin().await?;
        let deed = Deed::new(self.deed);
        let deed = match &self.reason {
            Some(reason) => deed.to(reason, id),
            None => deed.to(&row.full_name, id),
        };
        audit_log::append(&audit, &ctx, &deed).await?;
        audit.commit().await?;
        // 4
        tx.commit().await?;
        let account = steward.account;
        tracing::info!(tenant = %id, deed = self.deed, ?account, "tenant changed");
        // 5
        let stores = &registry.services.stores;
        stores.tenant_changed(id);
        if row.status == TenantStatus::Active {
            stores.wake_tenant(id).await?;
        } else {
            stores.close_tenant(id);
            ctx.publish(EventBody::TenantClosed).await;
        }
        tenants::view(registry, row).await
    }

    async fn write(
        &self,
        tx: &ControlTx,
        row: tenant::Model,
        now: Instant,
    ) -> Result<tenant::Model, DomainError> {
        let changed_at = later(now, row.changed_at);
        let mut change = row.into_active_model();
        if let Some(to) = self.to {
            change.status = Set(to);
            change.status_reason = Set(self.reason.clone());
        }
        if self.verify {
            change.verified_at = Set(Some(now));
        }
        change.changed_at = Set(changed_at);
        Ok(change.update(tx).await?)
    }
}

/// The row of a tenant, locked until the end of the transaction.
pub(super) async fn lock(tx: &ControlTx, id: TenantId) -> Result<tenant::Model, DomainError> {
    let row = tenant::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx)
        .await?;
    let row = row.ok_or(DomainError::NOT_FOUND)?;
    match row.status {
        // Not there for anybody yet.
        TenantStatus::Provisioning => Err(DomainError::NOT_FOUND),
        _ => Ok(row),
    }
}

/// A context in the tenant, whatever its state, for its log and its bus.
pub(crate) async fn context(
    steward: &Steward<'_>,
    row: tenant::Model,
) -> Result<TenantContext, DomainError> {
    let registry = steward.registry;
    let entitlements = registry.entitlements.of(row.id).await;
    Ok(TenantContext {
        store: registry.services.stores.tenant_for_upkeep(row.id).await?,
        tenant: Arc::new(row),
        actor: Actor::Job { name: steward.name },
        origin: steward.origin.clone(),
        entitlements: entitlements
            .map_err(|error| DomainError::internal("the entitlements of a tenant", error))?,
        services: registry.services.clone(),
    })
}

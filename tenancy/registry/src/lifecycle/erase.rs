//! The end: everything of a tenant goes but its number, its reason and its ledger.

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _,
};
use tenancy_access::DomainError;
use tenancy_model::{
    ERASE_FILES_JOB, ErrorCode, EventBody, JobId, Problem, TenantId, TenantStatus,
};
use tenancy_store::jobs::{JobRequest, enqueue_control};

use super::change::{context, lock};
use crate::{Steward, entity::signup, host_name, tenants::later};

/// Erases a tenant that is closing. Its host name rests for a year; its number is never given out
/// again. Safe to call again after a crash: the row changes last.
///
/// 1. Judge.
/// 2. Close the handle, here and everywhere.
/// 3. Schema, role or file.
/// 4. The sign-up, the mails, what the row says of people, and the job that removes the files.
///
/// # Errors
/// `NOT_FOUND`; `INVALID_INPUT` for a tenant that was not closed before; the shard is away.
pub async fn tenant_erase(steward: &Steward<'_>, id: TenantId) -> Result<(), DomainError> {
    let registry = steward.registry;
    let stores = &registry.services.stores;
    // 1
    let tx = stores.control().read().await?;
    let row = crate::tenants::get(&tx, id).await?;
    drop(tx);
    match row.status {
        TenantStatus::Closing => {}
        TenantStatus::Erased => return Ok(()),
        _ => return Err(Problem::field(ErrorCode::InvalidInput, "id").into()),
    }
    // 2
    stores.close_tenant(id);
    context(steward, row.clone())
        .await?
        .publish(EventBody::TenantClosed)
        .await;
    // 3
    stores.drop_schema(id, &row.shard).await?;
    // 4
    let tx = stores.control().begin().await?;
    let row = lock(&tx, id).await?;
    signup::Entity::delete_many()
        .filter(signup::Column::TenantId.eq(id))
        .exec(&tx)
        .await?;
    tenancy_notify::forget_tenant(&tx, id).await?;
    let services = &registry.services;
    let files = JobRequest {
        id: JobId::new(&*services.clock, &*services.rng),
        kind: ERASE_FILES_JOB,
        key: Some(id.to_string()),
        body: serde_json::Value::Null,
        due_at: registry.now(),
    };
    enqueue_control(&tx, &files).await?;
    let now = registry.now();
    host_name::rest(&tx, &row.host_name, now).await?;
    let changed_at = later(now, row.changed_at);
    // No wished name begins with a hyphen, so this one can clash with none.
    let nobody = format!("-{}", row.number);
    let mut change = row.into_active_model();
    change.status = Set(TenantStatus::Erased);
    change.host_name = Set(nobody);
    change.full_name = Set(String::new());
    change.short_name = Set(None);
    change.email = Set(String::new());
    change.mobile = Set(None);
    change.contact_name = Set(String::new());
    change.changed_at = Set(changed_at);
    change.update(&tx).await?;
    tx.commit().await?;
    stores.tenant_changed(id);
    tracing::info!(tenant = %id, account = ?steward.account, "tenant erased");
    Ok(())
}

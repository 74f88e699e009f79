//! The company page: what a tenant's administrators see and change of its registration (TEN-04,
//! TEN-07).

use std::sync::Arc;

use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _, IntoActiveModel as _};
use tenancy_access::{
    DomainError, TenantContext, audit_log, audit_log::Deed, contact, optional_line, required_line,
    seats_used,
};
use tenancy_model::{ErrorCode, Permission, Problem, limits};
use tenancy_store::control::tenant;

use crate::{is_industry, tenants::later};

/// What to change; `None` stays, an empty text removes what may be absent.
#[derive(Debug, Clone, Default)]
pub struct CompanyUpdate {
    /// 公司全称
    pub full_name: Option<String>,
    /// 简称
    pub short_name: Option<String>,
    /// 注册手机号
    pub mobile: Option<String>,
    /// 邮箱
    pub email: Option<String>,
    /// 行业分类, a key of [`crate::INDUSTRIES`].
    pub industry: Option<String>,
}

/// How many seats are taken (LIC-01): counted now, in the tenant's own rows.
///
/// # Errors
/// The database is away.
pub async fn company_seats_used(ctx: &TenantContext) -> Result<u64, DomainError> {
    Ok(seats_used(&ctx.store.read().await?).await?)
}

/// Changes the registration.
///
/// 1. Authorise. 2. Check every field. 3. Log inside the tenant. 4. Write the row, and answer it.
///
/// The log and the row are in two databases: the log is committed first, so that no change goes
/// unlogged.
///
/// # Errors
/// [`tenancy_access::FaultCode::Forbidden`] without `CompanyManage`; a refusal naming the field.
pub async fn company_update(
    ctx: &TenantContext,
    input: &CompanyUpdate,
) -> Result<TenantContext, DomainError> {
    // 1
    ctx.require(Permission::CompanyManage)?;
    // 2
    let control = ctx.services.stores.control().begin().await?;
    let row = tenant::Entity::find_by_id(ctx.tenant_id())
        .one(&control)
        .await?;
    let row = row.ok_or(DomainError::NOT_FOUND)?;
    let changed_at = later(ctx.now(), row.changed_at);
    let mut change = row.into_active_model();
    fill(&mut change, input)?;
    change.changed_at = Set(changed_at);
    // 3
    let tx = ctx.store.begin().await?;
    audit_log::append(&tx, ctx, &Deed::new("company.update")).await?;
    tx.commit().await?;
    // 4
    let row = change.update(&control).await?;
    control.commit().await?;
    ctx.services.stores.tenant_changed(row.id);
    Ok(TenantContext {
        tenant: Arc::new(row),
        ..ctx.clone()
    })
}

fn fill(change: &mut tenant::ActiveModel, input: &CompanyUpdate) -> Result<(), Problem> {
    if let Some(name) = &input.full_name {
        let name = required_line("fullName", name, limits::COMPANY_NAME_CHARS_MAX)?;
        change.full_name = Set(name);
    }
    if let Some(name) = &input.short_name {
        change.short_name = Set(optional_line(
            "shortName",
            Some(name),
            limits::NAME_CHARS_MAX,
        )?);
    }
    if let Some(mobile) = &input.mobile {
        let given = !mobile.trim().is_empty();
        let mobile = given
            .then(|| contact::mobile("mobile", mobile))
            .transpose()?;
        change.mobile = Set(mobile.map(|mobile| mobile.shown));
    }
    if let Some(email) = &input.email {
        change.email = Set(contact::email("email", email)?.shown);
    }
    if let Some(industry) = &input.industry {
        if !is_industry(industry) {
            return Err(Problem::field(ErrorCode::InvalidInput, "industry"));
        }
        change.industry = Set(industry.clone());
    }
    Ok(())
}

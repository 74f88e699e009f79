//! The company page: registration, seats, expiry (TEN-04, LIC-01, LIC-07).

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use tenancy_access::{
    SuperPasswordSetInput as SuperPassword, TenantContext, security_settings,
    super_password_is_set, super_password_set,
};
use tenancy_files::company_logo;
use tenancy_model::Permission;
use tenancy_registry::{CompanyUpdate, company_seats_used, company_update};

use crate::{
    context::{LimitedAction, language, limit_source, tenant},
    enums::TenantStatus,
    error::{ProblemObject, domain, refused},
    id::print,
    int::int,
};

/// The company of this session.
pub struct Company(pub(crate) TenantContext);

#[Object]
impl Company {
    pub async fn id(&self) -> ID {
        print(self.0.tenant_id())
    }
    async fn enterprise_number(&self) -> &str {
        &self.0.tenant.number
    }
    async fn host_name(&self) -> &str {
        &self.0.tenant.host_name
    }
    async fn full_name(&self) -> &str {
        &self.0.tenant.full_name
    }
    async fn short_name(&self) -> Option<&str> {
        self.0.tenant.short_name.as_deref()
    }
    async fn industry(&self) -> &str {
        &self.0.tenant.industry
    }
    /// Its picture: `/files/{tenant}/logo/{logoId}`; null without one.
    async fn logo_id(&self) -> async_graphql::Result<Option<ID>> {
        let found = company_logo(&self.0).await.map_err(domain)?;
        Ok(found.map(print))
    }
    /// Null without COMPANY_VIEW.
    async fn email(&self) -> Option<&str> {
        self.viewed().then_some(self.0.tenant.email.as_str())
    }
    /// Null without COMPANY_VIEW.
    async fn mobile(&self) -> Option<&str> {
        self.0.tenant.mobile.as_deref().filter(|_| self.viewed())
    }
    async fn status(&self) -> TenantStatus {
        self.0.tenant.status.into()
    }
    async fn verified(&self) -> bool {
        self.0.tenant.verified_at.is_some()
    }
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.tenant.created_at
    }
    /// Counted now.
    async fn seats_used(&self) -> async_graphql::Result<i32> {
        company_seats_used(&self.0).await.map(int).map_err(domain)
    }
    async fn seats_limit(&self) -> i32 {
        int(self.0.entitlements.seats)
    }
    /// Null: without end.
    async fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.0.entitlements.ends_at
    }
    async fn trial(&self) -> bool {
        self.0.entitlements.trial
    }
    /// A seat at the first sign-in (LIC-09); false without COMPANY_VIEW.
    async fn auto_authorize(&self) -> async_graphql::Result<bool> {
        if !self.viewed() {
            return Ok(false);
        }
        let settings = security_settings(&self.0).await.map_err(domain)?;
        Ok(settings.auto_authorize)
    }
    /// Whether the founder has set the super password yet; true without COMPANY_VIEW.
    async fn super_password_set(&self) -> async_graphql::Result<bool> {
        if !self.viewed() {
            return Ok(true);
        }
        super_password_is_set(&self.0).await.map_err(domain)
    }
}

impl Company {
    fn viewed(&self) -> bool {
        self.0.may(Permission::CompanyView)
    }
}

/// What to change; what is absent stays, an empty text removes what may be absent.
#[derive(InputObject)]
pub struct CompanyUpdateInput {
    full_name: Option<String>,
    short_name: Option<String>,
    mobile: Option<String>,
    email: Option<String>,
    industry: Option<String>,
}

/// The company as it is now.
#[derive(SimpleObject)]
pub struct CompanyUpdatePayload {
    problem: Option<ProblemObject>,
    company: Option<Company>,
}

/// One's own password proves who asks; the old super password for the founder.
#[derive(InputObject)]
pub struct SuperPasswordSetInput {
    own_password: String,
    new_password: String,
}

/// The super password is set.
#[derive(SimpleObject)]
pub struct SuperPasswordSetPayload {
    problem: Option<ProblemObject>,
    company: Option<Company>,
}

#[derive(Default)]
pub(super) struct CompanyQuery;

#[Object]
impl CompanyQuery {
    /// The company of this session.
    async fn company(&self, ctx: &Context<'_>) -> async_graphql::Result<Company> {
        Ok(Company(tenant(ctx)?.clone()))
    }
}

#[derive(Default)]
pub(super) struct CompanyMutation;

#[Object]
impl CompanyMutation {
    /// Changes the registration (COMPANY_MANAGE).
    async fn company_update(
        &self,
        ctx: &Context<'_>,
        input: CompanyUpdateInput,
    ) -> async_graphql::Result<CompanyUpdatePayload> {
        let verb = CompanyUpdate {
            full_name: input.full_name,
            short_name: input.short_name,
            mobile: input.mobile,
            email: input.email,
            industry: input.industry,
        };
        let updated = company_update(tenant(ctx)?, &verb).await;
        Ok(match refused(updated, language(ctx))? {
            Ok(context) => CompanyUpdatePayload {
                problem: None,
                company: Some(Company(context)),
            },
            Err(problem) => CompanyUpdatePayload {
                problem: Some(problem),
                company: None,
            },
        })
    }

    /// Sets the password that signs in to the console with the enterprise number (TEN-01;
    /// COMPANY_MANAGE).
    async fn super_password_set(
        &self,
        ctx: &Context<'_>,
        input: SuperPasswordSetInput,
    ) -> async_graphql::Result<SuperPasswordSetPayload> {
        limit_source(ctx, LimitedAction::SignIn).await?;
        let caller = tenant(ctx)?;
        let verb = SuperPassword {
            own_password: input.own_password.into(),
            new_password: input.new_password.into(),
        };
        let set = super_password_set(caller, &verb).await;
        Ok(match refused(set, language(ctx))? {
            Ok(()) => SuperPasswordSetPayload {
                problem: None,
                company: Some(Company(caller.clone())),
            },
            Err(problem) => SuperPasswordSetPayload {
                problem: Some(problem),
                company: None,
            },
        })
    }
}

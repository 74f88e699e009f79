//! Tenants as an operator sees them: size and state, never what their members write.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use tenancy_access::DomainError;
use tenancy_model::TenantId;
use tenancy_registry::{
    PlatformContext, Steward, TenantFilter, TenantUsage, TenantView, shards, tenant,
    tenant_migrate, tenant_resume, tenant_suspend, tenant_usage, tenant_verify, tenants,
};

use crate::{
    context::{language, platform},
    enums::TenantStatus,
    error::{ProblemObject, domain, refused},
    id::{parse, print},
    int::int,
    page::{self, connection},
};

/// One tenant.
pub struct Tenant(pub(crate) TenantView);

connection!(TenantConnection, TenantEdge, Tenant);

/// One PostgreSQL database that holds tenants, or the folder of the embedded column.
#[derive(SimpleObject)]
pub struct Shard {
    name: String,
    /// Whether new tenants may go there.
    open: bool,
    tenants: i32,
    tenants_max: i32,
    healthy: bool,
}

#[Object]
impl Tenant {
    pub async fn id(&self) -> ID {
        print(self.0.tenant.id)
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
    async fn email(&self) -> &str {
        &self.0.tenant.email
    }
    async fn contact_name(&self) -> &str {
        &self.0.tenant.contact_name
    }
    async fn status(&self) -> TenantStatus {
        self.0.tenant.status.into()
    }
    /// Why it is suspended or closing.
    async fn status_reason(&self) -> Option<&str> {
        self.0.tenant.status_reason.as_deref()
    }
    async fn verified(&self) -> bool {
        self.0.tenant.verified_at.is_some()
    }
    async fn trial(&self) -> bool {
        self.0.entitlements.trial
    }
    async fn seats_limit(&self) -> i32 {
        int(self.0.entitlements.seats)
    }
    /// Authorised members; counted lately, not now. Null: its store is away.
    async fn seats_used(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<i32>> {
        Ok(self.usage(ctx).await?.map(|usage| int(usage.seats_used)))
    }
    /// Members in the directory; counted lately, not now. Null: its store is away.
    async fn member_count(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<i32>> {
        Ok(self.usage(ctx).await?.map(|usage| int(usage.members)))
    }
    /// Null: without end.
    async fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.0.entitlements.ends_at
    }
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.tenant.created_at
    }
    async fn shard(&self) -> &str {
        &self.0.tenant.shard
    }
    async fn schema_version(&self) -> String {
        self.0.tenant.schema_version.to_string()
    }
    /// Why its last migration was set aside.
    async fn migration_error(&self) -> Option<&str> {
        self.0.tenant.migration_error.as_deref()
    }
}

impl Tenant {
    async fn usage(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<TenantUsage>> {
        let id = self.0.tenant.id;
        let found = tenant_usage(platform(ctx)?, &[id]).await.map_err(domain)?;
        Ok(found.get(&id).cloned())
    }
}

/// One tenant; `NOT_FOUND` when there is none.
pub(super) async fn get(caller: &PlatformContext, id: TenantId) -> async_graphql::Result<Tenant> {
    tenant(caller, id).await.map(Tenant).map_err(domain)
}

#[derive(Default)]
pub(super) struct TenantQuery;

#[Object]
impl TenantQuery {
    /// All tenants, newest first; search by name, host name, enterprise number.
    async fn tenants(
        &self,
        ctx: &Context<'_>,
        search: Option<String>,
        status: Option<TenantStatus>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
    ) -> async_graphql::Result<TenantConnection> {
        let caller = platform(ctx)?;
        let filter = TenantFilter {
            search,
            status: status.map(Into::into),
        };
        let request = page::request(first, after.clone())?;
        let found = tenants(caller, &filter, &request).await.map_err(domain)?;
        Ok(TenantConnection::new(found, after.as_ref(), Tenant))
    }

    /// One tenant.
    async fn tenant(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<Tenant>> {
        get(platform(ctx)?, parse(&id)?).await.map(Some)
    }

    /// Where tenants live, and how full it is there.
    async fn shards(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Shard>> {
        let found = shards(platform(ctx)?).await.map_err(domain)?;
        let shard = |state: tenancy_store::ShardState| Shard {
            name: state.name,
            open: state.open,
            tenants: int(state.tenants),
            tenants_max: int(state.tenants_max),
            healthy: state.healthy,
        };
        Ok(found.into_iter().map(shard).collect())
    }
}

/// Declares the payload of a mutation that answers the tenant.
macro_rules! payload {
    ($($(#[$doc:meta])* $name:ident),+) => {
        $(
            $(#[$doc])*
            #[derive(SimpleObject)]
            pub struct $name {
                problem: Option<ProblemObject>,
                tenant: Option<Tenant>,
            }

            impl $name {
                fn of(
                    ctx: &Context<'_>,
                    result: Result<TenantView, DomainError>,
                ) -> async_graphql::Result<Self> {
                    Ok(match refused(result, language(ctx))? {
                        Ok(tenant) => Self { problem: None, tenant: Some(Tenant(tenant)) },
                        Err(problem) => Self { problem: Some(problem), tenant: None },
                    })
                }
            }
        )+
    };
}

payload!(
    /// The tenant is suspended: nobody can sign in, nothing is lost.
    TenantSuspendPayload,
    /// The tenant is in use again.
    TenantResumePayload,
    /// The company is verified.
    TenantVerifyPayload,
    /// The tenant's tables are current.
    TenantMigratePayload
);

/// Which tenant, and why.
#[derive(InputObject)]
pub struct TenantSuspendInput {
    id: ID,
    reason: String,
}

/// Which tenant.
#[derive(InputObject)]
pub struct TenantResumeInput {
    id: ID,
}

/// Which tenant.
#[derive(InputObject)]
pub struct TenantVerifyInput {
    id: ID,
}

/// Which tenant.
#[derive(InputObject)]
pub struct TenantMigrateInput {
    id: ID,
}

#[derive(Default)]
pub(super) struct TenantMutation;

#[Object]
impl TenantMutation {
    /// Closes the company to its members for now; live sockets go at once.
    async fn tenant_suspend(
        &self,
        ctx: &Context<'_>,
        input: TenantSuspendInput,
    ) -> async_graphql::Result<TenantSuspendPayload> {
        let steward = Steward::from(platform(ctx)?);
        let done = tenant_suspend(&steward, parse(&input.id)?, &input.reason).await;
        TenantSuspendPayload::of(ctx, done)
    }

    /// Opens a suspended company again.
    async fn tenant_resume(
        &self,
        ctx: &Context<'_>,
        input: TenantResumeInput,
    ) -> async_graphql::Result<TenantResumePayload> {
        let steward = Steward::from(platform(ctx)?);
        TenantResumePayload::of(ctx, tenant_resume(&steward, parse(&input.id)?).await)
    }

    /// Says that the company is who it says it is (TEN-06).
    async fn tenant_verify(
        &self,
        ctx: &Context<'_>,
        input: TenantVerifyInput,
    ) -> async_graphql::Result<TenantVerifyPayload> {
        let steward = Steward::from(platform(ctx)?);
        TenantVerifyPayload::of(ctx, tenant_verify(&steward, parse(&input.id)?).await)
    }

    /// Tries a set-aside tenant's migration again.
    async fn tenant_migrate(
        &self,
        ctx: &Context<'_>,
        input: TenantMigrateInput,
    ) -> async_graphql::Result<TenantMigratePayload> {
        let steward = Steward::from(platform(ctx)?);
        TenantMigratePayload::of(ctx, tenant_migrate(&steward, parse(&input.id)?).await)
    }
}

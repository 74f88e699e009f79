//! /platform/graphql: outside any tenant: sign-up, operators. A resolver here holds a
//! `PlatformContext` at most, which has no way to open a tenant's messages. One file per noun.

mod deployment;
mod mail;
mod operator;
mod signup;
mod tenant;

use async_graphql::{Context, ID, Interface, MergedObject, Object};
use tenancy_model::{ErrorCode, MailId, TenantId};

use crate::{context::platform, error::fault, id::parse};

/// Queries of /platform/graphql.
#[derive(MergedObject, Default)]
pub struct PlatformQuery(
    NodeQuery,
    deployment::DeploymentQuery,
    mail::MailQuery,
    operator::OperatorQuery,
    tenant::TenantQuery,
);

/// Mutations of /platform/graphql.
#[derive(MergedObject, Default)]
pub struct PlatformMutation(
    signup::SignupMutation,
    operator::OperatorMutation,
    tenant::TenantMutation,
);

/// Something with an id.
#[expect(
    clippy::large_enum_variant,
    reason = "one lives for one field, on the way out"
)]
#[derive(Interface)]
#[graphql(name = "Node", field(name = "id", ty = "ID"))]
pub enum PlatformNode {
    /// A tenant.
    Tenant(tenant::Tenant),
    /// A mail.
    Mail(mail::PlatformMail),
}

#[derive(Default)]
struct NodeQuery;

#[Object]
impl NodeQuery {
    /// Anything with an id; `NOT_FOUND` when it does not exist.
    async fn node(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<PlatformNode>> {
        let caller = platform(ctx)?;
        if let Ok(tenant) = parse::<TenantId>(&id) {
            return tenant::get(caller, tenant)
                .await
                .map(|found| Some(found.into()));
        }
        if let Ok(mail) = parse::<MailId>(&id) {
            return mail::get(caller, mail)
                .await
                .map(|found| Some(found.into()));
        }
        Err(fault(ErrorCode::NotFound))
    }
}

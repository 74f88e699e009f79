//! How a resolver gets its context. The edge puts one [`TenantRequest`] or [`PlatformRequest`] into
//! each request; a resolver asks for what it needs and is refused when the session does not have
//! it.

use std::{net::IpAddr, sync::Arc};

use async_graphql::Context;
use async_trait::async_trait;
use tenancy_access::{Origin, TenantContext};
use tenancy_model::{ErrorCode, Language, MemberId, SessionId, TenantId};
use tenancy_registry::PlatformContext;

use crate::{
    Gateway, SessionChange, SessionChanges,
    error::{fault, rate_limited},
    tenant::loader::{Adopted, Loaders},
};

/// What is limited in how often it may be done; the edge has the table of quotas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitedAction {
    /// Starting a sign-up, or asking for its code again; by source.
    SignUp,
    /// Trying a code or a one-time link; by source.
    Code,
    /// Trying a password; by source.
    SignIn,
    /// Sending a message; by member.
    Send,
    /// Asking what changed; by member.
    Sync,
    /// Everything else; by session, or by source without one.
    Api,
}

/// Counts actions against their quotas.
#[async_trait]
pub trait ActionLimiter: Send + Sync {
    /// Counts one action of `key`.
    ///
    /// # Errors
    /// Seconds to wait, when the quota is used up.
    async fn check(&self, action: LimitedAction, key: LimitKey<'_>) -> Result<(), u64>;
}

/// By whom an action is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitKey<'a> {
    /// An address; of IPv6 its /64, which is what one customer has.
    Source(IpAddr),
    /// A tenant.
    Tenant(TenantId),
    /// A member.
    Member(TenantId, MemberId),
    /// A session.
    Session(SessionId),
    /// Anything else, e.g. an e-mail address.
    Text(&'a str),
}

/// What every request has, whoever sent it.
#[derive(Clone)]
pub struct RequestScope {
    /// Where it came from.
    pub origin: Origin,
    /// The table of quotas.
    pub limiter: Arc<dyn ActionLimiter>,
}

/// A request to /graphql: the session's context, or none.
pub struct TenantRequest {
    context: Option<TenantContext>,
    scope: RequestScope,
    pub(crate) loaders: Option<Loaders>,
    pub(crate) adopted: Adopted,
}

impl TenantRequest {
    /// Of a session, or of nobody.
    #[must_use]
    pub fn new(context: Option<TenantContext>, scope: RequestScope, gateway: &Gateway) -> Self {
        let loaders = context
            .clone()
            .map(|context| Loaders::new(context, gateway));
        Self {
            context,
            scope,
            loaders,
            adopted: Adopted::default(),
        }
    }
}

/// A request to /platform/graphql: the session's context, or none.
pub struct PlatformRequest {
    context: Option<PlatformContext>,
    scope: RequestScope,
}

impl PlatformRequest {
    /// Of a session, or of nobody.
    #[must_use]
    pub fn new(context: Option<PlatformContext>, scope: RequestScope) -> Self {
        Self { context, scope }
    }
}

/// The context of a request that has a session in a tenant.
///
/// # Errors
/// `UNAUTHENTICATED`
pub(crate) fn tenant<'a>(ctx: &Context<'a>) -> async_graphql::Result<&'a TenantContext> {
    tenant_opt(ctx).ok_or_else(|| fault(ErrorCode::Unauthenticated))
}

/// The same, where a request without a session is fine too.
pub(crate) fn tenant_opt<'a>(ctx: &Context<'a>) -> Option<&'a TenantContext> {
    ctx.data_opt::<TenantRequest>()
        .and_then(|request| request.context.as_ref())
}

/// The context of a request that has an operator's session.
///
/// # Errors
/// `UNAUTHENTICATED`
pub(crate) fn platform<'a>(ctx: &Context<'a>) -> async_graphql::Result<&'a PlatformContext> {
    platform_opt(ctx).ok_or_else(|| fault(ErrorCode::Unauthenticated))
}

/// The same, where a request without a session is fine too.
pub(crate) fn platform_opt<'a>(ctx: &Context<'a>) -> Option<&'a PlatformContext> {
    ctx.data_opt::<PlatformRequest>()
        .and_then(|request| request.context.as_ref())
}

/// Where the request came from.
///
/// # Errors
/// `INTERNAL` when the edge forgot it, which only a program error does.
pub(crate) fn scope<'a>(ctx: &Context<'a>) -> async_graphql::Result<&'a RequestScope> {
    ctx.data_opt::<TenantRequest>()
        .map(|request| &request.scope)
        .or_else(|| {
            ctx.data_opt::<PlatformRequest>()
                .map(|request| &request.scope)
        })
        .ok_or_else(|| fault(ErrorCode::Internal))
}

/// The language to answer in.
pub(crate) fn language(ctx: &Context<'_>) -> Language {
    scope(ctx)
        .map(|scope| scope.origin.language)
        .unwrap_or_default()
}

/// Counts one action of the caller's source.
///
/// # Errors
/// `RATE_LIMITED` with the time to wait.
pub(crate) async fn limit_source(
    ctx: &Context<'_>,
    action: LimitedAction,
) -> async_graphql::Result<()> {
    let scope = scope(ctx)?;
    match scope.origin.ip {
        Some(ip) => scope
            .limiter
            .check(action, LimitKey::Source(ip))
            .await
            .map_err(rate_limited),
        None => Ok(()),
    }
}

/// Counts one action of the acting member.
///
/// # Errors
/// `RATE_LIMITED` with the time to wait.
pub(crate) async fn limit_member(
    ctx: &Context<'_>,
    action: LimitedAction,
) -> async_graphql::Result<()> {
    let caller = tenant(ctx)?;
    let Some(member) = caller.actor.member() else {
        return Ok(());
    };
    let key = LimitKey::Member(caller.tenant_id(), member);
    scope(ctx)?
        .limiter
        .check(action, key)
        .await
        .map_err(rate_limited)
}

/// Changes the caller's cookies when the request has been answered.
///
/// # Errors
/// `BAD_REQUEST` over a socket, which has no cookies to set.
pub(crate) fn change_session(
    ctx: &Context<'_>,
    change: SessionChange,
) -> async_graphql::Result<()> {
    let changes = ctx
        .data_opt::<SessionChanges>()
        .ok_or_else(|| fault(ErrorCode::BadRequest))?;
    changes.push(change);
    Ok(())
}

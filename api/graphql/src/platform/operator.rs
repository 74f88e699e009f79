//! Operators: claim, sign-in, sign-out, and what needs them today.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use tenancy_access::DomainError;
use tenancy_registry::{
    Operator, OperatorForm, SignedIn, operator_claim, operator_sign_in, operator_sign_out,
    operator_summary,
};

use super::tenant::Tenant;
use crate::{
    Door, Gateway, SessionChange,
    context::{
        LimitedAction, change_session, language, limit_source, platform, platform_opt, scope,
    },
    enums::Language,
    error::{ProblemObject, domain, refused},
    id::print,
    int::int,
};

/// Who this session is.
#[derive(SimpleObject)]
pub struct PlatformViewer {
    account_id: ID,
    name: String,
    email: String,
    session_id: ID,
    language: Option<Language>,
}

/// What needs an operator today.
#[derive(SimpleObject)]
pub struct OperatorSummary {
    tenants_active: i32,
    tenants_trial: i32,
    /// Terms that end within 15 days, the first to end first.
    expiring_soon: Vec<Tenant>,
    /// Tenants whose migration was set aside.
    migrations_failed: Vec<Tenant>,
    /// Mails of no tenant that were given up in the last 7 days.
    mails_failed: i32,
    /// Started since midnight UTC.
    signups_today: i32,
}

/// The one-time link, and the first operator.
#[derive(InputObject)]
pub struct OperatorClaimInput {
    token: String,
    name: String,
    email: String,
    password: String,
}

/// The first operator is signed in.
#[derive(SimpleObject)]
pub struct OperatorClaimPayload {
    problem: Option<ProblemObject>,
    viewer: Option<PlatformViewer>,
}

/// What an operator signs in with.
#[derive(InputObject)]
pub struct OperatorSignInInput {
    email: String,
    password: String,
}

/// The operator is signed in.
#[derive(SimpleObject)]
pub struct OperatorSignInPayload {
    problem: Option<ProblemObject>,
    viewer: Option<PlatformViewer>,
}

/// The session has ended.
#[derive(SimpleObject)]
#[graphql(name = "SignOutPayload")]
pub struct PlatformSignOutPayload {
    problem: Option<ProblemObject>,
}

#[derive(Default)]
pub(super) struct OperatorQuery;

#[Object]
impl OperatorQuery {
    /// Who this session is; null without a session.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<PlatformViewer> {
        platform_opt(ctx).map(|caller| caller.operator().clone().into())
    }

    /// What needs an operator today.
    async fn summary(&self, ctx: &Context<'_>) -> async_graphql::Result<OperatorSummary> {
        let found = operator_summary(platform(ctx)?).await.map_err(domain)?;
        Ok(OperatorSummary {
            tenants_active: int(found.tenants_active),
            tenants_trial: int(found.tenants_trial),
            expiring_soon: found.expiring_soon.into_iter().map(Tenant).collect(),
            migrations_failed: found.migrations_failed.into_iter().map(Tenant).collect(),
            mails_failed: int(found.mails_failed),
            signups_today: int(found.signups_today),
        })
    }
}

#[derive(Default)]
pub(super) struct OperatorMutation;

#[Object]
impl OperatorMutation {
    /// The one-time link printed at the first start makes the first operator.
    async fn operator_claim(
        &self,
        ctx: &Context<'_>,
        input: OperatorClaimInput,
    ) -> async_graphql::Result<OperatorClaimPayload> {
        limit_source(ctx, LimitedAction::Code).await?;
        let form = OperatorForm {
            name: input.name,
            email: input.email,
            password: input.password.into(),
        };
        let registry = &ctx.data::<Gateway>()?.registry;
        let origin = &scope(ctx)?.origin;
        let claimed = operator_claim(registry, origin, &input.token.into(), &form).await;
        let (problem, viewer) = begin(ctx, claimed)?;
        Ok(OperatorClaimPayload { problem, viewer })
    }

    /// Signs an operator in.
    async fn operator_sign_in(
        &self,
        ctx: &Context<'_>,
        input: OperatorSignInInput,
    ) -> async_graphql::Result<OperatorSignInPayload> {
        limit_source(ctx, LimitedAction::SignIn).await?;
        let registry = &ctx.data::<Gateway>()?.registry;
        let origin = &scope(ctx)?.origin;
        let password = input.password.into();
        let signed_in = operator_sign_in(registry, origin, &input.email, &password).await;
        let (problem, viewer) = begin(ctx, signed_in)?;
        Ok(OperatorSignInPayload { problem, viewer })
    }

    /// Ends this session.
    async fn sign_out(&self, ctx: &Context<'_>) -> async_graphql::Result<PlatformSignOutPayload> {
        operator_sign_out(platform(ctx)?).await.map_err(domain)?;
        change_session(
            ctx,
            SessionChange::End {
                door: Door::Platform,
            },
        )?;
        Ok(PlatformSignOutPayload { problem: None })
    }
}

/// Gives the browser the new session's cookie, or answers why there is none.
fn begin(
    ctx: &Context<'_>,
    result: Result<SignedIn, DomainError>,
) -> async_graphql::Result<(Option<ProblemObject>, Option<PlatformViewer>)> {
    let signed_in = match refused(result, language(ctx))? {
        Ok(signed_in) => signed_in,
        Err(problem) => return Ok((Some(problem), None)),
    };
    let now = ctx.data::<Gateway>()?.services.clock.now();
    let max_age_s = (signed_in.expires_at - now).num_seconds();
    let door = Door::Platform;
    change_session(
        ctx,
        SessionChange::Begin {
            door,
            token: signed_in.token,
            max_age_s,
        },
    )?;
    Ok((None, Some(signed_in.operator.into())))
}

impl From<Operator> for PlatformViewer {
    fn from(operator: Operator) -> Self {
        Self {
            account_id: print(operator.account),
            name: operator.name,
            email: operator.email,
            session_id: print(operator.session),
            language: operator.language.map(Into::into),
        }
    }
}

//! Public sign-up: form, code, tenant (TEN-05, LIC-02).

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use tenancy_registry::{SignupConfirm, SignupForm, signup_confirm, signup_resend, signup_start};

use crate::{
    Gateway,
    context::{LimitedAction, language, limit_source, scope},
    enums::Language,
    error::{ProblemObject, refused},
    id::{parse, print},
    int::int,
};

/// The form of the sign-up.
#[derive(InputObject)]
pub struct SignupStartInput {
    full_name: String,
    email: String,
    contact_name: String,
    industry: String,
    host_name: String,
    password: String,
    /// The version that was shown and accepted; empty: not accepted.
    terms_version: String,
    language: Language,
}

/// A code is on its way.
#[derive(SimpleObject, Default)]
pub struct SignupStartPayload {
    problem: Option<ProblemObject>,
    signup_id: Option<ID>,
    expires_at: Option<DateTime<Utc>>,
    resend_after_s: Option<i32>,
}

/// Which sign-up.
#[derive(InputObject)]
pub struct SignupResendInput {
    signup_id: ID,
}

/// Another code is on its way.
#[derive(SimpleObject)]
pub struct SignupResendPayload {
    problem: Option<ProblemObject>,
    resend_after_s: Option<i32>,
}

/// Which sign-up, and the code out of the mail.
#[derive(InputObject)]
pub struct SignupConfirmInput {
    signup_id: ID,
    code: String,
}

/// The company is ready.
#[derive(SimpleObject)]
pub struct SignupConfirmPayload {
    problem: Option<ProblemObject>,
    tenant: Option<SignedUpTenant>,
}

/// What the founder needs for the first sign-in.
#[derive(SimpleObject)]
pub struct SignedUpTenant {
    tenant_id: ID,
    enterprise_number: String,
    host_name: String,
    full_name: String,
    account: String,
    seats_limit: i32,
    expires_at: Option<DateTime<Utc>>,
}

#[derive(Default)]
pub(super) struct SignupMutation;

#[Object]
impl SignupMutation {
    /// Checks the form and mails a code; no tenant exists before the code is confirmed.
    async fn signup_start(
        &self,
        ctx: &Context<'_>,
        input: SignupStartInput,
    ) -> async_graphql::Result<SignupStartPayload> {
        limit_source(ctx, LimitedAction::SignUp).await?;
        let form = SignupForm {
            full_name: input.full_name,
            email: input.email,
            contact_name: input.contact_name,
            industry: input.industry,
            host_name: input.host_name,
            password: input.password.into(),
            terms_version: input.terms_version,
            language: input.language.into(),
        };
        let registry = &ctx.data::<Gateway>()?.registry;
        let started = signup_start(registry, &scope(ctx)?.origin, &form).await;
        Ok(match refused(started, language(ctx))? {
            Ok(started) => SignupStartPayload {
                problem: None,
                signup_id: Some(print(started.signup)),
                expires_at: Some(started.expires_at),
                resend_after_s: Some(int(started.resend_after_s)),
            },
            Err(problem) => SignupStartPayload {
                problem: Some(problem),
                ..SignupStartPayload::default()
            },
        })
    }

    /// Mails another code; the one before is void.
    async fn signup_resend(
        &self,
        ctx: &Context<'_>,
        input: SignupResendInput,
    ) -> async_graphql::Result<SignupResendPayload> {
        limit_source(ctx, LimitedAction::Code).await?;
        let registry = &ctx.data::<Gateway>()?.registry;
        let resent = signup_resend(registry, parse(&input.signup_id)?).await;
        Ok(match refused(resent, language(ctx))? {
            Ok(wait) => SignupResendPayload {
                problem: None,
                resend_after_s: Some(int(wait)),
            },
            Err(problem) => SignupResendPayload {
                problem: Some(problem),
                resend_after_s: None,
            },
        })
    }

    /// Makes the tenant. A code is single use and expires; at most 5 guesses.
    async fn signup_confirm(
        &self,
        ctx: &Context<'_>,
        input: SignupConfirmInput,
    ) -> async_graphql::Result<SignupConfirmPayload> {
        limit_source(ctx, LimitedAction::Code).await?;
        let registry = &ctx.data::<Gateway>()?.registry;
        let confirm = SignupConfirm {
            signup: parse(&input.signup_id)?,
            code: input.code.into(),
        };
        let done = signup_confirm(registry, &confirm).await;
        Ok(match refused(done, language(ctx))? {
            Ok(tenant) => SignupConfirmPayload {
                problem: None,
                tenant: Some(tenant.into()),
            },
            Err(problem) => SignupConfirmPayload {
                problem: Some(problem),
                tenant: None,
            },
        })
    }
}

impl From<tenancy_registry::SignedUpTenant> for SignedUpTenant {
    fn from(tenant: tenancy_registry::SignedUpTenant) -> Self {
        Self {
            tenant_id: print(tenant.tenant),
            enterprise_number: tenant.number,
            host_name: tenant.host_name,
            full_name: tenant.full_name,
            account: tenant.account,
            seats_limit: int(tenant.seats),
            expires_at: tenant.ends_at,
        }
    }
}

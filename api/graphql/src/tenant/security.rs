//! The rules of sign-in and passwords that a company sets for itself (SEC-02, 08, 09, 16; LIC-09).

use async_graphql::{Context, InputObject, Object, SimpleObject};
use tenancy_access::{
    SecuritySettingsUpdateInput as Verb, security_settings, security_settings_update,
};

use crate::{
    context::{language, tenant},
    error::{ProblemObject, domain, refused},
    int::int,
};

/// The rules as set.
#[derive(SimpleObject)]
pub struct SecuritySettings {
    strong_password: bool,
    /// Days until a password must be changed; 0: never.
    password_validity_days: i32,
    sign_in_by_email: bool,
    sign_in_by_mobile: bool,
    /// Several devices of one type at once.
    several_devices: bool,
    /// A seat at the first sign-in.
    auto_authorize: bool,
}

/// What to change; what is absent stays.
#[derive(InputObject)]
pub struct SecuritySettingsUpdateInput {
    strong_password: Option<bool>,
    password_validity_days: Option<i32>,
    sign_in_by_email: Option<bool>,
    sign_in_by_mobile: Option<bool>,
    several_devices: Option<bool>,
    auto_authorize: Option<bool>,
}

/// The rules from now on.
#[derive(SimpleObject)]
pub struct SecuritySettingsUpdatePayload {
    problem: Option<ProblemObject>,
    settings: Option<SecuritySettings>,
}

impl From<tenancy_access::SecuritySettings> for SecuritySettings {
    fn from(settings: tenancy_access::SecuritySettings) -> Self {
        Self {
            strong_password: settings.strong_password,
            password_validity_days: int(settings.password_validity_days),
            sign_in_by_email: settings.sign_in_by_email,
            sign_in_by_mobile: settings.sign_in_by_mobile,
            several_devices: settings.several_devices,
            auto_authorize: settings.auto_authorize,
        }
    }
}

#[derive(Default)]
pub(super) struct SecurityQuery;

#[Object]
impl SecurityQuery {
    /// The rules as set (SECURITY_MANAGE or COMPANY_VIEW).
    async fn security_settings(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<SecuritySettings> {
        Ok(security_settings(tenant(ctx)?)
            .await
            .map_err(domain)?
            .into())
    }
}

#[derive(Default)]
pub(super) struct SecurityMutation;

#[Object]
impl SecurityMutation {
    /// Changes the rules (SECURITY_MANAGE).
    async fn security_settings_update(
        &self,
        ctx: &Context<'_>,
        input: SecuritySettingsUpdateInput,
    ) -> async_graphql::Result<SecuritySettingsUpdatePayload> {
        let verb = Verb {
            strong_password: input.strong_password,
            password_validity_days: input.password_validity_days,
            sign_in_by_email: input.sign_in_by_email,
            sign_in_by_mobile: input.sign_in_by_mobile,
            several_devices: input.several_devices,
            auto_authorize: input.auto_authorize,
        };
        let updated = security_settings_update(tenant(ctx)?, &verb).await;
        Ok(match refused(updated, language(ctx))? {
            Ok(settings) => SecuritySettingsUpdatePayload {
                problem: None,
                settings: Some(settings.into()),
            },
            Err(problem) => SecuritySettingsUpdatePayload {
                problem: Some(problem),
                settings: None,
            },
        })
    }
}

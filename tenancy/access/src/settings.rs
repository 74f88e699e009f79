//! The rules of sign-in and passwords that a tenant sets for itself.

use serde::{Deserialize, Serialize};
use tenancy_model::{ErrorCode, Permission, Problem, RecordId};
use tenancy_store::{
    StoreError, TenantTx,
    record::{self, RecordWrite},
};

use crate::{
    DomainError, PasswordRule, TenantContext, Visit,
    audit_log::{Deed, append},
};

/// Kind of the records that hold a tenant's settings.
pub(crate) const SETTINGS: &str = "settings";
const KEY: &str = "security";
/// The longest time after which passwords must be changed (SEC-09).
const VALIDITY_DAYS_MAX: u32 = 3_650;

/// The rules as set; the defaults are those of a tenant that never set any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SecuritySettings {
    /// SEC-08.
    pub strong_password: bool,
    /// Days until a password must be changed; 0: never (SEC-09).
    pub password_validity_days: u32,
    /// SEC-02.
    pub sign_in_by_email: bool,
    /// SEC-02.
    pub sign_in_by_mobile: bool,
    /// Several devices of one type at once (SEC-16).
    pub several_devices: bool,
    /// A seat at the first sign-in (LIC-09).
    pub auto_authorize: bool,
}

impl Default for SecuritySettings {
    fn default() -> Self {
        Self {
            strong_password: false,
            password_validity_days: 0,
            sign_in_by_email: false,
            sign_in_by_mobile: false,
            several_devices: false,
            auto_authorize: true,
        }
    }
}

impl SecuritySettings {
    /// What a password must be like.
    #[must_use]
    pub fn password_rule(&self) -> PasswordRule {
        PasswordRule::new(self.strong_password)
    }
}

/// What to change; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct SecuritySettingsUpdateInput {
    /// See [`SecuritySettings::strong_password`].
    pub strong_password: Option<bool>,
    /// See [`SecuritySettings::password_validity_days`].
    pub password_validity_days: Option<i32>,
    /// See [`SecuritySettings::sign_in_by_email`].
    pub sign_in_by_email: Option<bool>,
    /// See [`SecuritySettings::sign_in_by_mobile`].
    pub sign_in_by_mobile: Option<bool>,
    /// See [`SecuritySettings::several_devices`].
    pub several_devices: Option<bool>,
    /// See [`SecuritySettings::auto_authorize`].
    pub auto_authorize: Option<bool>,
}

/// The rules in force, inside a transaction.
///
/// # Errors
/// The database refused.
pub async fn settings_in(tx: &TenantTx) -> Result<SecuritySettings, StoreError> {
    let record = record::get::<SecuritySettings>(tx, SETTINGS, KEY).await?;
    Ok(record.map(|record| record.body).unwrap_or_default())
}

/// The rules in force, for the console.
///
/// # Errors
/// [`DomainError::FORBIDDEN`] without `SecurityManage` or `CompanyView`.
pub async fn security_settings(ctx: &TenantContext) -> Result<SecuritySettings, DomainError> {
    if ctx.require(Permission::SecurityManage).is_err() {
        ctx.require(Permission::CompanyView)?;
    }
    Ok(settings_in(&ctx.store.read().await?).await?)
}

/// What a new password must be like: told to everybody, also before they are signed in.
///
/// # Errors
/// The database refused.
pub async fn password_rule(visit: &Visit) -> Result<PasswordRule, DomainError> {
    let settings = settings_in(&visit.store.read().await?).await?;
    Ok(settings.password_rule())
}

/// Changes the rules; in force for whoever signs in or sets a password next.
///
/// # Errors
/// [`DomainError::FORBIDDEN`] without `SecurityManage`; `INVALID_INPUT`.
pub async fn security_settings_update(
    ctx: &TenantContext,
    input: &SecuritySettingsUpdateInput,
) -> Result<SecuritySettings, DomainError> {
    ctx.require(Permission::SecurityManage)?;
    let days = input
        .password_validity_days
        .map(validity_days)
        .transpose()?;
    let tx = ctx.store.begin().await?;
    crate::lock::lock_row(&tx, &ctx.services, "settings").await?;
    let old = settings_in(&tx).await?;
    let new = SecuritySettings {
        strong_password: input.strong_password.unwrap_or(old.strong_password),
        password_validity_days: days.unwrap_or(old.password_validity_days),
        sign_in_by_email: input.sign_in_by_email.unwrap_or(old.sign_in_by_email),
        sign_in_by_mobile: input.sign_in_by_mobile.unwrap_or(old.sign_in_by_mobile),
        several_devices: input.several_devices.unwrap_or(old.several_devices),
        auto_authorize: input.auto_authorize.unwrap_or(old.auto_authorize),
    };
    let write = RecordWrite {
        id: RecordId::new(ctx.clock(), ctx.rng()),
        kind: SETTINGS,
        key: KEY,
        body: &new,
        now: ctx.now(),
    };
    record::put(&tx, write).await?;
    append(&tx, ctx, &Deed::new("security_settings.update")).await?;
    tx.commit().await?;
    Ok(new)
}

fn validity_days(days: i32) -> Result<u32, Problem> {
    let bad = || Problem::field(ErrorCode::InvalidInput, "passwordValidityDays");
    let days = u32::try_from(days).map_err(|_| bad())?;
    if days > VALIDITY_DAYS_MAX {
        return Err(bad().limit(VALIDITY_DAYS_MAX.into()));
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    // covers: SEC-09
    #[test]
    fn the_days_of_a_password_are_bounded() {
        assert_eq!(validity_days(0), Ok(0));
        assert_eq!(validity_days(3_650), Ok(VALIDITY_DAYS_MAX));
        let told = |days| validity_days(days).unwrap_err();
        assert_eq!(told(-1).code, ErrorCode::InvalidInput);
        let problem = told(3_651);
        assert_eq!(problem.field, Some("passwordValidityDays"));
        assert_eq!(problem.limit, Some(3_650));
    }
}

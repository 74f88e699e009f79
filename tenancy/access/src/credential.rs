//! The sign-in side of a member: found by what was typed, locked for one transaction at a time,
//! given a password. What else a member is belongs to the directory.

use chrono::Duration;
use kernel::Instant;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _, QuerySelect as _};
use tenancy_model::MemberId;
use tenancy_store::{StoreError, TenantTx};

use crate::{
    SecuritySettings, Services, contact,
    entity::{credential, member_key},
    failures::{self, Target},
};

/// Kind of the key that an account is found by.
pub const KEY_ACCOUNT: &str = "account";
/// Kind of the key that an e-mail address is found by.
pub const KEY_EMAIL: &str = "email";
/// Kind of the key that a mobile number is found by.
pub const KEY_MOBILE: &str = "mobile";

/// Which keys may name a member.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keys {
    pub(crate) email: bool,
    pub(crate) mobile: bool,
}

impl From<&SecuritySettings> for Keys {
    fn from(settings: &SecuritySettings) -> Self {
        Self {
            email: settings.sign_in_by_email,
            mobile: settings.sign_in_by_mobile,
        }
    }
}

/// The member whom a typed name means: an account, else an e-mail address or mobile number where
/// these may name somebody (SEC-01, SEC-02).
pub(crate) async fn find(
    tx: &TenantTx,
    name: &str,
    keys: Keys,
) -> Result<Option<credential::Model>, StoreError> {
    let mut wanted = vec![(KEY_ACCOUNT, kernel::fold(name))];
    if let Some(email) = contact::email("account", name).ok().filter(|_| keys.email) {
        wanted.push((KEY_EMAIL, email.folded));
    }
    if let Some(mobile) = contact::mobile("account", name)
        .ok()
        .filter(|_| keys.mobile)
    {
        wanted.push((KEY_MOBILE, mobile.folded));
    }
    for (kind, folded) in wanted {
        let key = (kind.to_owned(), folded);
        if let Some(key) = member_key::Entity::find_by_id(key).one(tx).await? {
            return Ok(credential::Entity::find_by_id(key.member_id)
                .one(tx)
                .await?);
        }
    }
    Ok(None)
}

/// The member's row as of now.
pub(crate) async fn get(
    tx: &TenantTx,
    member: MemberId,
) -> Result<Option<credential::Model>, StoreError> {
    Ok(credential::Entity::find_by_id(member).one(tx).await?)
}

/// The member's row, held until the transaction ends: attempts on one account come one by one.
pub(crate) async fn lock(
    tx: &TenantTx,
    member: MemberId,
) -> Result<Option<credential::Model>, StoreError> {
    let row = credential::Entity::find_by_id(member).lock_exclusive();
    Ok(row.one(tx).await?)
}

/// A password that somebody else chose or that is new.
#[derive(Debug, Clone)]
pub struct NewPassword {
    /// Whose.
    pub member: MemberId,
    /// Its hash.
    pub hash: String,
    /// Whether it must be changed at the next sign-in (SEC-06).
    pub initial: bool,
    /// Since when it is in force.
    pub now: Instant,
}

/// Sets a member's password. What ends with it (sessions, locks, links) is the caller's matter.
///
/// # Errors
/// The database refused.
pub async fn write_password(tx: &TenantTx, new: &NewPassword) -> Result<(), StoreError> {
    let row = credential::ActiveModel {
        id: Set(new.member),
        password_hash: Set(Some(new.hash.clone())),
        password_changed_at: Set(Some(new.now)),
        must_change_password: Set(new.initial),
        ..Default::default()
    };
    row.update(tx).await?;
    Ok(())
}

/// Takes a member's password away: nobody signs in until a new one was set by a link.
///
/// # Errors
/// The database refused.
pub async fn clear_password(tx: &TenantTx, member: MemberId) -> Result<(), StoreError> {
    let row = credential::ActiveModel {
        id: Set(member),
        password_hash: Set(None),
        must_change_password: Set(true),
        ..Default::default()
    };
    row.update(tx).await?;
    Ok(())
}

/// Ends every lock of a member (SEC-14) and forgets the wrong passwords.
///
/// # Errors
/// The database refused.
pub async fn unlock(
    tx: &TenantTx,
    services: &Services,
    member: MemberId,
) -> Result<(), StoreError> {
    failures::forget(tx, services, &Target::Member(member)).await
}

/// Whether a password of this age must be changed (SEC-09).
pub(crate) fn is_too_old(
    row: &credential::Model,
    settings: &SecuritySettings,
    now: Instant,
) -> bool {
    let days = i64::from(settings.password_validity_days);
    let since = row.password_changed_at;
    days > 0 && since.is_none_or(|since| since + Duration::days(days) <= now)
}

//! Sign-in: account and password, or the founder's enterprise number and super password, become a
//! session. What a stranger is told, and how long it takes, is the same whether an account exists
//! or not (SEC-26).

use kernel::Secret;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _};
use tenancy_model::{
    DeviceType, ErrorCode, MemberState, Problem, Role, SessionEndReason, Surface, limits,
};
use tenancy_store::TenantTx;

use crate::{
    Actor, DomainError, SecuritySettings, TenantContext, Visit,
    assignment::roles_of,
    audit_log::{Deed, append},
    credential::{self, Keys},
    entity::{credential as row, session},
    failures::{self, Failures, Source, Target},
    lock::lock_row,
    password_link::{LinkPurpose, mail_link},
    policy::{opens_console, permissions_of_all},
    seats::take_seat,
    session::{
        Ending, NewSession, SessionEnd, begin, end_oldest, end_sessions, of, publish_ends, sweep,
    },
    settings::settings_in,
    super_password,
};

/// What was typed, and at which door.
#[derive(Debug, Clone)]
pub struct SignInInput {
    /// Account, or e-mail address or mobile number where the tenant allows; empty for the founder.
    pub account: String,
    /// The password as typed.
    pub password: Secret,
    /// Which door.
    pub surface: Surface,
    /// Whether the tenant was named by its enterprise number: the founder's way in (TEN-01).
    pub by_number: bool,
}

/// A session that began.
pub struct SignedIn {
    /// What the client shows from now on; kept nowhere else.
    pub token: Secret,
    /// For how long the client keeps it, in seconds.
    pub max_age_s: i64,
    /// The context of the new session.
    pub context: TenantContext,
    /// Devices of the same type that were signed out, in words (SEC-16).
    pub replaced: Vec<String>,
}

/// Begins a session.
///
/// 1. Find whom the name means, and whether this source signed in here before.
/// 2. Compare the password; with nobody's when there is no such account, so that it takes as long.
/// 3. In one transaction, alone with the account: refuse what is locked, count what is wrong,
///    refuse who may not come in, give a seat, end the devices that compete, write the session.
/// 4. After the commit, tell the sockets of ended sessions.
///
/// # Errors
/// `REQUIRED`; `CREDENTIALS_WRONG`, or to a known source `ACCOUNT_UNKNOWN` and `PASSWORD_WRONG`;
/// `ACCOUNT_LOCKED`, `ACCOUNT_DISABLED`, `LICENSE_EXPIRED`, `NOT_AUTHORIZED_TO_SIGN_IN`,
/// `SEATS_EXHAUSTED`; `RATE_LIMITED` while too many passwords are compared.
pub async fn sign_in(visit: &Visit, input: &SignInInput) -> Result<SignedIn, DomainError> {
    let account = kernel::clean_line(&input.account);
    if input.password.is_empty() {
        return Err(Problem::field(ErrorCode::Required, "password").into());
    }
    if account.is_empty() {
        if input.surface == Surface::Console && input.by_number {
            return sign_in_founder(visit, input).await;
        }
        return Err(Problem::field(ErrorCode::Required, "account").into());
    }
    // 1.
    let source = Source::of(visit.origin.ip);
    let (found, settings) = look_up(visit, &account).await?;
    // 2.
    let hash = found.as_ref().and_then(|found| found.password_hash.clone());
    let compared = hash.clone();
    let good = visit
        .services
        .access
        .passwords
        .verify(&input.password, hash)
        .await?;
    // 3.
    let tx = visit.store.begin().await?;
    let Some(found) = found else {
        return Err(refuse_stranger(tx, visit, &account, &source).await?.into());
    };
    let row = credential::lock(&tx, found.id)
        .await?
        .ok_or(DomainError::NOT_FOUND)?;
    // A password that was changed in between was compared with the old one: count it as wrong.
    let good = good && row.password_hash == compared;
    let target = Target::Member(row.id);
    let mut failures = Failures::read(&tx, &target).await?;
    if failures.locks(&source) {
        return Err(Problem::new(ErrorCode::AccountLocked).into());
    }
    if !good {
        return Err(refuse_wrong(tx, visit, &row, failures).await?.into());
    }
    if failures.total() > 0 {
        failures.forgive(&source);
        failures.write(&tx, &visit.services, &target).await?;
    }
    failures::remember(&tx, &visit.services, &source).await?;
    let entering = Entering {
        visit,
        row,
        settings,
        surface: input.surface,
    };
    entering.enter(tx).await
}

async fn look_up(
    visit: &Visit,
    account: &str,
) -> Result<(Option<row::Model>, SecuritySettings), DomainError> {
    let tx = visit.store.read().await?;
    let settings = settings_in(&tx).await?;
    // A longer name is nobody's, whatever it is.
    let bounded = account.chars().count() <= limits::EMAIL_CHARS_MAX;
    let name = if bounded { account } else { "" };
    let found = credential::find(&tx, name, Keys::from(&settings)).await?;
    Ok((found, settings))
}

/// Counts a try at a name that is nobody's, as a wrong password of somebody would be.
async fn refuse_stranger(
    tx: TenantTx,
    visit: &Visit,
    account: &str,
    source: &Source,
) -> Result<Problem, DomainError> {
    let target = Target::Stranger(kernel::fold(account));
    let mut failures = Failures::read(&tx, &target).await?;
    let known = failures::is_known(&tx, source).await?;
    let was_locked = failures.locks(source);
    if !was_locked {
        failures.add(source);
        failures.write(&tx, &visit.services, &target).await?;
    }
    tx.commit().await?;
    Ok(if known {
        Problem::field(ErrorCode::AccountUnknown, "account")
    } else if was_locked || failures.locks(source) {
        Problem::new(ErrorCode::AccountLocked)
    } else {
        Problem::new(ErrorCode::CredentialsWrong)
    })
}

/// Counts a wrong password; an administrator whom it locks out is mailed the way back.
async fn refuse_wrong(
    tx: TenantTx,
    visit: &Visit,
    row: &row::Model,
    mut failures: Failures,
) -> Result<Problem, DomainError> {
    let source = Source::of(visit.origin.ip);
    let was_locked = failures.locks_any();
    failures.add(&source);
    failures
        .write(&tx, &visit.services, &Target::Member(row.id))
        .await?;
    if !was_locked && failures.locks_any() {
        let ctx = visit.context(Actor::Job { name: "sign-in" });
        append(&tx, &ctx, &Deed::new("member.locked").to(&row.name, row.id)).await?;
        let roles = roles_of(&tx, &[row.id])
            .await?
            .remove(&row.id)
            .unwrap_or_default();
        if opens_console(&roles) && row.state == MemberState::Active {
            mail_link(&tx, &ctx, row.id, LinkPurpose::Unlock).await?;
        }
    }
    let known = failures::is_known(&tx, &source).await?;
    tx.commit().await?;
    Ok(if failures.locks(&source) {
        Problem::new(ErrorCode::AccountLocked)
    } else if known {
        Problem::field(ErrorCode::PasswordWrong, "password")
    } else {
        Problem::new(ErrorCode::CredentialsWrong)
    })
}

/// Somebody with a good password, on the way in.
struct Entering<'a> {
    visit: &'a Visit,
    row: row::Model,
    settings: SecuritySettings,
    surface: Surface,
}

impl Entering<'_> {
    async fn enter(self, tx: TenantTx) -> Result<SignedIn, DomainError> {
        let roles = roles_of(&tx, &[self.row.id]).await?;
        let roles = roles.get(&self.row.id).cloned().unwrap_or_default();
        if let Err(problem) = self.require_entry(&roles) {
            // The good password was counted as such; the refusal itself changes nothing.
            tx.commit().await?;
            return Err(problem.into());
        }
        if self.surface != Surface::Console && self.row.authorized_at.is_none() {
            let visit = self.visit;
            take_seat(&tx, &visit.services, &visit.entitlements, self.row.id).await?;
        }
        let ends = self.end_competing(&tx).await?;
        sweep(&tx, Some(self.row.id), self.visit.now()).await?;
        let must_change = self.write_row(&tx).await?;
        let new = NewSession {
            member: Some(self.row.id),
            surface: self.surface,
            device_type: self.device_type(),
        };
        let (session, token) = begin(&tx, self.visit, &new).await?;
        let context = self.visit.context(Actor::Member {
            member: self.row.id,
            name: self.row.name.clone(),
            session,
            surface: self.surface,
            permissions: permissions_of_all(&roles),
            roles,
            must_change_password: must_change,
        });
        if self.surface == Surface::Console {
            let deed = Deed::new("console.sign_in").to(&self.row.name, self.row.id);
            append(&tx, &context, &deed).await?;
        }
        finish(tx, context, token, ends).await
    }

    /// Who may come in at this door at all.
    fn require_entry(&self, roles: &std::collections::BTreeSet<Role>) -> Result<(), Problem> {
        if self.row.state != MemberState::Active {
            return Err(Problem::new(ErrorCode::AccountDisabled));
        }
        if self.surface == Surface::Console {
            return match opens_console(roles) {
                true => Ok(()),
                false => Err(Problem::new(ErrorCode::NotAuthorizedToSignIn)),
            };
        }
        if self.visit.entitlements.ended(self.visit.now()) {
            return Err(Problem::new(ErrorCode::LicenseExpired));
        }
        if self.row.authorized_at.is_none() && !self.settings.auto_authorize {
            return Err(Problem::new(ErrorCode::NotAuthorizedToSignIn));
        }
        Ok(())
    }

    fn device_type(&self) -> DeviceType {
        match self.surface {
            Surface::Console => DeviceType::Console,
            Surface::Api => DeviceType::Api,
            Surface::Member => match self.visit.origin.device_type {
                DeviceType::Mobile => DeviceType::Mobile,
                DeviceType::Desktop | DeviceType::Console | DeviceType::Api => DeviceType::Desktop,
            },
        }
    }

    /// SEC-16: a chat client of the same type gives way, unless the tenant allows several. Console
    /// and API sessions give way only to their own great number.
    async fn end_competing(&self, tx: &TenantTx) -> Result<Vec<SessionEnd>, DomainError> {
        let here = of(Some(self.row.id)).add(session::Column::Surface.eq(self.surface));
        let ending = replaced_by(self.visit);
        if self.surface == Surface::Member && !self.settings.several_devices {
            let same = here.add(session::Column::DeviceType.eq(self.device_type()));
            return Ok(end_sessions(tx, same, &ending).await?);
        }
        Ok(end_oldest(tx, here, &ending).await?)
    }

    /// Returns whether the password must be changed first (SEC-06, SEC-09).
    async fn write_row(&self, tx: &TenantTx) -> Result<bool, DomainError> {
        let now = self.visit.now();
        let must_change =
            self.row.must_change_password || credential::is_too_old(&self.row, &self.settings, now);
        let row = row::ActiveModel {
            id: Set(self.row.id),
            must_change_password: Set(must_change),
            last_sign_in_at: Set(Some(now)),
            ..Default::default()
        };
        row.update(tx).await?;
        Ok(must_change)
    }
}

/// The founder: no member, no seat, the console alone (TEN-01).
async fn sign_in_founder(visit: &Visit, input: &SignInInput) -> Result<SignedIn, DomainError> {
    let services = &visit.services;
    let source = Source::of(visit.origin.ip);
    let hash = super_password::hash_in(&visit.store.read().await?).await?;
    let compared = hash.clone();
    let good = services
        .access
        .passwords
        .verify(&input.password, hash)
        .await?;
    let tx = visit.store.begin().await?;
    lock_row(&tx, services, "founder").await?;
    let good = good && super_password::hash_in(&tx).await? == compared;
    let mut failures = Failures::read(&tx, &Target::Founder).await?;
    if failures.locks(&source) {
        return Err(Problem::new(ErrorCode::AccountLocked).into());
    }
    if !good {
        failures.add(&source);
        failures.write(&tx, services, &Target::Founder).await?;
        let ctx = visit.context(Actor::Job { name: "sign-in" });
        append(&tx, &ctx, &Deed::new("console.sign_in_founder").refused()).await?;
        tx.commit().await?;
        let code = match failures.locks(&source) {
            true => ErrorCode::AccountLocked,
            false => ErrorCode::CredentialsWrong,
        };
        return Err(Problem::new(code).into());
    }
    failures.forgive(&source);
    failures.write(&tx, services, &Target::Founder).await?;
    failures::remember(&tx, services, &source).await?;
    sweep(&tx, None, visit.now()).await?;
    let ends = end_oldest(&tx, of(None), &replaced_by(visit)).await?;
    let new = NewSession {
        member: None,
        surface: Surface::Console,
        device_type: DeviceType::Console,
    };
    let (session, token) = begin(&tx, visit, &new).await?;
    let context = visit.context(Actor::Founder { session });
    append(&tx, &context, &Deed::new("console.sign_in_founder")).await?;
    finish(tx, context, token, ends).await
}

/// What an older session is told of the one that takes its place (SEC-17).
fn replaced_by(visit: &Visit) -> Ending {
    let device = &visit.origin.device;
    let by = match visit.origin.ip {
        Some(ip) => format!("{device} ({ip})"),
        None => device.clone(),
    };
    Ending {
        by: Some(by),
        ..Ending::at(SessionEndReason::Replaced, visit.now())
    }
}

async fn finish(
    tx: TenantTx,
    context: TenantContext,
    token: Secret,
    ends: Vec<SessionEnd>,
) -> Result<SignedIn, DomainError> {
    tx.commit().await?;
    // 4.
    publish_ends(&context.services, context.tenant_id(), &ends).await;
    let surface = match &context.actor {
        Actor::Member { surface, .. } => *surface,
        Actor::Founder { .. } | Actor::Job { .. } => Surface::Console,
    };
    Ok(SignedIn {
        max_age_s: context
            .services
            .access
            .config
            .lives_for(surface)
            .num_seconds(),
        replaced: ends.into_iter().map(|end| end.device).collect(),
        token,
        context,
    })
}

#[cfg(test)]
mod tests;

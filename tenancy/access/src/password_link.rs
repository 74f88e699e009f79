//! One-time links that set a password: mailed when the service is opened for a member (TEN-12),
//! when a password was forgotten (SEC-10) or reset (SEC-12), and when an administrator is locked
//! out. A mail never carries a password; a token is kept as its hash, works once and for some
//! hours.

use chrono::Duration;
use kernel::{Instant, Secret};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tenancy_model::{
    ErrorCode, JobId, MAIL_JOB, MailBody, MailRequest, MemberId, MemberState, Problem, RecordId,
    SessionEndReason,
};
use tenancy_store::{
    StoreError, TenantTx,
    jobs::{self, JobRequest},
    record::{self, RecordWrite},
};

use crate::{
    Actor, DomainError, NewPassword, TenantContext, Visit,
    audit_log::{Deed, append},
    credential::{self, Keys},
    failures::hex,
    session::{Ending, end_all_of, publish_ends},
    settings::settings_in,
};

/// Links of one member that are good at the same time; the oldest goes when one more is made.
const LINKS_PER_MEMBER_MAX: usize = 5;
/// Minutes in which a forgotten password is answered by one mail, however often it is asked for.
const FORGOT_EVERY_MINUTES: i64 = 2;
/// Characters of a member's id without its prefix, with which a token begins.
const MEMBER_CHARS: usize = 26;
/// Characters of a token: the member, and 32 random bytes.
const TOKEN_CHARS: usize = MEMBER_CHARS + 64;

const KIND: &str = "password_link";
/// Whose links are written when nobody is meant, so that asking takes as long.
const NOBODY: &str = "nobody";

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkPurpose {
    /// The service was opened for the member.
    Activation,
    /// The member asked for it.
    Forgot,
    /// An administrator reset the password.
    Reset,
    /// An administrator's own lock ends by it.
    Unlock,
}

impl LinkPurpose {
    /// Whether setting the password ends a lock: where whoever may unlock made the link.
    fn unlocks(self) -> bool {
        matches!(self, Self::Activation | Self::Reset | Self::Unlock)
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Links {
    links: Vec<Link>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Link {
    hash: String,
    purpose: LinkPurpose,
    created_at: Instant,
    expires_at: Instant,
}

/// Makes a link for a member and mails it, in the caller's transaction. Answers `false` when the
/// member has no e-mail address, and nothing was made.
///
/// # Errors
/// [`DomainError::NOT_FOUND`].
pub async fn mail_link(
    tx: &TenantTx,
    ctx: &TenantContext,
    member: MemberId,
    purpose: LinkPurpose,
) -> Result<bool, DomainError> {
    let row = credential::get(tx, member)
        .await?
        .ok_or(DomainError::NOT_FOUND)?;
    let Some(recipient) = row.email else {
        return Ok(false);
    };
    let config = &ctx.services.access.config;
    let hours = match purpose {
        LinkPurpose::Activation => config.activation_link_hours,
        LinkPurpose::Forgot | LinkPurpose::Reset | LinkPurpose::Unlock => {
            config.password_link_hours
        }
    };
    let token = create(tx, ctx, member, (purpose, hours)).await?;
    let (company, host_name) = (ctx.tenant.full_name.clone(), ctx.tenant.host_name.clone());
    let account = row.account;
    let body = match purpose {
        LinkPurpose::Activation => MailBody::Activation {
            company,
            host_name,
            account,
            token,
            hours,
        },
        LinkPurpose::Forgot | LinkPurpose::Reset => MailBody::PasswordLink {
            company,
            host_name,
            account,
            token,
            hours,
        },
        LinkPurpose::Unlock => MailBody::UnlockLink {
            company,
            host_name,
            account,
            token,
            hours,
        },
    };
    let request = MailRequest {
        recipient,
        language: row.language.unwrap_or(ctx.tenant.language),
        body,
    };
    let body = serde_json::to_value(&request)
        .map_err(|error| DomainError::internal("writing a mail", error))?;
    let job = JobRequest {
        id: JobId::new(ctx.clock(), ctx.rng()),
        kind: MAIL_JOB,
        key: None,
        body,
        due_at: ctx.now(),
    };
    jobs::enqueue(tx, &job).await?;
    Ok(true)
}

/// Makes a link and returns its token, which is kept nowhere.
async fn create(
    tx: &TenantTx,
    ctx: &TenantContext,
    member: MemberId,
    (purpose, hours): (LinkPurpose, u32),
) -> Result<String, StoreError> {
    let text = member.to_string();
    let head = text.strip_prefix(MemberId::PREFIX).unwrap_or_default();
    let token = format!("{head}{}", hex(&ctx.rng().bytes::<32>()));
    let now = ctx.now();
    let mut links = read(tx, &text, now).await?;
    if links.links.len() >= LINKS_PER_MEMBER_MAX {
        links.links.remove(0);
    }
    links.links.push(Link {
        hash: hash_of(&token),
        purpose,
        created_at: now,
        expires_at: now + Duration::hours(hours.into()),
    });
    write(tx, ctx, &text, &links).await?;
    Ok(token)
}

/// The links of a member, the ones that ended within the last day included: they are told apart
/// from what never was a link.
async fn read(tx: &TenantTx, key: &str, now: Instant) -> Result<Links, StoreError> {
    let record = record::get::<Links>(tx, KIND, key).await?;
    let mut links = record.map(|record| record.body).unwrap_or_default();
    links
        .links
        .retain(|link| link.expires_at + Duration::days(1) > now);
    Ok(links)
}

async fn write(
    tx: &TenantTx,
    ctx: &TenantContext,
    key: &str,
    links: &Links,
) -> Result<(), StoreError> {
    let write = RecordWrite {
        id: RecordId::new(ctx.clock(), ctx.rng()),
        kind: KIND,
        key,
        body: links,
        now: ctx.now(),
    };
    record::put(tx, write).await.map(drop)
}

fn hash_of(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// Ends every link of a member.
///
/// # Errors
/// The database refused.
pub async fn forget_links(tx: &TenantTx, member: MemberId) -> Result<(), StoreError> {
    record::delete(tx, KIND, &member.to_string())
        .await
        .map(drop)
}

/// Mails a link to whoever has this account, e-mail address or mobile number and an e-mail address.
/// The answer is the same when there is nobody (SEC-10).
///
/// # Errors
/// `REQUIRED`; the database refused.
pub async fn password_forgot(visit: &Visit, account: &str) -> Result<(), DomainError> {
    let account = crate::required_line("account", account, tenancy_model::limits::EMAIL_CHARS_MAX)?;
    let ctx = visit.context(Actor::Job {
        name: "password-forgot",
    });
    let tx = visit.store.begin().await?;
    let all = Keys {
        email: true,
        mobile: true,
    };
    let found = credential::find(&tx, &account, all).await?;
    let found = found.filter(|row| row.state == MemberState::Active && row.email.is_some());
    if let Some(row) = found {
        credential::lock(&tx, row.id).await?;
        let links = read(&tx, &row.id.to_string(), visit.now()).await?;
        let recent = visit.now() - Duration::minutes(FORGOT_EVERY_MINUTES);
        let asked = |link: &Link| link.purpose == LinkPurpose::Forgot && link.created_at > recent;
        if !links.links.iter().any(asked) {
            mail_link(&tx, &ctx, row.id, LinkPurpose::Forgot).await?;
            tx.commit().await?;
            return Ok(());
        }
    }
    write(&tx, &ctx, NOBODY, &Links::default()).await?;
    tx.commit().await?;
    Ok(())
}

/// A token out of a mail, and the password it shall set.
#[derive(Debug, Clone)]
pub struct PasswordSetInput {
    /// The token of the link.
    pub token: Secret,
    /// The new password.
    pub password: Secret,
}

/// Sets a password by a one-time link, ends every session of the member and every other link, and
/// returns the account for the sign-in form. Signs nobody in.
///
/// # Errors
/// `LINK_INVALID`, `LINK_EXPIRED`, the password rule's refusals.
pub async fn password_set(visit: &Visit, input: &PasswordSetInput) -> Result<String, DomainError> {
    let invalid = || DomainError::from(Problem::field(ErrorCode::LinkInvalid, "token"));
    let member = member_of(input.token.reveal()).ok_or_else(invalid)?;
    let tx = visit.store.read().await?;
    require_link(&tx, visit, member, &input.token).await?;
    let rule = settings_in(&tx).await?.password_rule();
    drop(tx);
    rule.check("password", &input.password)?;
    let services = &visit.services;
    let hash = services
        .access
        .passwords
        .hash(&*services.rng, &input.password)
        .await?;
    let ctx = visit.context(Actor::Job {
        name: "password-link",
    });
    let tx = visit.store.begin().await?;
    let row = credential::lock(&tx, member).await?.ok_or_else(invalid)?;
    if row.state != MemberState::Active {
        return Err(invalid());
    }
    // Looked at again, alone with the member: of two uses at the same time one finds it gone.
    let link = require_link(&tx, visit, member, &input.token).await?;
    let new = NewPassword {
        member,
        hash,
        initial: false,
        now: visit.now(),
    };
    credential::write_password(&tx, &new).await?;
    forget_links(&tx, member).await?;
    if link.purpose.unlocks() {
        credential::unlock(&tx, services, member).await?;
    }
    let ending = Ending::at(SessionEndReason::PasswordChanged, visit.now());
    let ends = end_all_of(&tx, member, &ending).await?;
    append(&tx, &ctx, &Deed::new("password.set").to(&row.name, member)).await?;
    tx.commit().await?;
    publish_ends(services, visit.store.id(), &ends).await;
    Ok(row.account)
}

fn member_of(token: &str) -> Option<MemberId> {
    if token.len() != TOKEN_CHARS || !token.is_ascii() {
        return None;
    }
    format!("{}{}", MemberId::PREFIX, &token[..MEMBER_CHARS])
        .parse()
        .ok()
}

async fn require_link(
    tx: &TenantTx,
    visit: &Visit,
    member: MemberId,
    token: &Secret,
) -> Result<Link, DomainError> {
    let hash = hash_of(token.reveal());
    let links = read(tx, &member.to_string(), visit.now()).await?;
    let link = links.links.into_iter().find(|link| link.hash == hash);
    let link = link.ok_or(Problem::field(ErrorCode::LinkInvalid, "token"))?;
    if link.expires_at <= visit.now() {
        return Err(Problem::field(ErrorCode::LinkExpired, "token").into());
    }
    Ok(link)
}

#[cfg(test)]
pub(crate) mod tests;

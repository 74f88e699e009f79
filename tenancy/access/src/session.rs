//! Sessions: begun at sign-in, found by the hash of their token, listed, ended. There is no cache
//! in front of the row: a session that was ended is refused by the next request of any process.

use std::collections::{BTreeSet, HashMap};

use chrono::Duration;
use kernel::{Instant, Secret};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, FromQueryResult, JoinType,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationTrait as _,
    sea_query::Expr,
};
use sha2::{Digest as _, Sha256};
use tenancy_model::{
    DeviceType, EventBody, MemberId, MemberState, Permission, Role, SessionEndReason, SessionId,
    Surface, TenantId,
};
use tenancy_store::{Page, PageRequest, StoreError, TenantTx};

use crate::{
    AccessConfig, Actor, DomainError, Services, TenantContext, Visit,
    audit_log::{Deed, append},
    entity::{assignment, credential, session},
    failures::hex,
    policy::{opens_console, permissions_of_all},
};

/// Seconds between two writes of `last_seen_at` by requests of one session.
const SEEN_EVERY_S: i64 = 60;
/// Seconds between two such writes by a live socket that sends nothing.
const SEEN_BY_SOCKET_EVERY_S: i64 = 600;
/// Live sessions of one member on one surface; the oldest ends when one more begins.
pub(crate) const SESSIONS_PER_SURFACE_MAX: u64 = 50;
/// Days for which an ended session stays in the table.
const ENDED_KEPT_DAYS: i64 = 30;

/// A new token, and what the table keeps of it.
pub(crate) fn new_token(services: &Services) -> (Secret, Vec<u8>) {
    let token = hex(&services.rng.bytes::<32>());
    let hash = hash_of(&token);
    (token.into(), hash)
}

fn hash_of(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

#[derive(FromQueryResult)]
struct Seen {
    id: SessionId,
    member_id: Option<MemberId>,
    surface: Surface,
    last_seen_at: Instant,
    name: Option<String>,
    must_change_password: Option<bool>,
    role: Option<Role>,
}

/// Turns a visit with a token into the context of its session, in one indexed read. `surface` is
/// the door the token was shown at: the token of another door opens nothing.
///
/// # Errors
/// [`DomainError::UNAUTHENTICATED`] when the session does not exist here, has ended or expired, its
/// member may not come in any more, or the licence has ended and this is not the console.
pub async fn authenticate(
    visit: &Visit,
    surface: Surface,
    token: &Secret,
) -> Result<TenantContext, DomainError> {
    let here = Condition::all()
        .add(session::Column::TokenHash.eq(hash_of(token.reveal())))
        .add(session::Column::Surface.eq(surface));
    enter(visit, here, SEEN_EVERY_S).await
}

/// The context of a session as of now, for a socket that lives on: roles and name are read again.
///
/// # Errors
/// As [`authenticate`].
pub async fn reauthenticate(ctx: &TenantContext) -> Result<TenantContext, DomainError> {
    let session = ctx.actor.session().ok_or(DomainError::UNAUTHENTICATED)?;
    enter(&Visit::from(ctx), this(session), SEEN_BY_SOCKET_EVERY_S).await
}

async fn enter(
    visit: &Visit,
    which: Condition,
    seen_every_s: i64,
) -> Result<TenantContext, DomainError> {
    let now = visit.now();
    let tx = visit.store.read().await?;
    let rows = session::Entity::find()
        .select_only()
        .columns([
            session::Column::Id,
            session::Column::MemberId,
            session::Column::Surface,
            session::Column::LastSeenAt,
        ])
        .column(credential::Column::Name)
        .column(credential::Column::MustChangePassword)
        .column(assignment::Column::Role)
        .join(JoinType::LeftJoin, session::Relation::Member.def())
        .join(JoinType::LeftJoin, session::Relation::Assignment.def())
        .filter(which)
        .filter(live(&visit.services.access.config, now))
        .filter(
            Condition::any()
                .add(session::Column::MemberId.is_null())
                .add(credential::Column::State.eq(MemberState::Active)),
        )
        .into_model::<Seen>()
        .all(&tx)
        .await?;
    drop(tx);
    let seen = rows.first().ok_or(DomainError::UNAUTHENTICATED)?;
    // LIC-13: the way back to the sign-in form, which says why.
    if seen.surface != Surface::Console && visit.entitlements.ended(now) {
        return Err(DomainError::UNAUTHENTICATED);
    }
    let actor = actor_of(seen, rows.iter().filter_map(|row| row.role))?;
    if seen.last_seen_at + Duration::seconds(seen_every_s) <= now {
        touch(visit, seen).await;
    }
    Ok(visit.context(actor))
}

fn actor_of(seen: &Seen, roles: impl Iterator<Item = Role>) -> Result<Actor, DomainError> {
    let Some(member) = seen.member_id else {
        return Ok(Actor::Founder { session: seen.id });
    };
    let roles: BTreeSet<Role> = roles.chain([Role::Member]).collect();
    if seen.surface == Surface::Console && !opens_console(&roles) {
        return Err(DomainError::UNAUTHENTICATED);
    }
    Ok(Actor::Member {
        member,
        name: seen.name.clone().unwrap_or_default(),
        session: seen.id,
        surface: seen.surface,
        permissions: permissions_of_all(&roles),
        roles,
        must_change_password: seen.must_change_password.unwrap_or(true),
    })
}

/// A time that was not written is written by the next request: the request itself goes on.
async fn touch(visit: &Visit, seen: &Seen) {
    let written = async {
        let tx = visit.store.begin().await?;
        session::Entity::update_many()
            .col_expr(session::Column::LastSeenAt, Expr::value(visit.now()))
            .filter(session::Column::Id.eq(seen.id))
            .filter(session::Column::LastSeenAt.lte(seen.last_seen_at))
            .exec(&tx)
            .await?;
        tx.commit().await
    };
    if let Err(error) = written.await {
        tracing::warn!(%error, session = %seen.id, "when a session was seen was not written");
    }
}

/// Sessions that have neither ended nor expired.
pub(crate) fn live(config: &AccessConfig, now: Instant) -> Condition {
    let mut used = Condition::any();
    for surface in [Surface::Member, Surface::Console, Surface::Api] {
        let in_time = Condition::all()
            .add(session::Column::Surface.eq(surface))
            .add(session::Column::LastSeenAt.gt(now - config.idles_for(surface)));
        used = used.add(in_time);
    }
    Condition::all()
        .add(session::Column::EndedAt.is_null())
        .add(session::Column::ExpiresAt.gt(now))
        .add(used)
}

/// One session.
fn this(id: SessionId) -> Condition {
    Condition::all().add(session::Column::Id.eq(id))
}

/// The sessions of a member, or of the founder.
pub(crate) fn of(member: Option<MemberId>) -> Condition {
    Condition::all().add(match member {
        Some(member) => session::Column::MemberId.eq(member),
        None => session::Column::MemberId.is_null(),
    })
}

/// The sessions of a member, or of the founder, but for the one that asks.
pub(crate) fn others_of(member: Option<MemberId>, ctx: &TenantContext) -> Condition {
    of(member).add_option(ctx.actor.session().map(|own| session::Column::Id.ne(own)))
}

/// How and when sessions end.
#[derive(Debug, Clone)]
pub struct Ending {
    /// Told to their sockets.
    pub reason: SessionEndReason,
    /// Which device took their place, in words.
    pub by: Option<String>,
    /// When.
    pub now: Instant,
}

impl Ending {
    /// For no other device's sake.
    #[must_use]
    pub fn at(reason: SessionEndReason, now: Instant) -> Self {
        Self {
            reason,
            by: None,
            now,
        }
    }
}

/// A session that was ended; its sockets are told by [`publish_ends`] after the commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionEnd {
    /// Which.
    pub session: SessionId,
    /// Its browser and system in words.
    pub device: String,
    /// Why.
    pub reason: SessionEndReason,
    /// Which device took its place.
    pub by: Option<String>,
}

/// Ends the sessions that match and have not ended yet.
pub(crate) async fn end_sessions(
    tx: &TenantTx,
    which: Condition,
    ending: &Ending,
) -> Result<Vec<SessionEnd>, StoreError> {
    let rows = session::Entity::find()
        .filter(which)
        .filter(session::Column::EndedAt.is_null())
        .order_by_asc(session::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(ending.now))
        .col_expr(session::Column::EndReason, Expr::value(ending.reason))
        .col_expr(session::Column::EndedBy, Expr::value(ending.by.clone()))
        .filter(session::Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(tx)
        .await?;
    let ends = rows.into_iter().map(|row| SessionEnd {
        session: row.id,
        device: row.device,
        reason: ending.reason,
        by: ending.by.clone(),
    });
    Ok(ends.collect())
}

/// Ends every session of a member: the member was disabled, resigned, or got another password.
///
/// # Errors
/// The database refused.
pub async fn end_all_of(
    tx: &TenantTx,
    member: MemberId,
    ending: &Ending,
) -> Result<Vec<SessionEnd>, StoreError> {
    end_sessions(tx, of(Some(member)), ending).await
}

/// Tells the sockets of ended sessions; call it after the commit.
pub async fn publish_ends(services: &Services, tenant: TenantId, ends: &[SessionEnd]) {
    for end in ends {
        let body = EventBody::SessionEnded {
            session: end.session,
            reason: end.reason,
            by: end.by.clone(),
        };
        services.publish(tenant, body).await;
    }
}

/// Removes what ended long ago, of one member or of the founder.
pub(crate) async fn sweep(
    tx: &TenantTx,
    member: Option<MemberId>,
    now: Instant,
) -> Result<(), StoreError> {
    let long_ago = now - Duration::days(ENDED_KEPT_DAYS);
    let over = Condition::any()
        .add(session::Column::EndedAt.lt(long_ago))
        .add(session::Column::ExpiresAt.lt(long_ago));
    session::Entity::delete_many()
        .filter(of(member))
        .filter(over)
        .exec(tx)
        .await?;
    Ok(())
}

/// Keeps at most [`SESSIONS_PER_SURFACE_MAX`] live sessions of a member on a surface.
pub(crate) async fn end_oldest(
    tx: &TenantTx,
    who: Condition,
    ending: &Ending,
) -> Result<Vec<SessionEnd>, StoreError> {
    let beyond: Vec<SessionId> = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(who)
        .filter(session::Column::EndedAt.is_null())
        .order_by_desc(session::Column::CreatedAt)
        .offset(SESSIONS_PER_SURFACE_MAX - 1)
        .limit(SESSIONS_PER_SURFACE_MAX)
        .into_tuple()
        .all(tx)
        .await?;
    let beyond = Condition::all().add(session::Column::Id.is_in(beyond));
    end_sessions(tx, beyond, ending).await
}

/// A live session, as its member and administrators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Of this session.
    pub id: SessionId,
    /// Whose; the founder's has none.
    pub member: Option<MemberId>,
    /// Which door it came through.
    pub surface: Surface,
    /// What it competes with.
    pub device_type: DeviceType,
    /// Browser and system in words.
    pub device: String,
    /// From where it was begun.
    pub ip: String,
    /// When it was begun.
    pub created_at: Instant,
    /// When it was used last, to the minute.
    pub last_seen_at: Instant,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// Live sessions, newest first: of one member, or of everybody; without `SessionsManage` one's own.
///
/// # Errors
/// [`DomainError::NOT_FOUND`] when there is no such member; [`DomainError::FORBIDDEN`] for somebody
/// else's without the permission.
pub async fn sessions(
    ctx: &TenantContext,
    member: Option<MemberId>,
    page: &PageRequest,
) -> Result<Page<Session>, DomainError> {
    let own = ctx.actor.member();
    let tx = ctx.store.read().await?;
    let whose = if ctx.may(Permission::SessionsManage) {
        ctx.require(Permission::SessionsManage)?;
        member
    } else {
        let me = ctx.require_member()?;
        if member.is_some_and(|member| Some(member) != own) {
            return Err(DomainError::FORBIDDEN);
        }
        Some(me)
    };
    if let Some(member) = whose {
        let row = credential::Entity::find_by_id(member).one(&tx).await?;
        row.ok_or(DomainError::NOT_FOUND)?;
    }
    let mut query = session::Entity::find().filter(live(&ctx.services.access.config, ctx.now()));
    if let Some(member) = whose {
        query = query.filter(session::Column::MemberId.eq(member));
    }
    let total = query.clone().count(&tx).await?;
    if let Some(before) = page.position::<SessionId>()? {
        query = query.filter(session::Column::Id.lt(before));
    }
    let rows = query
        .order_by_desc(session::Column::Id)
        .limit(page.fetch())
        .all(&tx)
        .await?;
    let current = ctx.actor.session();
    let rows = rows.into_iter().map(|row| view(row, current)).collect();
    Ok(page.page(rows, total, |row: &Session| row.id))
}

/// One live session, by the rule of [`sessions`].
///
/// # Errors
/// [`DomainError::NOT_FOUND`].
pub async fn session(ctx: &TenantContext, id: SessionId) -> Result<Session, DomainError> {
    let tx = ctx.store.read().await?;
    let row = session::Entity::find_by_id(id)
        .filter(live(&ctx.services.access.config, ctx.now()))
        .one(&tx)
        .await?
        .filter(|row| may_see(ctx, row));
    let row = row.ok_or(DomainError::NOT_FOUND)?;
    Ok(view(row, ctx.actor.session()))
}

fn view(row: session::Model, current: Option<SessionId>) -> Session {
    Session {
        current: current == Some(row.id),
        id: row.id,
        member: row.member_id,
        surface: row.surface,
        device_type: row.device_type,
        device: row.device,
        ip: row.ip,
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
    }
}

fn may_see(ctx: &TenantContext, row: &session::Model) -> bool {
    let own = ctx.actor.session() == Some(row.id)
        || (row.member_id.is_some() && row.member_id == ctx.actor.member());
    own || ctx.require(Permission::SessionsManage).is_ok()
}

/// How many live sessions each of these members has; members without one are left out.
///
/// # Errors
/// The database refused.
pub async fn session_counts(
    tx: &TenantTx,
    ctx: &TenantContext,
    members: &[MemberId],
) -> Result<HashMap<MemberId, i64>, StoreError> {
    let rows: Vec<(MemberId, i64)> = session::Entity::find()
        .select_only()
        .column(session::Column::MemberId)
        .column_as(session::Column::Id.count(), "sessions")
        .filter(session::Column::MemberId.is_in(members.iter().copied()))
        .filter(live(&ctx.services.access.config, ctx.now()))
        .group_by(session::Column::MemberId)
        .into_tuple()
        .all(tx)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Ends a session from the list: one's own, or anybody's with `SessionsManage`. Its sockets close.
///
/// # Errors
/// [`DomainError::NOT_FOUND`], also for somebody else's without the permission;
/// [`FaultCode::PasswordChangeRequired`](crate::FaultCode::PasswordChangeRequired) before the
/// initial password is changed.
pub async fn session_revoke(ctx: &TenantContext, id: SessionId) -> Result<(), DomainError> {
    ctx.require_settled()?;
    let tx = ctx.store.begin().await?;
    let row = session::Entity::find_by_id(id)
        .filter(live(&ctx.services.access.config, ctx.now()))
        .one(&tx)
        .await?
        .filter(|row| may_see(ctx, row));
    let row = row.ok_or(DomainError::NOT_FOUND)?;
    let ending = Ending::at(SessionEndReason::Revoked, ctx.now());
    let ends = end_sessions(&tx, this(id), &ending).await?;
    append(&tx, ctx, &Deed::new("session.revoke").to(&row.device, id)).await?;
    tx.commit().await?;
    publish_ends(&ctx.services, ctx.tenant_id(), &ends).await;
    Ok(())
}

/// Ends the session that asks (SEC-28).
///
/// # Errors
/// [`DomainError::UNAUTHENTICATED`] without a session.
pub async fn sign_out(ctx: &TenantContext) -> Result<(), DomainError> {
    let id = ctx.actor.session().ok_or(DomainError::UNAUTHENTICATED)?;
    let tx = ctx.store.begin().await?;
    let ending = Ending::at(SessionEndReason::SignedOut, ctx.now());
    let ends = end_sessions(&tx, this(id), &ending).await?;
    tx.commit().await?;
    publish_ends(&ctx.services, ctx.tenant_id(), &ends).await;
    Ok(())
}

/// What a new session is made of.
pub(crate) struct NewSession {
    pub(crate) member: Option<MemberId>,
    pub(crate) surface: Surface,
    pub(crate) device_type: DeviceType,
}

/// Writes the row of a new session and returns its id and token.
pub(crate) async fn begin(
    tx: &TenantTx,
    visit: &Visit,
    new: &NewSession,
) -> Result<(SessionId, Secret), StoreError> {
    let (services, now) = (&visit.services, visit.now());
    let (token, token_hash) = new_token(services);
    let id = SessionId::new(&*services.clock, &*services.rng);
    let row = session::ActiveModel {
        id: Set(id),
        token_hash: Set(token_hash),
        member_id: Set(new.member),
        surface: Set(new.surface),
        device_type: Set(new.device_type),
        device: Set(visit.origin.device.clone()),
        ip: Set(visit.origin.ip.map(|ip| ip.to_string()).unwrap_or_default()),
        created_at: Set(now),
        last_seen_at: Set(now),
        expires_at: Set(now + services.access.config.lives_for(new.surface)),
        ended_at: Set(None),
        end_reason: Set(None),
        ended_by: Set(None),
    };
    session::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok((id, token))
}

#[cfg(test)]
mod tests;

//! Live sessions: one's own list, and everybody's for administrators.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use tenancy_access::{TenantContext, session, session_revoke, sessions};
use tenancy_model::{MemberId, SessionId};

use super::{loader, member::Member};
use crate::{
    context::{language, tenant},
    enums::{DeviceType, Surface},
    error::{ProblemObject, domain, refused},
    id::{parse, print},
    page::{self, connection},
};

/// A live session.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Session {
    #[graphql(owned)]
    pub(super) id: ID,
    #[graphql(skip)]
    member_id: Option<MemberId>,
    surface: Surface,
    device_type: DeviceType,
    /// Browser and system in words.
    device: String,
    ip: String,
    created_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    current: bool,
}

connection!(SessionConnection, SessionEdge, Session);

#[ComplexObject]
impl Session {
    /// Whose; null for the founder.
    async fn member(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Member>> {
        match self.member_id {
            Some(id) => loader::member(ctx, id).await,
            None => Ok(None),
        }
    }
}

impl From<tenancy_access::Session> for Session {
    fn from(session: tenancy_access::Session) -> Self {
        Self {
            id: print(session.id),
            member_id: session.member,
            surface: session.surface.into(),
            device_type: session.device_type.into(),
            device: session.device,
            ip: session.ip,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            current: session.current,
        }
    }
}

/// Which session ends.
#[derive(InputObject)]
pub struct SessionRevokeInput {
    id: ID,
}

/// It has ended; its sockets are closed within 2 s.
#[derive(SimpleObject)]
pub struct SessionRevokePayload {
    problem: Option<ProblemObject>,
    session_id: Option<ID>,
}

/// One session; `NOT_FOUND` when it is not the caller's to see.
pub(super) async fn get(caller: &TenantContext, id: SessionId) -> async_graphql::Result<Session> {
    session(caller, id).await.map(Session::from).map_err(domain)
}

#[derive(Default)]
pub(super) struct SessionQuery;

#[Object]
impl SessionQuery {
    /// Live sessions of a member, or of everybody (SESSIONS_MANAGE); without the permission only
    /// one's own.
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        member_id: Option<ID>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
    ) -> async_graphql::Result<SessionConnection> {
        let caller = tenant(ctx)?;
        let member = member_id.as_ref().map(parse).transpose()?;
        let request = page::request(first, after.clone())?;
        let found = sessions(caller, member, &request).await.map_err(domain)?;
        Ok(SessionConnection::new(found, after.as_ref(), Session::from))
    }
}

#[derive(Default)]
pub(super) struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Ends a session: one's own, or anybody's (SESSIONS_MANAGE).
    async fn session_revoke(
        &self,
        ctx: &Context<'_>,
        input: SessionRevokeInput,
    ) -> async_graphql::Result<SessionRevokePayload> {
        let revoked = session_revoke(tenant(ctx)?, parse(&input.id)?).await;
        Ok(match refused(revoked, language(ctx))? {
            Ok(_) => SessionRevokePayload {
                problem: None,
                session_id: Some(input.id),
            },
            Err(problem) => SessionRevokePayload {
                problem: Some(problem),
                session_id: None,
            },
        })
    }
}

//! What the edge needs from the rest of the product. `api-server` implements these traits over
//! `tenancy-access`, `tenancy-chat` and `api-graphql`, and joins them in its composition root.

use std::sync::Arc;

use api_graphql::SessionChanges;
use async_graphql::{Data, Executor, Request, Response};
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use tenancy_access::{DomainError, TenantContext};
pub use tenancy_chat::{Audience, MemberHead};
use tenancy_files::{Download, Files, Upload, UploadStartInput};
use tenancy_model::{ConversationId, FileId, MemberId, SessionId, Surface, TenantEvent, TenantId};
use thiserror::Error;
use uuid::Uuid;

use crate::extract::caller::Caller;
use crate::fanout::document::EventDocument;

/// A port could not do its work now; trying again later may help.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct PortError(
    /// Why, for the log.
    #[source]
    pub Box<dyn std::error::Error + Send + Sync>,
);

/// Puts what resolvers ask for (a context, or nothing but the caller) into a request's data. The
/// changes are where resolvers leave cookies to set; over a socket there are none.
pub type RequestData = Arc<dyn Fn(&mut Data, Option<&SessionChanges>) + Send + Sync>;

/// A session inside a tenant, as live sockets need to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TenantSession {
    /// Where.
    pub tenant: TenantId,
    /// Which.
    pub session: SessionId,
    /// Whose; the founder is no member.
    pub member: Option<MemberId>,
    /// Which door.
    pub surface: Surface,
}

/// Who a live session belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// Inside a tenant.
    Tenant(TenantSession),
    /// Outside any tenant: the platform session's id.
    Platform(Uuid),
}

/// What [`Authenticator::authenticate`] found.
#[derive(Clone)]
pub struct Authenticated {
    /// The live session behind the credential, or nobody.
    pub identity: Option<Identity>,
    /// Called once for every GraphQL request of this caller.
    pub data: RequestData,
}

/// Finds out who a caller is.
#[async_trait]
pub trait Authenticator: Send + Sync + 'static {
    /// Looks the credential up inside the tenant that the caller named. A missing, foreign or ended
    /// session is nobody (`identity: None`), never an error. Called for every HTTP request, and for
    /// every socket at its start and every 60 s: an answer must not be older than 2 s.
    ///
    /// # Errors
    /// [`PortError`] when it cannot be known now.
    async fn authenticate(&self, caller: &Caller) -> Result<Authenticated, PortError>;

    /// The context of a caller of `Side::Tenant`, for what is no GraphQL; nobody as above.
    ///
    /// # Errors
    /// [`PortError`] when it cannot be known now.
    async fn tenant_context(&self, caller: &Caller) -> Result<Option<TenantContext>, PortError>;
}

/// A body on its way in.
pub type Incoming = BoxStream<'static, Result<Bytes, std::io::Error>>;

/// Takes and gives the bytes of files; decides who may.
#[async_trait]
pub trait FileStore: Send + Sync + 'static {
    /// See [`Files::put_small`].
    ///
    /// # Errors
    /// The same.
    async fn put_small(
        &self,
        ctx: &TenantContext,
        input: &UploadStartInput,
        body: Incoming,
    ) -> Result<Upload, DomainError>;

    /// See [`Files::open_download`].
    ///
    /// # Errors
    /// The same.
    async fn open_download(
        &self,
        ctx: &TenantContext,
        grant: &str,
    ) -> Result<Download, DomainError>;

    /// See [`Files::open_avatar`].
    ///
    /// # Errors
    /// The same.
    async fn open_picture(&self, ctx: &TenantContext, id: FileId) -> Result<Download, DomainError>;
}

#[async_trait]
impl FileStore for Files {
    async fn put_small(
        &self,
        ctx: &TenantContext,
        input: &UploadStartInput,
        body: Incoming,
    ) -> Result<Upload, DomainError> {
        Self::put_small(self, ctx, input, body).await
    }

    async fn open_download(
        &self,
        ctx: &TenantContext,
        grant: &str,
    ) -> Result<Download, DomainError> {
        Self::open_download(self, ctx, grant).await
    }

    async fn open_picture(&self, ctx: &TenantContext, id: FileId) -> Result<Download, DomainError> {
        self.open_avatar(ctx, id).await
    }
}

/// Executes queries and mutations of one schema. Every async-graphql schema does.
#[async_trait]
pub trait GraphqlExecutor: Send + Sync + 'static {
    /// Executes one operation.
    async fn execute(&self, request: Request) -> Response;
}

#[async_trait]
impl<E: Executor> GraphqlExecutor for E {
    async fn execute(&self, request: Request) -> Response {
        Executor::execute(self, request).await
    }
}

/// Executes subscriptions for one event at a time, without a viewer (DESIGN 6).
#[async_trait]
pub trait EventExecutor: Send + Sync + 'static {
    /// Checks a document against the schema; the errors, if it cannot be executed.
    async fn check(&self, document: &EventDocument) -> Result<(), Box<Response>>;

    /// What the document's subscribers are told of `event`; nothing where it is not shown to them.
    async fn execute(&self, document: &EventDocument, event: &TenantEvent) -> Option<Response>;
}

/// Decides at delivery who may hear an event (DESIGN 6).
#[async_trait]
pub trait Recipients: Send + Sync + 'static {
    /// The audience now. Events of one conversation are asked about in the order of its log; never
    /// asked about are `SessionEnded` (that session hears it) and `TenantClosed` (all).
    ///
    /// # Errors
    /// [`PortError`]: nobody hears the event; entries are fetched again by the next head check.
    async fn hears(&self, event: &TenantEvent) -> Result<Audience, PortError>;

    /// Events may have been lost: forgets what was remembered of memberships.
    fn forget(&self);
}

/// Reads the conversations' logs.
#[async_trait]
pub trait Log: Send + Sync + 'static {
    /// All conversations of `members` (at most 500), in no order.
    ///
    /// # Errors
    /// [`PortError`].
    async fn heads_of_members(
        &self,
        tenant: TenantId,
        members: &[MemberId],
    ) -> Result<Vec<MemberHead>, PortError>;

    /// The last sequence of each of `conversations`; one query. What is missing is left out.
    ///
    /// # Errors
    /// [`PortError`].
    async fn heads(
        &self,
        tenant: TenantId,
        conversations: &[ConversationId],
    ) -> Result<Vec<(ConversationId, i64)>, PortError>;

    /// The entries after `seq` as events, in order, at most `limit`.
    ///
    /// # Errors
    /// [`PortError`].
    async fn entries_after(
        &self,
        tenant: TenantId,
        conversation: ConversationId,
        seq: i64,
        limit: u32,
    ) -> Result<Vec<TenantEvent>, PortError>;
}

/// Is told which members are connected to this process.
#[async_trait]
pub trait Presence: Send + Sync + 'static {
    /// A member's first socket in this process opened.
    async fn opened(&self, tenant: TenantId, member: MemberId);

    /// The last one closed.
    async fn closed(&self, tenant: TenantId, member: MemberId);

    /// These members are still connected; every 15 s, so that a dead process's entries run out.
    async fn connected(&self, tenant: TenantId, members: &[MemberId]);
}

/// What one dependency answers to `/readyz`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DependencyState {
    /// `control_database`, `shard:main`, `redis`, `s3` …
    pub name: String,
    /// Whether requests that need it can be answered.
    pub ready: bool,
    /// Why not; shown to whoever can reach the port, so no addresses and no secrets.
    pub detail: Option<String>,
}

/// Asks every dependency how it is.
#[async_trait]
pub trait Readiness: Send + Sync + 'static {
    /// One state a dependency; bounded by a time-out of the implementation.
    async fn dependencies(&self) -> Vec<DependencyState>;
}

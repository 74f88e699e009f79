//! A real server on a free port with a small schema, two companies' worth of people, and ports that
//! count what they are asked.

use std::collections::{BTreeSet, HashMap};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::{App, HttpServer, dev::ServerHandle};
use api_graphql::{Door, SessionChange, SessionChanges};
use api_http::config::HttpConfig;
use api_http::extract::caller::{Caller, Credential, Side};
use api_http::fanout::FanoutPorts;
use api_http::fanout::document::EventDocument;
use api_http::limited_action::LimitedActions;
use api_http::ports::{
    Audience, Authenticated, Authenticator, DependencyState, EventExecutor, FileStore, Identity,
    Incoming, Log, MemberHead, PortError, Presence, Readiness, Recipients, TenantSession,
};
use api_http::{Edge, EdgePorts, configure, on_connect};
use async_graphql::{
    Context, EmptyMutation, EmptySubscription, ErrorExtensions as _, Object, Response, Schema,
    SimpleObject, Subscription,
};
use async_trait::async_trait;
use futures::{Stream, StreamExt as _, stream};
use kernel::{Clock as _, ManualClock, SeededRng, SystemClock, SystemRng};
use parking_lot::Mutex;
use platform::bus::{Bus as _, MemoryBus};
use platform::rate_limit::RateLimiter;
use tenancy_access::{DomainError, TenantContext};
use tenancy_files::{Download, Upload, UploadStartInput};
use tenancy_model::topic;
use tenancy_model::{
    ConversationId, EntryKind, EventBody, FileId, MemberId, MessageId, SessionId, Surface,
    TenantEvent, TenantId,
};

/// What resolvers of the test know of their caller.
struct Asker(Option<Identity>);

pub(crate) struct Query;

#[Object]
impl Query {
    async fn hello(&self) -> &str {
        "world"
    }

    async fn me(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        match ctx.data_unchecked::<Asker>().0 {
            Some(Identity::Tenant(session)) => Ok(session.session.to_string()),
            _ => Err(async_graphql::Error::new("Sign in first.")
                .extend_with(|_, extensions| extensions.set("code", "UNAUTHENTICATED"))),
        }
    }

    async fn limited(&self) -> async_graphql::Result<bool> {
        Err(
            async_graphql::Error::new("Too often.").extend_with(|_, extensions| {
                extensions.set("code", "RATE_LIMITED");
                extensions.set("retryAfterS", 7);
            }),
        )
    }

    async fn slow(&self, ms: u64) -> bool {
        tokio::time::sleep(Duration::from_millis(ms)).await;
        true
    }

    async fn deeper(&self) -> Query {
        Query
    }
}

pub(crate) struct Mutation;

#[Object]
impl Mutation {
    async fn touch(&self) -> i32 {
        1
    }

    async fn sign_in(&self, ctx: &Context<'_>, tenant: String) -> bool {
        let door = Door::Member(tenant.parse().unwrap());
        let change = SessionChange::Begin {
            door,
            token: "fresh".into(),
            max_age_s: 60,
        };
        let changes = ctx.data_opt::<SessionChanges>();
        changes.inspect(|changes| changes.push(change)).is_some()
    }
}

/// What subscribers are told.
#[derive(SimpleObject)]
struct Told {
    kind: &'static str,
    conversation_id: Option<String>,
    seq: Option<i64>,
    text: Option<String>,
}

pub(crate) struct Events;

#[Subscription]
impl Events {
    async fn events(&self, ctx: &Context<'_>) -> impl Stream<Item = Told> {
        stream::iter(ctx.data_opt::<TenantEvent>().map(told))
    }
}

fn told(event: &TenantEvent) -> Told {
    let plain = |kind| Told {
        kind,
        conversation_id: None,
        seq: None,
        text: None,
    };
    match &event.body {
        EventBody::Entry {
            conversation,
            seq,
            text,
            ..
        } => Told {
            kind: "message",
            conversation_id: Some(conversation.to_string()),
            seq: Some(*seq),
            text: text.clone(),
        },
        EventBody::SessionEnded { .. } => plain("session_ended"),
        EventBody::TenantClosed => plain("tenant_closed"),
        _ => plain("other"),
    }
}

type TenantSchema = Schema<Query, Mutation, Events>;

/// All ports of the test.
pub(crate) struct Ports {
    schema: TenantSchema,
    pub(crate) sessions: Mutex<HashMap<String, TenantSession>>,
    pub(crate) executions: AtomicUsize,
    pub(crate) fetches: AtomicUsize,
    pub(crate) forgotten: AtomicUsize,
    pub(crate) participants: Mutex<HashMap<ConversationId, BTreeSet<MemberId>>>,
    pub(crate) entries: Mutex<HashMap<ConversationId, Vec<TenantEvent>>>,
    pub(crate) present: Mutex<BTreeSet<MemberId>>,
    pub(crate) dependency_ready: Mutex<bool>,
}

#[async_trait]
impl Authenticator for Ports {
    async fn authenticate(&self, caller: &Caller) -> Result<Authenticated, PortError> {
        let token = match &caller.credential {
            Some(Credential::Bearer(token) | Credential::Cookie(token)) => token.reveal(),
            None => "",
        };
        let session = self.sessions.lock().get(token).copied();
        let session = session.filter(|known| Some(known.tenant) == caller.tenant);
        let identity = session
            .map(Identity::Tenant)
            .filter(|_| caller.side == Side::Tenant);
        let fill = move |data: &mut async_graphql::Data, changes: Option<&SessionChanges>| {
            data.insert(Asker(identity));
            if let Some(changes) = changes {
                data.insert(changes.clone());
            }
        };
        Ok(Authenticated {
            identity,
            data: Arc::new(fill),
        })
    }

    async fn tenant_context(&self, _: &Caller) -> Result<Option<TenantContext>, PortError> {
        Ok(None)
    }
}

/// This edge has no files.
#[async_trait]
impl FileStore for Ports {
    async fn put_small(
        &self,
        _: &TenantContext,
        _: &UploadStartInput,
        _: Incoming,
    ) -> Result<Upload, DomainError> {
        Err(DomainError::NOT_FOUND)
    }

    async fn open_download(&self, _: &TenantContext, _: &str) -> Result<Download, DomainError> {
        Err(DomainError::NOT_FOUND)
    }

    async fn open_picture(&self, _: &TenantContext, _: FileId) -> Result<Download, DomainError> {
        Err(DomainError::NOT_FOUND)
    }
}

#[async_trait]
impl EventExecutor for Ports {
    async fn check(&self, document: &EventDocument) -> Result<(), Box<Response>> {
        match self.schema.execute_stream(document.request()).next().await {
            Some(refused) => Err(Box::new(refused)),
            None => Ok(()),
        }
    }

    async fn execute(&self, document: &EventDocument, event: &TenantEvent) -> Option<Response> {
        self.executions.fetch_add(1, Ordering::SeqCst);
        let request = document.request().data(event.clone());
        self.schema.execute_stream(request).next().await
    }
}

#[async_trait]
impl Recipients for Ports {
    async fn hears(&self, event: &TenantEvent) -> Result<Audience, PortError> {
        Ok(match &event.body {
            EventBody::Entry { conversation, .. } => {
                let participants = self.participants.lock();
                Audience::Members(Arc::new(
                    participants.get(conversation).cloned().unwrap_or_default(),
                ))
            }
            _ => Audience::All,
        })
    }

    fn forget(&self) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl Log for Ports {
    async fn heads_of_members(
        &self,
        _: TenantId,
        members: &[MemberId],
    ) -> Result<Vec<MemberHead>, PortError> {
        let participants = self.participants.lock();
        let heads = participants.iter().flat_map(|(conversation, inside)| {
            let here = members.iter().filter(|member| inside.contains(member));
            here.map(|member| MemberHead {
                member: *member,
                conversation: *conversation,
                seq: self.head(*conversation),
            })
        });
        Ok(heads.collect())
    }

    async fn heads(
        &self,
        _: TenantId,
        conversations: &[ConversationId],
    ) -> Result<Vec<(ConversationId, i64)>, PortError> {
        Ok(conversations
            .iter()
            .map(|id| (*id, self.head(*id)))
            .collect())
    }

    async fn entries_after(
        &self,
        _: TenantId,
        conversation: ConversationId,
        seq: i64,
        limit: u32,
    ) -> Result<Vec<TenantEvent>, PortError> {
        self.fetches.fetch_add(1, Ordering::SeqCst);
        let entries = self.entries.lock();
        let skipped = usize::try_from(seq).unwrap();
        let found = entries
            .get(&conversation)
            .into_iter()
            .flatten()
            .skip(skipped);
        Ok(found.take(limit as usize).cloned().collect())
    }
}

impl Ports {
    pub(crate) fn head(&self, conversation: ConversationId) -> i64 {
        self.entries
            .lock()
            .get(&conversation)
            .map_or(0, |log| i64::try_from(log.len()).unwrap())
    }
}

#[async_trait]
impl Presence for Ports {
    async fn opened(&self, _: TenantId, member: MemberId) {
        self.present.lock().insert(member);
    }

    async fn closed(&self, _: TenantId, member: MemberId) {
        self.present.lock().remove(&member);
    }

    async fn connected(&self, _: TenantId, _: &[MemberId]) {}
}

#[async_trait]
impl Readiness for Ports {
    async fn dependencies(&self) -> Vec<DependencyState> {
        let ready = *self.dependency_ready.lock();
        let detail = (!ready).then(|| "does not answer".to_owned());
        vec![DependencyState {
            name: "control_database".to_owned(),
            ready,
            detail,
        }]
    }
}

/// A running server, and a company in it.
pub(crate) struct World {
    pub(crate) edge: Arc<Edge>,
    pub(crate) ports: Arc<Ports>,
    pub(crate) bus: Arc<MemoryBus>,
    pub(crate) address: String,
    pub(crate) tenant: TenantId,
    handle: ServerHandle,
    rng: SeededRng,
}

impl World {
    /// A server with small limits.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The same with other limits.
    pub(crate) async fn start_with(change: impl FnOnce(&mut HttpConfig)) -> Self {
        let mut config = HttpConfig::for_testing();
        change(&mut config);
        let rng = SeededRng::new(7);
        let tenant = TenantId::new(&ManualClock::default(), &rng);
        let schema = Schema::build(Query, Mutation, Events)
            .limit_complexity(config.graphql.complexity_max)
            .finish();
        let ports = Arc::new(Ports {
            schema: schema.clone(),
            sessions: Mutex::default(),
            executions: AtomicUsize::new(0),
            fetches: AtomicUsize::new(0),
            forgotten: AtomicUsize::new(0),
            participants: Mutex::default(),
            entries: Mutex::default(),
            present: Mutex::default(),
            dependency_ready: Mutex::new(true),
        });
        let bus = Arc::new(MemoryBus::default());
        let edge_ports = EdgePorts {
            tenant: Arc::new(schema),
            platform: Arc::new(Schema::new(Query, EmptyMutation, EmptySubscription)),
            authenticator: ports.clone(),
            limits: Arc::new(LimitedActions::new(RateLimiter::local(Arc::new(
                SystemClock,
            )))),
            files: ports.clone(),
            upload_origin: None,
            readiness: ports.clone(),
            render_metrics: Arc::new(|| "sockets_open 0\n".to_owned()),
            fanout: FanoutPorts {
                bus: bus.clone(),
                events: ports.clone(),
                recipients: ports.clone(),
                log: ports.clone(),
                presence: ports.clone(),
            },
            rng: Arc::new(SystemRng),
        };
        let edge = Edge::new(config, edge_ports, tokio::runtime::Handle::current());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let shared = edge.clone();
        let server = HttpServer::new(move || App::new().configure(configure(&shared)))
            .workers(1)
            .on_connect(on_connect)
            .disable_signals()
            .shutdown_timeout(5)
            .listen(listener)
            .unwrap()
            .run();
        let handle = server.handle();
        tokio::spawn(server);
        Self {
            edge,
            ports,
            bus,
            address,
            tenant,
            handle,
            rng,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A new member who is signed in with `token`.
    pub(crate) fn member(&self, token: &str, surface: Surface) -> TenantSession {
        let clock = ManualClock::default();
        let session = TenantSession {
            tenant: self.tenant,
            session: SessionId::new(&clock, &self.rng),
            member: Some(MemberId::new(&clock, &self.rng)),
            surface,
        };
        self.ports.sessions.lock().insert(token.to_owned(), session);
        session
    }

    /// A conversation of these people.
    pub(crate) fn conversation(&self, people: &[TenantSession]) -> ConversationId {
        let id = ConversationId::new(&ManualClock::default(), &self.rng);
        let members = people.iter().filter_map(|person| person.member).collect();
        self.ports.participants.lock().insert(id, members);
        id
    }

    /// Writes an entry; nobody is told.
    pub(crate) fn write(&self, conversation: ConversationId, text: &str) -> TenantEvent {
        let clock = ManualClock::default();
        let mut entries = self.ports.entries.lock();
        let log = entries.entry(conversation).or_default();
        let seq = i64::try_from(log.len() + 1).unwrap();
        let event = TenantEvent {
            tenant: self.tenant,
            body: EventBody::Entry {
                conversation,
                id: MessageId::new(&clock, &self.rng),
                seq,
                kind: EntryKind::Message,
                author: None,
                nonce: None,
                text: Some(text.to_owned()),
                attachments: Vec::new(),
                count_to: seq,
                created_at: clock.now(),
            },
        };
        log.push(event.clone());
        event
    }

    /// Tells an event to all processes.
    pub(crate) async fn publish(&self, event: &TenantEvent) {
        let payload = serde_json::to_vec(event).unwrap().into();
        self.bus
            .publish(&topic(self.tenant), payload)
            .await
            .unwrap();
    }

    /// Stops the HTTP server as a graceful stop does, after the sockets.
    pub(crate) async fn stop(&self) {
        self.edge.drain().await;
        self.handle.stop(true).await;
    }
}

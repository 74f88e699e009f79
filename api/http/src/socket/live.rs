//! One client that speaks graphql-transport-ws: who it is, what it runs, and when it has been
//! silent for too long. What it is told goes through its queue; what happens to the bytes is not
//! known here.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::web;
use async_graphql::Response;
use async_graphql::parser::types::OperationType;
use serde_json::Value;
use tenancy_model::ErrorCode;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::message::{self, ClientMessage};
use super::queue::{Close, Frame, TRY_AGAIN_LATER};
use super::table::{Registration, Socket};
use crate::config::{SocketLimits, ms};
use crate::edge::Edge;
use crate::extract::caller::Caller;
use crate::extract::cookie::Cookies;
use crate::fanout::document::EventDocument;
use crate::fanout::{Membership, SubscribeError};
use crate::graphql::params::Params;
use crate::graphql::run::{self, Operation};
use crate::ports::{Authenticated, Identity};

const UNAUTHORIZED: u16 = 4401;
const FORBIDDEN: u16 = 4403;
const TOO_LATE: u16 = 4408;
const ALREADY_EXISTS: u16 = 4409;
const TOO_MANY: u16 = 4429;

/// What runs on a socket, by id.
enum Running {
    /// A query or mutation in a task of its own; the number tells it from a later one of its id.
    Operation(u64, AbortHandle),
    /// A subscription in the fan-out.
    Subscription,
}

/// Shared with the tasks of the operations, which take themselves out.
type Operations = Rc<RefCell<HashMap<String, Running>>>;

/// A client after `connection_init`.
struct Known {
    identity: Identity,
    found: Authenticated,
    /// In the fan-out of its tenant.
    membership: Option<Membership>,
}

/// The state of one socket.
pub(crate) struct Live {
    edge: web::Data<Edge>,
    caller: Caller,
    /// Only until `connection_init` says which of them counts.
    cookies: Option<Cookies>,
    known: Option<Known>,
    operations: Operations,
    operations_begun: u64,
    heard_at: Instant,
    ping_at: Instant,
    reauthenticate_at: Instant,
    /// Last, so that the place in the table is given back after everything else.
    place: Registration,
}

impl Live {
    pub(crate) fn new(
        edge: web::Data<Edge>,
        caller: Caller,
        cookies: Cookies,
        place: Registration,
    ) -> Self {
        let now = Instant::now();
        Self {
            edge,
            caller,
            cookies: Some(cookies),
            known: None,
            operations: Operations::default(),
            operations_begun: 0,
            heard_at: now,
            ping_at: now,
            reauthenticate_at: now,
            place,
        }
    }

    pub(crate) fn socket(&self) -> Arc<Socket> {
        Arc::clone(&self.place.socket)
    }

    pub(crate) fn limits(&self) -> &SocketLimits {
        &self.edge.config.socket
    }

    pub(crate) fn trace_id(&self) -> &str {
        &self.caller.trace_id
    }

    /// When [`Self::tick`] wants to be called.
    pub(crate) fn deadline(&self) -> Instant {
        match self.known {
            None => self.heard_at + ms(self.limits().init_timeout_ms),
            Some(_) => self
                .ping_at
                .min(self.reauthenticate_at)
                .min(self.heard_at + ms(self.limits().idle_ms)),
        }
    }

    /// The client said something. Before `connection_init` that does not win it any time.
    pub(crate) fn heard(&mut self) {
        if self.known.is_some() {
            self.heard_at = Instant::now();
        }
    }

    /// Does what is due.
    ///
    /// # Errors
    /// The close of a client that was silent for too long or lost its session.
    pub(crate) async fn tick(&mut self) -> Result<(), Close> {
        let now = Instant::now();
        let limits = self.limits().clone();
        if self.known.is_none() {
            return Err(Close::new(TOO_LATE, "Connection initialisation timeout"));
        }
        if now >= self.heard_at + ms(limits.idle_ms) {
            return Err(Close::new(TOO_LATE, "Silent for too long"));
        }
        if now >= self.ping_at {
            self.ping_at = now + ms(limits.ping_ms);
            let membership = self
                .known
                .as_ref()
                .and_then(|known| known.membership.as_ref());
            self.push(message::ping(membership.and_then(Membership::heads)));
        }
        if now >= self.reauthenticate_at {
            self.reauthenticate_at = now + ms(limits.reauthenticate_ms);
            self.reauthenticate().await?;
        }
        Ok(())
    }

    /// Answers one message.
    ///
    /// # Errors
    /// The close that the protocol demands.
    pub(crate) async fn message(&mut self, text: &str) -> Result<(), Close> {
        match ClientMessage::parse(text)? {
            ClientMessage::Init(payload) => self.init(&payload).await,
            ClientMessage::Ping(payload) => {
                self.push(message::pong(payload.as_ref()));
                Ok(())
            }
            ClientMessage::Pong => Ok(()),
            ClientMessage::Subscribe(id, params) => self.subscribe(id, params).await,
            ClientMessage::Complete(id) => {
                self.cancel(&id);
                Ok(())
            }
        }
    }

    fn push(&self, frame: Frame) {
        self.place.socket.queue.push(frame);
    }

    async fn init(&mut self, payload: &Value) -> Result<(), Close> {
        let Some(cookies) = self.cookies.take() else {
            return Err(Close::new(TOO_MANY, "Too many initialisation requests"));
        };
        self.caller = self.caller.clone().with_init(payload, &cookies);
        let later = |_| Close::new(TRY_AGAIN_LATER, "Try again later");
        let found = self.edge.authenticate(&self.caller).await.map_err(later)?;
        let Some(identity) = found.identity else {
            return Err(Close::new(FORBIDDEN, "Forbidden"));
        };
        let owner = match identity {
            Identity::Tenant(session) => session
                .member
                .map_or_else(|| session.session.uuid(), |member| member.uuid()),
            Identity::Platform(session) => session,
        };
        if !self.place.belongs_to(owner) {
            return Err(Close::new(TOO_MANY, "Too many sockets"));
        }
        let membership = match identity {
            Identity::Tenant(session) => {
                let joined = self.edge.fanout.join(session, self.socket()).await;
                Some(joined.map_err(|error| {
                    let trace_id = self.trace_id();
                    tracing::warn!(trace_id, %error, "a socket cannot be given events");
                    Close::new(TRY_AGAIN_LATER, "Try again later")
                })?)
            }
            Identity::Platform(_) => None,
        };
        let now = Instant::now();
        self.heard_at = now;
        self.ping_at = now + ms(self.limits().ping_ms);
        self.reauthenticate_at = now + ms(self.limits().reauthenticate_ms);
        self.known = Some(Known {
            identity,
            found,
            membership,
        });
        self.push(message::ack());
        Ok(())
    }

    /// Looks the session up again; what runs from now on sees the member's present rights.
    async fn reauthenticate(&mut self) -> Result<(), Close> {
        // When it cannot be known now, the next turn asks again.
        let Ok(found) = self.edge.authenticate(&self.caller).await else {
            return Ok(());
        };
        match &mut self.known {
            Some(known) if found.identity == Some(known.identity) => {
                known.found = found;
                Ok(())
            }
            _ => Err(Close::new(FORBIDDEN, "Session ended")),
        }
    }

    async fn subscribe(&mut self, id: String, params: Params) -> Result<(), Close> {
        let Some(known) = &self.known else {
            return Err(Close::new(UNAUTHORIZED, "Unauthorized"));
        };
        if self.operations.borrow().contains_key(&id) {
            return Err(Close::new(
                ALREADY_EXISTS,
                format!("Subscriber for {id} already exists"),
            ));
        }
        let id_json = message::id_json(&id);
        let limited = self
            .edge
            .count_request(&self.caller, Some(known.identity))
            .await;
        if let Err(seconds) = limited {
            self.refuse(&id_json, &run::rate_limited(seconds));
            return Ok(());
        }
        let config = &self.edge.config;
        match Operation::prepare(params, &config.graphql, config.introspection) {
            Err(refused) => self.refuse(&id_json, &refused),
            Ok(operation) if operation.kind == OperationType::Subscription => {
                self.listen(id, id_json, operation).await;
            }
            Ok(operation) => self.execute(id, id_json, operation),
        }
        Ok(())
    }

    fn refuse(&self, id_json: &str, refused: &Response) {
        self.push(message::error(id_json, &run::errors_to_json(refused)));
    }

    fn running(&self, wanted: impl Fn(&Running) -> bool) -> usize {
        self.operations
            .borrow()
            .values()
            .filter(|running| wanted(running))
            .count()
    }

    /// Begins a subscription.
    async fn listen(&self, id: String, id_json: Arc<str>, operation: Operation) {
        let membership = self
            .known
            .as_ref()
            .and_then(|known| known.membership.as_ref());
        let Some(membership) = membership else {
            let text = "There are no subscriptions here.";
            return self.refuse(&id_json, &run::request_error(ErrorCode::BadRequest, text));
        };
        let most = self.limits().subscriptions_max;
        if self.running(|running| matches!(running, Running::Subscription)) >= most {
            let text = format!("A socket has at most {most} subscriptions.");
            return self.refuse(&id_json, &run::request_error(ErrorCode::TooMany, text));
        }
        let document = EventDocument::new(operation.request);
        match membership.subscribe(Arc::clone(&id_json), document).await {
            Ok(()) => {
                self.operations
                    .borrow_mut()
                    .insert(id, Running::Subscription);
            }
            Err(SubscribeError::Refused(refused)) => self.refuse(&id_json, &run::coded(*refused)),
            Err(SubscribeError::TooManyDocuments) => {
                let text = "Too many different subscriptions in this company.";
                self.refuse(&id_json, &run::request_error(ErrorCode::TooMany, text));
            }
        }
    }

    /// Runs a query or mutation beside everything else.
    fn execute(&mut self, id: String, id_json: Arc<str>, operation: Operation) {
        let most = self.limits().operations_max;
        if self.running(|running| matches!(running, Running::Operation(..))) >= most {
            let text = format!("A socket runs at most {most} operations at once.");
            return self.refuse(&id_json, &run::request_error(ErrorCode::TooMany, text));
        }
        let Some(known) = &self.known else { return };
        let operation = operation.with_data(|data| (known.found.data)(data, None));
        metrics::counter!("graphql_requests_total", "side" => self.caller.side.name()).increment(1);
        let executor = Arc::clone(self.edge.executor(self.caller.side));
        let socket = self.socket();
        self.operations_begun += 1;
        let serial = self.operations_begun;
        let done = TakeOut {
            operations: Rc::clone(&self.operations),
            id: id.clone(),
            serial,
            socket: Arc::clone(&socket),
        };
        let task = actix_web::rt::spawn(async move {
            // Taken out before the answer is queued: the client may use the id again at once.
            let response = run::coded(executor.execute(operation.request).await);
            drop(done);
            if run::is_request_error(&response) {
                socket
                    .queue
                    .push(message::error(&id_json, &run::errors_to_json(&response)));
            } else {
                let payload = run::to_json(&response);
                socket.queue.push(Frame::Next {
                    id: Arc::clone(&id_json),
                    payload,
                });
                socket.queue.push(message::complete(&id_json));
            }
        });
        let running = Running::Operation(serial, task.abort_handle());
        self.operations.borrow_mut().insert(id, running);
    }

    fn cancel(&self, id: &str) {
        match self.operations.borrow_mut().remove(id) {
            Some(Running::Operation(_, task)) => task.abort(),
            Some(Running::Subscription) => {
                if let Some(membership) = self.known.as_ref().and_then(|k| k.membership.as_ref()) {
                    membership.unsubscribe(&message::id_json(id));
                }
            }
            // It may just have ended by itself.
            None => {}
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        for (_, running) in self.operations.borrow_mut().drain() {
            if let Running::Operation(_, task) = running {
                task.abort();
            }
        }
    }
}

/// Takes an operation out of the table when it ends, and says so if it ended by a panic.
struct TakeOut {
    operations: Operations,
    id: String,
    serial: u64,
    socket: Arc<Socket>,
}

impl Drop for TakeOut {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let failed = run::request_error(ErrorCode::Internal, "Internal error.");
            let errors = run::errors_to_json(&failed);
            self.socket
                .queue
                .push(message::error(&message::id_json(&self.id), &errors));
        }
        if let Ok(mut operations) = self.operations.try_borrow_mut() {
            let own = matches!(
                operations.get(&self.id),
                Some(Running::Operation(serial, _)) if *serial == self.serial
            );
            if own {
                operations.remove(&self.id);
            }
        }
    }
}

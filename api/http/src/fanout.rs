//! Shared fan-out (DESIGN 5 and 6): an event is executed once per distinct subscription and its
//! bytes go to every socket that may hear it. One [`Hub`](hub::Hub) a tenant with live sockets
//! here, each with one task (`pump.rs`) that listens to the tenant's topic, keeps the order, fills
//! gaps, asks who may hear what, and pushes.
//!
//! | file | what |
//! | --- | --- |
//! | `document.rs` | when two subscriptions are the same |
//! | `tracks.rs` | order and gaps, conversation by conversation |
//! | `digest.rs` | the heads of a member, for the heartbeat |
//! | `hub.rs` | who is connected and what they subscribed to |
//! | `pump.rs` | from the bus to the sockets |

pub mod digest;
pub mod document;
pub mod hub;
mod pump;
pub mod tracks;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Response;
use parking_lot::Mutex;
use platform::bus::{Bus, BusError};
use tenancy_model::{TenantId, topic};
use thiserror::Error;
use tokio::runtime::Handle;
use tokio::sync::OnceCell;
use tokio_util::sync::{CancellationToken, DropGuard};

use self::document::EventDocument;
use self::hub::Hub;
use crate::config::FanoutLimits;
use crate::ports::{EventExecutor, Log, PortError, Presence, Recipients, TenantSession};
use crate::socket::table::Socket;

/// What the fan-out needs from the rest of the product.
#[derive(Clone)]
pub struct FanoutPorts {
    /// Carries events: serialised [`tenancy_model::TenantEvent`]s on [`topic`].
    pub bus: Arc<dyn Bus>,
    /// Executes subscriptions.
    pub events: Arc<dyn EventExecutor>,
    /// Decides who hears what.
    pub recipients: Arc<dyn Recipients>,
    /// Reads what the bus lost.
    pub log: Arc<dyn Log>,
    /// Is told who is connected.
    pub presence: Arc<dyn Presence>,
}

/// Why a socket gets no events.
#[derive(Debug, Error)]
pub enum JoinError {
    /// The bus takes no more subscriptions.
    #[error("the tenant's events cannot be subscribed to")]
    Bus(#[from] BusError),
    /// The heads of the member's conversations cannot be read.
    #[error("the member's conversations cannot be read")]
    Log(#[from] PortError),
}

/// Why a subscription does not begin.
#[derive(Debug, Error)]
pub enum SubscribeError {
    /// The document is not valid; the errors.
    #[error("the document is refused")]
    Refused(Box<Response>),
    /// The tenant's sockets use too many different documents.
    #[error("too many different documents")]
    TooManyDocuments,
}

/// All tenants with live sockets in this process.
pub struct Fanout {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    limits: FanoutLimits,
    ports: FanoutPorts,
    runtime: Handle,
    hubs: Mutex<HashMap<TenantId, Entry>>,
}

struct Entry {
    hub: Arc<Hub>,
    started: Arc<OnceCell<DropGuard>>,
    /// Sockets that joined or are joining.
    users: usize,
}

impl Fanout {
    /// Nobody is connected. Tasks run on `runtime`.
    #[must_use]
    pub fn new(limits: FanoutLimits, ports: FanoutPorts, runtime: Handle) -> Self {
        Self {
            shared: Arc::new(Shared {
                limits,
                ports,
                runtime,
                hubs: Mutex::default(),
            }),
        }
    }

    /// Connects a socket to its tenant's events. When this returns, everything that is written to
    /// the member's conversations from now on will be told, so that a `sync` after it misses
    /// nothing.
    ///
    /// # Errors
    /// [`JoinError`].
    pub async fn join(
        &self,
        session: TenantSession,
        socket: Arc<Socket>,
    ) -> Result<Membership, JoinError> {
        let (hub, started) = self.shared.enter(session.tenant);
        // From here on dropping it leaves.
        let membership = Membership {
            shared: Arc::clone(&self.shared),
            hub: Arc::clone(&hub),
            session,
            socket,
        };
        started
            .get_or_try_init(|| self.shared.start(Arc::clone(&hub)))
            .await?;
        let joined = hub.add(session, Arc::clone(&membership.socket));
        if let Some(member) = joined.heads_wanted {
            let log = &self.shared.ports.log;
            let heads = log.heads_of_members(session.tenant, &[member]).await?;
            // The client syncs after this, so nothing is to be told again.
            hub.refresh(&[member], heads, 0);
        }
        if let Some(member) = joined.came {
            self.shared
                .ports
                .presence
                .opened(session.tenant, member)
                .await;
        }
        Ok(membership)
    }
}

impl Shared {
    fn enter(&self, tenant: TenantId) -> (Arc<Hub>, Arc<OnceCell<DropGuard>>) {
        let mut hubs = self.hubs.lock();
        let entry = hubs.entry(tenant).or_insert_with(|| Entry {
            hub: Arc::new(Hub::new(tenant, self.limits.clone())),
            started: Arc::default(),
            users: 0,
        });
        entry.users += 1;
        (Arc::clone(&entry.hub), Arc::clone(&entry.started))
    }

    /// Subscribes and begins the hub's task; it ends when the guard is dropped with the entry.
    async fn start(&self, hub: Arc<Hub>) -> Result<DropGuard, BusError> {
        let subscription = self.ports.bus.subscribe(&topic(hub.tenant)).await?;
        let stop = CancellationToken::new();
        let pump = pump::Pump::new(hub, self.ports.clone(), self.limits.clone());
        self.runtime.spawn(pump.run(subscription, stop.clone()));
        Ok(stop.drop_guard())
    }

    fn leave(&self, tenant: TenantId) {
        let mut hubs = self.hubs.lock();
        if let Some(entry) = hubs.get_mut(&tenant) {
            entry.users -= 1;
            if entry.users == 0 {
                hubs.remove(&tenant);
            }
        }
    }
}

/// A socket's place in the fan-out; left when dropped.
pub struct Membership {
    shared: Arc<Shared>,
    hub: Arc<Hub>,
    session: TenantSession,
    socket: Arc<Socket>,
}

impl Membership {
    /// Begins a subscription under `id` (as JSON).
    ///
    /// # Errors
    /// [`SubscribeError`].
    pub async fn subscribe(
        &self,
        id: Arc<str>,
        document: EventDocument,
    ) -> Result<(), SubscribeError> {
        if !self.hub.knows(&document) {
            let checked = self.shared.ports.events.check(&document).await;
            checked.map_err(SubscribeError::Refused)?;
        }
        let begun = self.hub.subscribe(self.socket.id, id, document);
        if begun {
            Ok(())
        } else {
            Err(SubscribeError::TooManyDocuments)
        }
    }

    /// Ends the subscription under `id` (as JSON).
    pub fn unsubscribe(&self, id: &str) {
        self.hub.unsubscribe(self.socket.id, id);
    }

    /// The digest of the member's heads; the founder has none.
    #[must_use]
    pub fn heads(&self) -> Option<u32> {
        self.session.member.map(|member| self.hub.digest(member))
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        let tenant = self.session.tenant;
        if let Some(member) = self.hub.remove(self.socket.id) {
            let (hub, shared) = (Arc::clone(&self.hub), Arc::clone(&self.shared));
            self.shared.runtime.spawn(async move {
                // Who came back in the meantime is still here.
                if !hub.is_connected(member) {
                    shared.ports.presence.closed(tenant, member).await;
                }
            });
        }
        self.shared.leave(tenant);
    }
}

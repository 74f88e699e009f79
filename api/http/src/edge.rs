//! What every handler shares: the configuration, the ports, the live sockets and the fan-out.

use std::sync::Arc;

use actix_web::dev::RequestHead;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderValue;
use api_graphql::{ActionLimiter, LimitKey, LimitedAction};
use kernel::Rng;
use std::net::IpAddr;
use tenancy_model::{ErrorCode, TenantId};
use tokio::runtime::Handle;

use crate::config::HttpConfig;
use crate::error::HttpError;
use crate::extract::caller::{Caller, Side};
use crate::extract::client_ip::client_ip;
use crate::extract::origin::Site;
use crate::fanout::{Fanout, FanoutPorts};
use crate::middleware::content_security_policy;
use crate::ports::{
    Authenticated, Authenticator, FileStore, GraphqlExecutor, Identity, PortError, Readiness,
};
use crate::socket::table::Sockets;

/// The text of `/metrics`.
pub type RenderMetrics = Arc<dyn Fn() -> String + Send + Sync>;

/// What `api-server` joins to the edge.
pub struct EdgePorts {
    /// Executes the schema of `/graphql`.
    pub tenant: Arc<dyn GraphqlExecutor>,
    /// Executes the schema of `/platform/graphql`.
    pub platform: Arc<dyn GraphqlExecutor>,
    /// Finds out who asks.
    pub authenticator: Arc<dyn Authenticator>,
    /// Counts limited actions ([`LimitedActions`](crate::limited_action::LimitedActions)); the same
    /// object goes into the resolvers' requests.
    pub limits: Arc<dyn ActionLimiter>,
    /// Takes and gives the bytes of files.
    pub files: Arc<dyn FileStore>,
    /// `scheme://host[:port]` where browsers put the parts of large files, if that is not here.
    pub upload_origin: Option<String>,
    /// For `/readyz`.
    pub readiness: Arc<dyn Readiness>,
    /// For `/metrics`.
    pub render_metrics: RenderMetrics,
    /// What the fan-out of events needs.
    pub fanout: FanoutPorts,
    /// For request ids and the spread of a graceful stop.
    pub rng: Arc<dyn Rng>,
}

/// The edge of one process; shared by all its workers.
pub struct Edge {
    pub(crate) config: HttpConfig,
    pub(crate) site: Site,
    /// The header of every answer that sets none of its own.
    pub(crate) content_security_policy: HeaderValue,
    pub(crate) ports: EdgePorts,
    pub(crate) sockets: Arc<Sockets>,
    pub(crate) fanout: Fanout,
}

impl Edge {
    /// Joins the ports. Events are delivered on `runtime`, which must outlive the HTTP server.
    #[must_use]
    pub fn new(config: HttpConfig, ports: EdgePorts, runtime: Handle) -> Arc<Self> {
        let fanout = Fanout::new(config.fanout.clone(), ports.fanout.clone(), runtime);
        Arc::new(Self {
            site: Site::new(&config),
            content_security_policy: content_security_policy(ports.upload_origin.as_deref()),
            sockets: Arc::new(Sockets::new(config.socket.clone())),
            config,
            ports,
            fanout,
        })
    }

    /// Begins a graceful stop: `/readyz` turns away, no new socket is taken, and the live ones are
    /// closed with 1001, spread over the configured time. Returns when all are gone, or two seconds
    /// after that time; then stop the HTTP server gracefully, which finishes requests in flight.
    pub async fn drain(&self) {
        self.sockets.drain().await;
    }

    /// Sockets that are open in this process.
    #[must_use]
    pub fn sockets_open(&self) -> usize {
        self.sockets.open()
    }

    pub(crate) fn executor(&self, side: Side) -> &Arc<dyn GraphqlExecutor> {
        match side {
            Side::Tenant => &self.ports.tenant,
            Side::Platform => &self.ports.platform,
        }
    }

    pub(crate) fn caller(&self, side: Side, head: &RequestHead, trace_id: &str) -> Caller {
        Caller::read(
            side,
            head,
            &self.site,
            self.config.trusted_proxies,
            trace_id,
        )
    }

    /// Whoever a request may be from that names `tenant` in its path; see [`Caller::at`].
    pub(crate) fn callers_at(
        &self,
        head: &RequestHead,
        tenant: TenantId,
        trace_id: &str,
    ) -> Vec<Caller> {
        let caller = self.caller(Side::Tenant, head, trace_id);
        caller.at(tenant, head, &self.site)
    }

    pub(crate) fn client_ip(&self, head: &RequestHead) -> IpAddr {
        client_ip(head, self.config.trusted_proxies)
    }

    /// Who `caller` is.
    ///
    /// # Errors
    /// 503 when it cannot be known now.
    pub(crate) async fn authenticate(&self, caller: &Caller) -> Result<Authenticated, HttpError> {
        let found = self.ports.authenticator.authenticate(caller).await;
        found.map_err(|error| self.not_looked_up(caller, &error))
    }

    pub(crate) fn not_looked_up(&self, caller: &Caller, error: &PortError) -> HttpError {
        tracing::warn!(trace_id = &*caller.trace_id, %error, "a caller could not be looked up");
        HttpError::new(ErrorCode::Unavailable, "sessions cannot be looked up now")
            .status(StatusCode::SERVICE_UNAVAILABLE)
            .retry_after_s(1)
    }

    /// Counts one GraphQL request; the seconds to wait if there are too many.
    pub(crate) async fn count_request(
        &self,
        caller: &Caller,
        identity: Option<Identity>,
    ) -> Result<(), u64> {
        let key = match identity {
            Some(Identity::Tenant(session)) => LimitKey::Session(session.session),
            Some(Identity::Platform(_)) | None => LimitKey::Source(caller.client_ip),
        };
        self.ports.limits.check(LimitedAction::Api, key).await
    }
}

//! Names to addresses: asked once for a connection, filtered, and the answer is what is connected
//! to.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use async_trait::async_trait;
use hickory_resolver::TokioResolver;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::OutboundError;
use super::address::AddressPolicy;

/// The most addresses of one name that are tried.
pub const ADDRESSES_MAX: usize = 8;

/// Knows the addresses of names.
#[async_trait]
pub trait Resolver: Send + Sync + 'static {
    /// The addresses of `host`, none if there are none.
    ///
    /// # Errors
    /// A text for the log when it could not be found out.
    async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, String>;
}

/// Asks the name servers of the system's configuration.
pub struct SystemResolver(TokioResolver);

impl SystemResolver {
    /// Reads the system's configuration.
    ///
    /// # Errors
    /// [`OutboundError::Configuration`] when there is none.
    pub fn new() -> Result<Self, OutboundError> {
        TokioResolver::builder_tokio()
            .and_then(|builder| builder.build())
            .map(Self)
            .map_err(|error| OutboundError::Configuration(format!("name servers: {error}")))
    }
}

#[async_trait]
impl Resolver for SystemResolver {
    async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, String> {
        // With a final dot the search list of the system is not tried: a stranger's name is
        // complete.
        let name = format!("{}.", host.trim_end_matches('.'));
        match self.0.lookup_ip(name).await {
            Ok(found) => Ok(found.iter().collect()),
            Err(error) if error.is_no_records_found() || error.is_nx_domain() => Ok(Vec::new()),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// Gives the connector only addresses that may be called.
#[derive(Clone)]
pub(super) struct Pinned {
    pub(super) resolver: Arc<dyn Resolver>,
    pub(super) policy: Arc<AddressPolicy>,
}

impl Pinned {
    /// The addresses of `host` that may be called, at least one.
    pub(super) async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, OutboundError> {
        let found = self.resolver.resolve(host).await.map_err(|error| {
            tracing::debug!(host, error, "a name was not resolved");
            OutboundError::Unresolved
        })?;
        if found.is_empty() {
            return Err(OutboundError::Unresolved);
        }
        let allowed: Vec<_> = found
            .into_iter()
            .filter(|ip| self.policy.allows(*ip))
            .take(ADDRESSES_MAX)
            .collect();
        if allowed.is_empty() {
            Err(OutboundError::Refused)
        } else {
            Ok(allowed)
        }
    }
}

impl Resolve for Pinned {
    fn resolve(&self, name: Name) -> Resolving {
        let pinned = self.clone();
        Box::pin(async move {
            let found = pinned.addresses(name.as_str()).await?;
            let addresses: Addrs = Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(addresses)
        })
    }
}

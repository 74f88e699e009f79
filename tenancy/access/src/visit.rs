//! A request before anybody is signed in: which tenant it named, and where it came from. Sign-in
//! and one-time links start here; the HTTP extractor turns one with a good token into a
//! [`TenantContext`].

use std::sync::Arc;

use kernel::Instant;
use tenancy_model::EntitlementsSnapshot;
use tenancy_store::{TenantStore, control::tenant};

use crate::{Actor, Origin, Services, TenantContext};

/// What is known of a request before its session.
#[derive(Clone)]
pub struct Visit {
    /// The tenant that was named.
    pub tenant: Arc<tenant::Model>,
    /// Its rows.
    pub store: TenantStore,
    /// What it may use.
    pub entitlements: Arc<EntitlementsSnapshot>,
    /// Where the request came from.
    pub origin: Origin,
    /// Time, randomness, bus.
    pub services: Services,
}

impl Visit {
    /// Now.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.services.clock.now()
    }

    /// The context in which `actor` does one thing.
    pub(crate) fn context(&self, actor: Actor) -> TenantContext {
        TenantContext {
            tenant: self.tenant.clone(),
            actor,
            origin: self.origin.clone(),
            store: self.store.clone(),
            entitlements: self.entitlements.clone(),
            services: self.services.clone(),
        }
    }
}

impl From<&TenantContext> for Visit {
    fn from(ctx: &TenantContext) -> Self {
        Self {
            tenant: ctx.tenant.clone(),
            store: ctx.store.clone(),
            entitlements: ctx.entitlements.clone(),
            origin: ctx.origin.clone(),
            services: ctx.services.clone(),
        }
    }
}

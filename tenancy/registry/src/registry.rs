//! What the verbs of this crate need of their process. One value, joined in `api/server`.

use std::sync::Arc;

use tenancy_access::Services;
use tenancy_model::Entitlements;

use crate::{FirstTerms, ProvisionWatcher, RegistryConfig, TermsReader, usage::UsageCache};

/// The parts that `api/server` joins.
pub struct RegistryParts {
    /// Stores, clock, randomness, bus, passwords.
    pub services: Services,
    /// What the operator set.
    pub config: RegistryConfig,
    /// Gives new tenants their first terms.
    pub first_terms: Arc<dyn FirstTerms>,
    /// Looks over the terms of all tenants.
    pub terms: Arc<dyn TermsReader>,
    /// What a tenant may use now.
    pub entitlements: Arc<dyn Entitlements>,
    /// Is told of the steps of provisioning; [`crate::NoWatcher`] outside tests.
    pub watcher: Arc<dyn ProvisionWatcher>,
    /// Whether mails go to the local mailbox: no SMTP, and a server on loopback alone.
    pub local_mailbox: bool,
    /// Whether the demonstration is loaded, and its passwords may be shown.
    pub demonstration: bool,
}

/// Sign-up, provisioning, the life of tenants, operators. Cheap to clone in an `Arc`. Nobody
/// outside this crate gets at the stores through it.
pub struct Registry {
    pub(crate) services: Services,
    pub(crate) config: RegistryConfig,
    pub(crate) first_terms: Arc<dyn FirstTerms>,
    pub(crate) terms: Arc<dyn TermsReader>,
    pub(crate) entitlements: Arc<dyn Entitlements>,
    pub(crate) watcher: Arc<dyn ProvisionWatcher>,
    pub(crate) local_mailbox: bool,
    pub(crate) demonstration: bool,
    pub(crate) usage: UsageCache,
}

impl Registry {
    /// After how long a tenant that is still being made counts as left behind.
    #[must_use]
    pub fn provisioning_for(&self) -> std::time::Duration {
        self.config.provisioning_for()
    }

    /// Joins the parts.
    #[must_use]
    pub fn new(parts: RegistryParts) -> Arc<Self> {
        Arc::new(Self {
            services: parts.services,
            config: parts.config,
            first_terms: parts.first_terms,
            terms: parts.terms,
            entitlements: parts.entitlements,
            watcher: parts.watcher,
            local_mailbox: parts.local_mailbox,
            demonstration: parts.demonstration,
            usage: UsageCache::default(),
        })
    }

    pub(crate) fn now(&self) -> kernel::Instant {
        self.services.clock.now()
    }
}

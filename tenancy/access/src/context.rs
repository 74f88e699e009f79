//! The first argument of every domain function: who, where, when, for one operation.

use std::sync::Arc;

use bytes::Bytes;
use kernel::{Clock, Instant, Rng};
use platform::bus::Bus;
use tenancy_model::{
    EntitlementsSnapshot, EventBody, MemberId, Permission, TenantEvent, TenantId, topic,
};
use tenancy_store::{Stores, TenantStore, control::tenant};

use crate::{AccessConfig, Actor, DomainError, FaultCode, Origin, Passwords};

/// What a process has for all operations. One value, joined in `api/server`.
#[derive(Clone)]
pub struct Services {
    /// Every database.
    pub stores: Stores,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// Hints for live sockets.
    pub bus: Arc<dyn Bus>,
    /// How long sessions live, and password hashes.
    pub access: Access,
}

/// What sessions and passwords need besides the rest of [`Services`]. Cheap to clone.
#[derive(Clone)]
pub struct Access {
    /// How long sessions and links live.
    pub config: Arc<AccessConfig>,
    /// Hashes and verifies passwords.
    pub passwords: Passwords,
}

impl Access {
    /// As configured.
    ///
    /// # Errors
    /// argon2 refuses the cost.
    pub fn new(config: AccessConfig) -> Result<Self, DomainError> {
        Ok(Self {
            passwords: Passwords::new(&config)?,
            config: Arc::new(config),
        })
    }
}

/// Who, where and when, for one operation on one tenant.
///
/// Built in four places only: the HTTP extractor, the job runner (CLI and demonstration included),
/// the federation inbox, `registry::provision`.
#[derive(Clone)]
pub struct TenantContext {
    /// The tenant's row as of the start of the operation.
    pub tenant: Arc<tenant::Model>,
    /// Who performs it.
    pub actor: Actor,
    /// From where.
    pub origin: Origin,
    /// The tenant's rows.
    pub store: TenantStore,
    /// What the tenant may use.
    pub entitlements: Arc<EntitlementsSnapshot>,
    /// Time, randomness, bus.
    pub services: Services,
}

impl Services {
    /// Publishes a hint on a tenant's bus, for work that outlives its context; otherwise it is
    /// [`TenantContext::publish`].
    pub async fn publish(&self, tenant: TenantId, body: EventBody) {
        let event = TenantEvent { tenant, body };
        let sent = match serde_json::to_vec(&event) {
            Ok(bytes) => self.bus.publish(&topic(tenant), Bytes::from(bytes)).await,
            Err(error) => {
                tracing::error!(%error, "an event could not be written");
                return;
            }
        };
        if let Err(error) = sent {
            tracing::warn!(%error, %tenant, "an event was not published");
        }
    }
}

impl TenantContext {
    /// Now.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.services.clock.now()
    }

    /// The clock, for ids.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.services.clock
    }

    /// Randomness, for ids and secrets.
    #[must_use]
    pub fn rng(&self) -> &dyn Rng {
        &*self.services.rng
    }

    /// Whose rows.
    #[must_use]
    pub fn tenant_id(&self) -> TenantId {
        self.store.id()
    }

    /// The acting member. Refuses the founder, jobs, and a member who must change the password
    /// first.
    ///
    /// # Errors
    /// [`FaultCode::Forbidden`], [`FaultCode::PasswordChangeRequired`].
    pub fn require_member(&self) -> Result<MemberId, DomainError> {
        self.require_settled()?;
        self.actor.member().ok_or(DomainError::FORBIDDEN)
    }

    /// Refuses an actor whose roles do not permit this. The founder and our own jobs may do what an
    /// owner may.
    ///
    /// # Errors
    /// [`FaultCode::Forbidden`], [`FaultCode::PasswordChangeRequired`].
    pub fn require(&self, permission: Permission) -> Result<(), DomainError> {
        self.require_settled()?;
        if self.may(permission) {
            Ok(())
        } else {
            Err(DomainError::FORBIDDEN)
        }
    }

    /// Whether the actor's roles permit this.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        match &self.actor {
            Actor::Member { permissions, .. } => permissions.contains(&permission),
            Actor::Founder { .. } | Actor::Job { .. } => true,
        }
    }

    /// Refuses a member who must change the password first (SEC-06).
    ///
    /// # Errors
    /// [`FaultCode::PasswordChangeRequired`].
    pub(crate) fn require_settled(&self) -> Result<(), DomainError> {
        match self.actor {
            Actor::Member {
                must_change_password: true,
                ..
            } => Err(DomainError::Fault(FaultCode::PasswordChangeRequired)),
            _ => Ok(()),
        }
    }

    /// Publishes a hint on the tenant's bus; call it after the commit. A bus that is away loses the
    /// hint and nothing else (DESIGN.md 5).
    pub async fn publish(&self, body: EventBody) {
        self.services.publish(self.tenant_id(), body).await;
    }
}

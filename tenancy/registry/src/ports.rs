//! What this crate asks of others: the terms of a new tenant (billing), and a look at provisioning
//! from outside (tests). Joined in `api/server` (LAYOUT.md, "Sideways by port").

use async_trait::async_trait;
use kernel::Instant;
use tenancy_model::{EntitlementsSnapshot, TenantId};
use tenancy_store::{ControlTx, StoreError};

/// What a tenant starts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstGrant {
    /// The trial of public sign-up (LIC-02).
    Trial,
    /// A licence without end, given by the operator: demonstration and CLI.
    Endless {
        /// Members that may be authorised at once.
        seats: u32,
    },
}

/// The trial, as the sign-up form shows it before there is a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrialOffer {
    /// Members that may be authorised at once.
    pub seats: u32,
    /// Days until it ends.
    pub days: u32,
}

/// Gives a new tenant its first terms.
#[async_trait]
pub trait FirstTerms: Send + Sync {
    /// The trial that is on offer.
    fn offer(&self) -> TrialOffer;

    /// Writes the first terms in the transaction that makes the tenant's row, and tells what they
    /// amount to.
    ///
    /// # Errors
    /// The database refused; nothing may be kept.
    async fn grant(
        &self,
        tx: &ControlTx,
        tenant: TenantId,
        grant: FirstGrant,
        now: Instant,
    ) -> Result<EntitlementsSnapshot, StoreError>;

    /// Takes back what [`Self::grant`] wrote for a tenant that never came to be.
    ///
    /// # Errors
    /// The database refused.
    async fn withdraw(&self, tx: &ControlTx, tenant: TenantId) -> Result<(), StoreError>;
}

/// The terms of all tenants at a glance, for the operator's first page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TermsOverview {
    /// Tenants in a trial that has not ended.
    pub trials: u64,
    /// Tenants whose term ends soon, the first to end first; at most as many as were asked for.
    pub expiring: Vec<TenantId>,
}

/// Looks over the terms of all tenants.
#[async_trait]
pub trait TermsReader: Send + Sync {
    /// At `now`, with the terms that end before `before`, at most `max` of them.
    ///
    /// # Errors
    /// The database is away.
    async fn overview(
        &self,
        now: Instant,
        before: Instant,
        max: usize,
    ) -> Result<TermsOverview, StoreError>;
}

/// The steps of provisioning, in order; each is durable when it is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProvisionStep {
    /// The row is there, `provisioning`; the code is used, the terms are given.
    Reserved,
    /// The schema or file is there.
    SchemaMade,
    /// The first administrator is in it.
    PeopleMade,
}

/// Is told of each step of provisioning: where a test makes the process die.
#[async_trait]
pub trait ProvisionWatcher: Send + Sync {
    /// The step is done.
    ///
    /// # Errors
    /// Provisioning fails as if the store had.
    async fn done(&self, step: ProvisionStep) -> Result<(), StoreError>;
}

/// Watches nothing: what a deployment uses.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoWatcher;

#[async_trait]
impl ProvisionWatcher for NoWatcher {
    async fn done(&self, _step: ProvisionStep) -> Result<(), StoreError> {
        Ok(())
    }
}

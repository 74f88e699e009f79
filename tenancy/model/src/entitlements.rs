//! The port through which every check learns what a tenant may use. `billing` implements it; a
//! context carries the snapshot that it returned (LAYOUT.md, "Down by trait").

use std::sync::Arc;

use async_trait::async_trait;
use kernel::Instant;
use thiserror::Error;

use crate::TenantId;

/// What one tenant may use now: plan, trial, licence and overrides folded into one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntitlementsSnapshot {
    /// Grows with every change of the value.
    pub version: i64,
    /// How many members may be authorised at once (LIC-01).
    pub seats: u32,
    /// When it all ends; `None` is without end.
    pub ends_at: Option<Instant>,
    /// Whether this is a trial (LIC-02).
    pub trial: bool,
    /// Bytes that the tenant's files may take.
    pub storage_bytes: u64,
}

impl EntitlementsSnapshot {
    /// Whether the term is over at `now` (LIC-13).
    #[must_use]
    pub fn ended(&self, now: Instant) -> bool {
        self.ends_at.is_some_and(|end| end <= now)
    }
}

/// The value could not be read.
#[derive(Debug, Error)]
#[error("entitlements of {tenant} could not be read")]
pub struct EntitlementsError {
    /// Whose.
    pub tenant: TenantId,
    /// Why.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// Tells what a tenant may use now.
#[async_trait]
pub trait Entitlements: Send + Sync {
    /// The value in force; at most 2 s old in any process.
    async fn of(&self, tenant: TenantId) -> Result<Arc<EntitlementsSnapshot>, EntitlementsError>;
}

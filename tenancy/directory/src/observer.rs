//! The port through which others follow the directory in its own transaction: department groups
//! gain and lose people with it. `tenancy-chat` implements it.

use async_trait::async_trait;
use tenancy_access::{DomainError, TenantContext};
use tenancy_model::{DepartmentId, MemberId};
use tenancy_store::TenantTx;

/// What changed for one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipChange {
    /// Who.
    pub member: MemberId,
    /// In which departments they were, as long as they were in the directory.
    pub left: Vec<DepartmentId>,
    /// In which departments they are now; empty after a resignation.
    pub joined: Vec<DepartmentId>,
    /// Whether they are in the directory now.
    pub present: bool,
}

/// Hears of every change of who is where, inside the transaction that makes it; an error undoes it.
#[async_trait]
pub trait MembershipObserver: Send + Sync {
    /// Follows one change.
    ///
    /// # Errors
    /// Whatever keeps the observer from following; the change does not happen then.
    async fn membership_changed(
        &self,
        ctx: &TenantContext,
        tx: &TenantTx,
        change: &MembershipChange,
    ) -> Result<(), DomainError>;
}

/// Nobody follows.
#[async_trait]
impl MembershipObserver for () {
    async fn membership_changed(
        &self,
        _: &TenantContext,
        _: &TenantTx,
        _: &MembershipChange,
    ) -> Result<(), DomainError> {
        Ok(())
    }
}

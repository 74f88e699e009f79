//! The one error of this crate.

use tenancy_model::Problem;
use tenancy_store::StoreError;
use thiserror::Error;

/// How a verb of billing ends besides its result.
#[derive(Debug, Error)]
pub enum BillingError {
    /// The caller can act on it.
    #[error("refused: {0}")]
    Refused(#[from] Problem),
    /// No such tenant.
    #[error("no such tenant")]
    NotFound,
    /// Our database failed or is away.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sea_orm::DbErr> for BillingError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

//! What a tenant may use and what it costs. Every term is an event of an append-only ledger; what
//! is in force is a fold over it, the same whatever the order in which the events arrived.
//!
//! | file | what |
//! | --- | --- |
//! | `ledger.rs` | the events, and appending one |
//! | `fold.rs` | ledger → [`tenancy_model::EntitlementsSnapshot`], a pure function |
//! | `entitlements.rs` | the port that every check reads, cached per process |
//! | `trial.rs` | what a trial is (LIC-02) |
//! | `first_terms.rs` | what registry asks of us: new tenants, the operator's page |
//!
//! To add a term: a variant of [`LedgerBody`], its case in `fold.rs`, the verb that appends it.
#![deny(missing_docs)]

mod entitlements;
mod entity;
mod error;
mod first_terms;
mod fold;
mod ledger;
#[cfg(test)]
mod tests;
mod trial;

pub use entitlements::LedgerEntitlements;
pub use error::BillingError;
pub use first_terms::LedgerTerms;
pub use fold::fold;
pub use ledger::{Issuer, LedgerBody, LedgerEvent, LicenseTerms, append, license_grant};

/// Bytes of a gibibyte.
pub(crate) const GIB: u64 = 1 << 30;
pub use trial::TrialConfig;

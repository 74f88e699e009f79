//! The table of the ledger, which only this crate reads and writes. No logic.

pub(crate) mod ledger;

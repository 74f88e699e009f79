//! The table of mails outside tenants, which only this crate reads and writes, and a part of a
//! tenant's records. No logic.

pub(crate) mod mail;
pub(crate) mod record;

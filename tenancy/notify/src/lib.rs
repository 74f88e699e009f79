//! Tells people what happened while they were away: mails so far. A domain crate enqueues a
//! [`tenancy_model::MailRequest`] as a job in the transaction that makes it necessary; here it gets
//! words and leaves.
//!
//! | file | what |
//! | --- | --- |
//! | `text.rs` | what mails say, in both languages |
//! | `deliver.rs` | [`MailDelivery`]: SMTP or the local mailbox; retries; mails held |
//! | `tenant_mail.rs` | what a tenant's administrators see of its mails |
//! | `mailbox.rs` | mails of no tenant, and the local mailbox |
//!
//! To add a mail: a variant of [`tenancy_model::MailBody`], its words in both functions of
//! `text.rs`, its line in `tests/texts.rs`, and `UPDATE_SNAPSHOTS=1` once.
#![deny(missing_docs)]

mod config;
mod deliver;
mod entity;
mod mailbox;
mod state;
mod tenant_mail;
#[cfg(test)]
mod tests;
mod text;

pub use config::{DeliveryParts, UNVERIFIED_MAILS_A_DAY_MAX};
pub use deliver::{Delivery, MailDelivery, MailTask};
pub use mailbox::{
    MAILBOX_MAX, PlatformMail, forget_tenant, mails_failed, platform_mail, platform_mails,
};
pub use state::MailState;
pub use tenant_mail::{TenantMail, release_held, tenant_mail, tenant_mails};
pub use text::{MailText, NAME_CHARS_MAX, Sender, plain_name};

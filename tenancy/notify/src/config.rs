//! How mails leave this deployment.

use platform::mail::MailTransport;

use crate::Sender;

/// Mails of an unverified company in a day (UTC); more are held.
pub const UNVERIFIED_MAILS_A_DAY_MAX: u32 = 100;

/// How mails leave; joined in `api/server`.
#[derive(Clone)]
pub struct DeliveryParts {
    /// SMTP, or none.
    pub transport: MailTransport,
    /// Whether mails may be kept with their text to be read on this machine: no SMTP, and a server
    /// that listens on loopback alone.
    pub local_mailbox: bool,
    /// What the deployment is called, and where it is.
    pub sender: Sender,
    /// [`UNVERIFIED_MAILS_A_DAY_MAX`], unless a test wants to meet it sooner.
    pub unverified_mails_a_day_max: u32,
}

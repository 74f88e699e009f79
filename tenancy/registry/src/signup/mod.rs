//! Public sign-up (TEN-05): a form, a code by mail, a tenant. No tenant exists before the code is
//! confirmed; a code is single use, expires, and can be guessed at five times.
//!
//! Nobody is told whether an address is known here, and nobody can be mailed at will: each source
//! and each address has a number of codes a day, and the only words of the caller in the mail are a
//! company name that `tenancy-notify` bounds and strips of links.

mod confirm;
mod form;
mod limits;
mod mail;
mod resend;
mod start;

pub use confirm::{SignedUpTenant, SignupConfirm, signup_confirm};
pub use form::SignupForm;
pub use resend::signup_resend;
pub use start::{SignupStarted, signup_start};

#[cfg(test)]
pub(crate) use confirm::confirm;
#[cfg(test)]
pub(crate) use form::tests::form;
pub(crate) use limits::source;
pub(crate) use mail::enqueue;

/// Wrong codes after which a new one must be asked for.
pub const GUESSES_MAX: i32 = 5;
/// Times that a code can be sent again.
pub const RESENDS_MAX: i32 = 5;

//! Operators: whoever runs this deployment. The first one claims it by a one-time link that the
//! server prints at its first start, or is made on the command line; they sign in by e-mail and
//! password.

mod account;
mod claim;
mod known_source;
mod session;
mod sign_in;

pub use account::{OperatorForm, operator_create, operator_language_set};
pub use claim::{CLAIM_PATH, operator_claim, operator_claim_link};
pub use session::{SignedIn, operator_authenticate, operator_sign_out};
pub use sign_in::operator_sign_in;

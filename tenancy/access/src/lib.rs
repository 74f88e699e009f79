//! Who may do what: the context of every operation, sign-in and sessions, passwords, roles, and the
//! log of what administrators did.
//!
//! | file | what |
//! | --- | --- |
//! | `context.rs` | [`TenantContext`]: the first argument of every domain function |
//! | `visit.rs` | [`Visit`]: a request before anybody is signed in |
//! | `actor.rs` | who performs an operation |
//! | `authenticate.rs` | [`sign_in`]: locks, seats, devices that compete |
//! | `session.rs` | a token becomes a context ([`authenticate`]); list, revoke, sign out |
//! | `password.rs`, `password_change.rs` | rules and hashes; changing |
//! | `password_link.rs` | one-time links |
//! | `super_password.rs` | the founder's way into the console |
//! | `failures.rs` | wrong passwords, and which sources are known |
//! | `policy.rs`, `assignment.rs` | role × permission; who holds which role |
//! | `settings.rs` | the rules a tenant sets for itself |
//! | `seats.rs` | authorised members are counted at the door |
//! | `audit_log.rs` | who did what to what |
//! | `contact.rs` | e-mail addresses and mobile numbers |
//! | `error.rs` | [`DomainError`]: the three ways in which a verb can end besides its result |
//!
//! This crate knows tenants' doors, not their people: what a member *is* lives in
//! `tenancy-directory`.
//!
//! **To add a permission**: a variant in `tenancy-model`, its roles in `policy.rs`, the snapshot
//! of the matrix with `UPDATE_SNAPSHOTS=1`, and `ctx.require(..)` in the verb.

mod actor;
mod assignment;
pub mod audit_log;
mod authenticate;
mod config;
pub mod contact;
mod context;
pub mod credential;
#[expect(
    unreachable_pub,
    reason = "SeaORM's derives want entities to be `pub`; the module is not"
)]
mod entity;
mod error;
mod failures;
mod lock;
mod password;
mod password_change;
mod password_link;
pub mod policy;
mod seats;
mod session;
mod settings;
mod super_password;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod viewer;
mod visit;

pub use actor::{Actor, Origin};
pub use assignment::{
    MemberRolesSetInput, assign, member_roles_set, require_another_owner, roles_of,
};
pub use authenticate::{SignInInput, SignedIn, sign_in};
pub use config::AccessConfig;
pub use context::{Access, Services, TenantContext};
pub use credential::NewPassword;
pub use error::{DomainError, FaultCode, optional_line, required_line, search_term};
pub use failures::{FAILURES_MAX, FAILURES_PER_SOURCE_MAX};
pub use lock::lock_row;
pub use password::{PasswordRule, Passwords, initial_password};
pub use password_change::{PasswordChangeInput, password_change};
pub use password_link::{
    LinkPurpose, PasswordSetInput, forget_links, mail_link, password_forgot, password_set,
};
pub use seats::{free_seat, seats_used, take_seat};
pub use session::{
    Ending, Session, SessionEnd, authenticate, end_all_of, publish_ends, reauthenticate, session,
    session_counts, session_revoke, sessions, sign_out,
};
pub use settings::{
    SecuritySettings, SecuritySettingsUpdateInput, password_rule, security_settings,
    security_settings_update, settings_in,
};
pub use super_password::{SuperPasswordSetInput, super_password_is_set, super_password_set};
pub use viewer::{Viewer, language_set, viewer};
pub use visit::Visit;

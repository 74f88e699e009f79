//! Who may do what: the context of every operation, sessions, passwords, roles, and the log of what
//! administrators did.
//!
//! | file | what |
//! | --- | --- |
//! | `context.rs` | [`TenantContext`]: the first argument of every domain function |
//! | `actor.rs` | who performs an operation |
//! | `error.rs` | [`DomainError`]: the three ways in which a verb can end besides its result |
//!
//! This crate knows tenants' doors, not their people: what a member *is* lives in `tenancy-directory`.

mod actor;
mod config;
mod context;
mod error;
mod password;

pub use actor::{Actor, Origin};
pub use config::AccessConfig;
pub use context::{Access, Services, TenantContext, topic};
pub use error::{DomainError, FaultCode, optional_line, required_line, search_term};
pub use password::{PasswordRule, Passwords, initial_password};

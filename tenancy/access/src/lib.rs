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
mod context;
mod error;

pub use actor::{Actor, Origin};
pub use context::topic;
pub use context::{Services, TenantContext};
pub use error::{DomainError, FaultCode, optional_line, required_line, search_term};

//! Where data lives, and the wall between tenants. The only crate that opens a database.
//!
//! | type | what |
//! | --- | --- |
//! | [`Stores`] | everything of one process: the control database, the shards or files |
//! | [`ControlStore`], [`ControlTx`] | who exists: tenants, sign-ups, operators; no content |
//! | [`TenantStore`], [`TenantTx`] | one tenant's rows; all that domain crates can query |
//! | [`record`], [`rows`] | small documents; many rows in one parameter |
//! | [`counters`] | numbers that limits and metering read |
//! | [`jobs`], [`outbox`] | work that survives a restart, found without asking every tenant |
//! | [`migration`] | all DDL, one source for both databases |
//! | `directory.rs`, `sweep.rs` | tenants in memory; what a crash left |
//! | `health.rs`, `examine.rs` | what `/readyz` and the doctor ask |
//!
//! A transaction is inside the wall or it does not exist: on PostgreSQL `BEGIN` sets search path
//! and role in the same round trip, on SQLite a tenant is a file. This crate knows no domain:
//! entities of a tenant's tables are private to the crates that own them; their DDL is here.
//!
//! In the embedded column a commit that leaves work writes to the control file first: commit a
//! [`TenantTx`] while holding no [`ControlTx`] that writes.
//!
//! **To add a table**: a new [`migration::Migration`] in `migration/tenant.rs` (never change one
//! that was released), the table's name in its `tables`, and the budget (24 tables, 30 secondary
//! indexes a tenant; `tests/schema.rs`) must still hold. Regenerate `schema/tenant.sql` with
//! `UPDATE_SNAPSHOTS=1`. **To add a kind of job**: enqueue it where it becomes necessary, register
//! its handler in [`jobs::JobHandlers`] where the process is put together.
#![deny(missing_docs)]

mod backend;
mod body;
mod config;
pub mod control;
pub mod counters;
mod directory;
mod due;
mod error;
mod examine;
mod health;
pub mod jobs;
pub mod migration;
pub mod outbox;
mod page;
mod provision;
pub mod record;
pub mod rows;
mod shard;
mod shard_state;
mod statement;
mod stores;
mod sweep;
mod template;
mod tenant;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;
mod tx;

pub use body::BODY_BYTES_MAX;
pub use config::{DatabaseConfig, ShardConfig};
pub use control::{ControlStore, ControlTx};
pub use error::{StoreError, is_unique_violation};
pub use examine::examine;
pub use health::{Fact, Health};
pub use page::{Page, PageRequest};
pub use shard::Questions;
pub use shard_state::ShardState;
pub use stores::Stores;
pub use sweep::Orphan;
pub use template::Template;
pub use tenant::{TenantStore, TenantTx};

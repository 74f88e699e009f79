//! Where the databases are.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The control database and the shards. Empty: everything is SQLite files under the data folder.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// Control database: `postgres://login@host/database`. Empty: a SQLite file under the data
    /// folder, and one file a tenant.
    pub url: String,
    /// PostgreSQL databases that hold tenants' schemas, each with a login role of its own. Empty
    /// with a PostgreSQL control database: one shard in that database.
    pub shards: Vec<ShardConfig>,
    /// Connections to each PostgreSQL database, per process; about twice the cores of its server.
    pub connections: u32,
    /// Seconds after which a connection is replaced: a PostgreSQL backend remembers every tenant it
    /// has touched and gives memory back only when it ends.
    pub connection_lifetime_s: u64,
    /// Milliseconds to wait for a free connection before answering `UNAVAILABLE`.
    pub acquire_timeout_ms: u64,
    /// Milliseconds after which a statement is cancelled.
    pub statement_timeout_ms: u64,
    /// Tenant files kept open at once (embedded), each with one writer and two readers.
    pub open_files: u64,
    /// Tenants migrated at the same time.
    pub migrations_at_once: usize,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self {
            url: String::new(),
            shards: Vec::new(),
            connections: 16,
            connection_lifetime_s: 1_200,
            acquire_timeout_ms: 5_000,
            statement_timeout_ms: 15_000,
            open_files: 96,
            migrations_at_once: 4,
        }
    }
}

/// One PostgreSQL database that holds tenants.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ShardConfig {
    /// What the control database calls it; never changes.
    pub name: String,
    /// `postgres://login@host/database`; the login role needs CREATEROLE and owns the database.
    pub url: String,
    /// Whether new tenants may go there.
    pub open: bool,
    /// How many tenants it may hold.
    pub tenants_max: u32,
}

/// Without the addresses: each may hold a password.
impl fmt::Debug for DatabaseConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DatabaseConfig")
            .field("shards", &self.shards)
            .field("connections", &self.connections)
            .finish_non_exhaustive()
    }
}

/// Without the address, as above.
impl fmt::Debug for ShardConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShardConfig")
            .field("name", &self.name)
            .field("open", &self.open)
            .field("tenants_max", &self.tenants_max)
            .finish_non_exhaustive()
    }
}

impl Default for ShardConfig {
    fn default() -> Self {
        Self {
            name: "main".to_owned(),
            url: String::new(),
            open: true,
            tenants_max: 1_000,
        }
    }
}

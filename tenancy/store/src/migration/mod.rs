//! All DDL, in order, one source for both databases: a migration is a list of SeaQuery statements
//! that is printed in the dialect of the database (so that provisioning is one batch of text).
//!
//! A migration that was released never changes. Keep them additive: while tenants are being
//! migrated, this program serves tenants of the version before.

mod control;
mod files;
mod fleet;
mod runner;
mod shard;
mod tenant;

use sea_orm::sea_query::{
    ColumnDef, IndexCreateStatement, PostgresQueryBuilder, SqliteQueryBuilder, TableAlterStatement,
    TableCreateStatement,
};

pub use fleet::{FleetProgress, FleetReport};
pub use runner::{TENANT_SCHEMA_VERSION, upgrade_tenant};
pub(crate) use runner::{migrate_control, migrate_shard, owner_begin, tenant_batch};

#[cfg(test)]
pub(crate) use runner::{batch, owner_tx};

/// One step of a schema.
#[derive(Debug, Clone)]
pub struct Migration {
    /// Its number; counts up from 1 without gaps.
    pub version: i64,
    /// What it brings, in words.
    pub name: &'static str,
    /// Tables it makes; on PostgreSQL the tenant's role gets exactly reading and writing of rows.
    pub tables: &'static [&'static str],
    /// The statements.
    pub up: fn() -> Vec<Ddl>,
}

/// One statement that both databases understand.
pub enum Ddl {
    /// `CREATE TABLE`
    Table(Box<TableCreateStatement>),
    /// `CREATE INDEX`
    Index(Box<IndexCreateStatement>),
    /// `ALTER TABLE`
    Alter(Box<TableAlterStatement>),
}

/// Which words a statement is printed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// PostgreSQL 15 or later.
    Postgres,
    /// SQLite 3.35 or later.
    Sqlite,
}

impl Ddl {
    /// The statement as text, without a semicolon.
    #[must_use]
    pub fn print(&self, dialect: Dialect) -> String {
        match (self, dialect) {
            (Self::Table(table), Dialect::Postgres) => table.to_string(PostgresQueryBuilder),
            (Self::Table(table), Dialect::Sqlite) => table.to_string(SqliteQueryBuilder),
            (Self::Index(index), Dialect::Postgres) => index.to_string(PostgresQueryBuilder),
            (Self::Index(index), Dialect::Sqlite) => index.to_string(SqliteQueryBuilder),
            (Self::Alter(alter), Dialect::Postgres) => alter.to_string(PostgresQueryBuilder),
            (Self::Alter(alter), Dialect::Sqlite) => alter.to_string(SqliteQueryBuilder),
        }
    }
}

impl From<&mut TableCreateStatement> for Ddl {
    fn from(table: &mut TableCreateStatement) -> Self {
        Self::Table(Box::new(table.take()))
    }
}

impl From<&mut IndexCreateStatement> for Ddl {
    fn from(index: &mut IndexCreateStatement) -> Self {
        Self::Index(Box::new(index.take()))
    }
}

impl From<&mut TableAlterStatement> for Ddl {
    fn from(alter: &mut TableAlterStatement) -> Self {
        Self::Alter(Box::new(alter.take()))
    }
}

/// A column that holds an instant and is never empty.
fn instant(name: &'static str) -> ColumnDef {
    ColumnDef::new(name)
        .timestamp_with_time_zone()
        .not_null()
        .take()
}

/// Every migration of a tenant's tables.
#[must_use]
pub fn tenant_migrations() -> &'static [Migration] {
    tenant::MIGRATIONS
}

/// Every migration of the control database.
#[must_use]
pub fn control_migrations() -> &'static [Migration] {
    control::MIGRATIONS
}

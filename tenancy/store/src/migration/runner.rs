//! Brings a schema from the version it has to the version this program knows.

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use sqlx::PgPool;
use tenancy_model::TenantId;

use super::{Dialect, Migration, control_migrations, shard::SHARD};
use crate::{
    ControlStore, StoreError,
    backend::postgres::{PgTx, schema_name},
    control::CONTROL_SCHEMA,
    shard::{Shard, ShardBackend},
    tx::Tx,
};

/// The version of a tenant's tables that this program writes.
pub const TENANT_SCHEMA_VERSION: i64 = 2;
/// Processes that start together take turns: any constant of our own.
const CONTROL_LOCK: i64 = 0x48_61_6e_73_61;
const VERSION_TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_version (version bigint NOT NULL)";

pub(crate) async fn migrate_control(store: &ControlStore) -> Result<(), StoreError> {
    let tx = store.begin().await?;
    if store.is_postgres() {
        let prepare = format!(
            "SELECT pg_advisory_xact_lock({CONTROL_LOCK}); \
             CREATE SCHEMA IF NOT EXISTS {CONTROL_SCHEMA}"
        );
        tx.execute_unprepared(&prepare).await?;
    }
    tx.execute_unprepared(VERSION_TABLE).await?;
    let found = version(&tx).await?;
    tx.execute_unprepared(&batch(control_migrations(), found, dialect(&tx))?)
        .await?;
    tx.commit().await
}

pub(crate) async fn migrate_shard(pool: &PgPool) -> Result<(), StoreError> {
    let begin = format!("BEGIN; SELECT pg_advisory_xact_lock({CONTROL_LOCK})");
    let tx: Tx = PgTx::begin(pool, &begin).await?.into();
    tx.execute_unprepared(SHARD).await?;
    tx.commit().await
}

/// The text that makes all tables of a new tenant, or brings those of one with version `found` up
/// to date; empty when they are.
///
/// # Errors
/// [`StoreError::SchemaTooNew`]
pub(crate) fn tenant_batch(
    migrations: &[Migration],
    tenant: TenantId,
    found: i64,
    dialect: Dialect,
) -> Result<String, StoreError> {
    let mut text = format!("{VERSION_TABLE};\n");
    text.push_str(&batch(migrations, found, dialect)?);
    if dialect == Dialect::Postgres {
        let name = schema_name(tenant);
        let new = migrations.iter().filter(|m| m.version > found);
        for table in new.flat_map(|m| m.tables) {
            text.push_str(&format!(
                "GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {name};\n"
            ));
        }
        text.push_str(&format!("GRANT SELECT ON schema_version TO {name};\n"));
    }
    Ok(text)
}

/// Brings one tenant's tables up to date, in one transaction; answers their version. Processes that
/// migrate the same tenant take turns, and the second finds nothing to do. The note in the control
/// database is the caller's ([`crate::Stores::migrate_tenant`] writes it).
///
/// # Errors
/// The database refused; the tables are as they were.
pub async fn upgrade_tenant(
    stores: &crate::Stores,
    tenant: TenantId,
    shard: &str,
) -> Result<i64, StoreError> {
    let (migrations, shard) = (stores.migrations(), stores.shard(shard)?);
    let known = migrations.last().map_or(0, |migration| migration.version);
    let tx = owner_tx(shard, tenant).await?;
    if dialect(&tx) == Dialect::Postgres {
        // A long transaction of the tenant must not make all others wait behind the DDL.
        let text = "SET LOCAL lock_timeout = '3s'; SET LOCAL statement_timeout = '10min'; \
                    LOCK TABLE schema_version IN EXCLUSIVE MODE";
        tx.execute_unprepared(text).await?;
    }
    let found = version(&tx).await?;
    if found < known {
        let text = tenant_batch(migrations, tenant, found, dialect(&tx))?;
        tx.execute_unprepared(&text).await?;
    }
    tx.commit().await?;
    Ok(known.max(found))
}

/// A transaction with the tenant's path but the shard owner's rights, for DDL alone.
pub(crate) async fn owner_tx(shard: &Shard, tenant: TenantId) -> Result<Tx, StoreError> {
    match &shard.backend {
        ShardBackend::Postgres(pool) => Ok(owner_begin(pool, tenant).await?.into()),
        ShardBackend::Files { .. } => {
            shard
                .begin(tenant, crate::backend::postgres::Access::Write)
                .await
        }
    }
}

pub(crate) async fn owner_begin(pool: &PgPool, tenant: TenantId) -> Result<PgTx, StoreError> {
    let begin = format!("BEGIN; SET LOCAL search_path = {}", schema_name(tenant));
    PgTx::begin(pool, &begin).await
}

/// The version in `schema_version`; 0 for a new schema.
async fn version(tx: &impl ConnectionTrait) -> Result<i64, StoreError> {
    let row = tx
        .query_one_raw(Statement::from_string(
            tx.get_database_backend(),
            "SELECT coalesce(max(version), 0) AS version FROM schema_version",
        ))
        .await?;
    Ok(row
        .map(|row| row.try_get::<i64>("", "version"))
        .transpose()?
        .unwrap_or(0))
}

fn dialect(tx: &impl ConnectionTrait) -> Dialect {
    match tx.get_database_backend() {
        DbBackend::Sqlite => Dialect::Sqlite,
        _ => Dialect::Postgres,
    }
}

/// The statements of every migration above `found`, and the note that they were done.
pub(crate) fn batch(all: &[Migration], found: i64, dialect: Dialect) -> Result<String, StoreError> {
    let known = all.last().map_or(0, |migration| migration.version);
    if found > known {
        return Err(StoreError::SchemaTooNew { found, known });
    }
    let mut text = String::new();
    for migration in all.iter().filter(|migration| migration.version > found) {
        for statement in (migration.up)() {
            text.push_str(&statement.print(dialect));
            text.push_str(";\n");
        }
        let note = format!(
            "INSERT INTO schema_version (version) VALUES ({});\n",
            migration.version
        );
        text.push_str(&note);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migration::tenant_migrations;

    #[test]
    fn versions_count_up_without_gaps() {
        for all in [tenant_migrations(), control_migrations()] {
            let versions: Vec<_> = all.iter().map(|migration| migration.version).collect();
            assert_eq!(
                versions,
                (1..=i64::try_from(all.len()).unwrap()).collect::<Vec<_>>()
            );
        }
        assert_eq!(
            tenant_migrations().last().unwrap().version,
            TENANT_SCHEMA_VERSION
        );
    }

    #[test]
    fn a_newer_schema_is_refused() {
        let error = batch(
            tenant_migrations(),
            TENANT_SCHEMA_VERSION + 1,
            Dialect::Sqlite,
        );
        assert!(matches!(error, Err(StoreError::SchemaTooNew { .. })));
    }

    #[test]
    fn the_table_budget_holds() {
        let statements: Vec<_> = tenant_migrations().iter().flat_map(|m| (m.up)()).collect();
        let text: Vec<_> = statements
            .iter()
            .map(|ddl| ddl.print(Dialect::Postgres))
            .collect();
        let tables = text
            .iter()
            .filter(|sql| sql.starts_with("CREATE TABLE"))
            .count()
            + 1;
        let indexes = text.iter().filter(|sql| sql.contains("INDEX")).count()
            + text
                .iter()
                .map(|sql| sql.matches("UNIQUE").count())
                .sum::<usize>()
            - text
                .iter()
                .filter(|sql| sql.starts_with("CREATE UNIQUE"))
                .count();
        assert!(tables <= 24, "{tables} tables a tenant");
        assert!(indexes <= 30, "{indexes} secondary indexes a tenant");
    }
}

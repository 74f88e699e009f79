//! Finds schemas, roles and files that the control database does not know, and removes those that
//! nobody has ever used: what a crash left of a tenant that never came to be.
//!
//! One that was used is never removed here, only shown: the control database may have been restored
//! from an older copy, and then it is the tenant that is right.

use std::{collections::BTreeSet, path::Path};

use kernel::Instant;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _,
};
use sqlx::PgPool;
use tenancy_model::TenantId;
use uuid::Uuid;

use crate::{
    StoreError, Stores,
    backend::postgres::{Access, PgTx},
    control::tenant,
    migration::owner_begin,
    shard::{Shard, ShardBackend},
    statement::sql,
    tx::Tx,
};

/// Ids asked about in one query.
const IDS_AT_ONCE: usize = 500;
/// Ending of a file that was never renamed to its own name.
pub(crate) const UNFINISHED: &str = "unfinished";

/// A schema, role or file without a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orphan {
    /// The id that it is named after.
    pub tenant: TenantId,
    /// Where it is.
    pub shard: String,
    /// Whether it was removed; else somebody has used it, and an operator must look.
    pub removed: bool,
}

impl Stores {
    /// Removes what was made before `made_before`, belongs to no tenant and was never used. At the
    /// start of the embedded column, where nobody else can be making one, `made_before` is now;
    /// elsewhere an hour ago.
    ///
    /// # Errors
    /// A database is away.
    pub async fn sweep_orphans(&self, made_before: Instant) -> Result<Vec<Orphan>, StoreError> {
        let mut orphans = Vec::new();
        for shard in self.shards() {
            let mut found: Vec<TenantId> = ids_of(shard).await?.into_iter().collect();
            found.retain(|id| made_at(*id).is_some_and(|at| at < made_before));
            for part in found.chunks(IDS_AT_ONCE) {
                for tenant in self.unknown(part).await? {
                    let removed = !was_used(shard, tenant).await?;
                    if removed {
                        self.drop_schema(tenant, &shard.name).await?;
                        tracing::info!(%tenant, "a half tenant was removed");
                    } else {
                        tracing::error!(%tenant, "a tenant's data has no tenant: look at it");
                    }
                    orphans.push(Orphan {
                        tenant,
                        shard: shard.name.clone(),
                        removed,
                    });
                }
            }
        }
        Ok(orphans)
    }

    async fn unknown(&self, ids: &[TenantId]) -> Result<Vec<TenantId>, StoreError> {
        let tx = self.control().read().await?;
        let known: Vec<TenantId> = tenant::Entity::find()
            .select_only()
            .column(tenant::Column::Id)
            .filter(tenant::Column::Id.is_in(ids.iter().copied()))
            .into_tuple()
            .all(&tx)
            .await?;
        let unknown = ids.iter().filter(|id| !known.contains(id));
        Ok(unknown.copied().collect())
    }
}

/// Every id that something of our naming is there for.
async fn ids_of(shard: &Shard) -> Result<BTreeSet<TenantId>, StoreError> {
    match &shard.backend {
        ShardBackend::Postgres(pool) => names_in(pool).await,
        ShardBackend::Files { folder, .. } => names_of(folder),
    }
}

/// Schemas that this login owns, and roles that it made: roles are the server's, and another
/// deployment on it has its own.
async fn names_in(pool: &PgPool) -> Result<BTreeSet<TenantId>, StoreError> {
    let tx: Tx = PgTx::begin(pool, "BEGIN READ ONLY").await?.into();
    let text = "SELECT nspname::text AS name FROM pg_namespace \
            WHERE nspowner = (SELECT oid FROM pg_roles WHERE rolname = current_user) \
            AND nspname ~ '^t_[0-9a-f]{32}$' \
        UNION SELECT r.rolname::text FROM pg_auth_members m \
            JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles l ON l.oid = m.member \
            WHERE l.rolname = current_user AND r.rolname ~ '^t_[0-9a-f]{32}$' \
            AND NOT EXISTS (SELECT 1 FROM pg_shdepend d WHERE d.refobjid = r.oid \
                AND d.dbid NOT IN (0, (SELECT oid FROM pg_database \
                    WHERE datname = current_database())))";
    let mut ids = BTreeSet::new();
    for row in tx.query_all_raw(sql(&tx, text, [])).await? {
        let name: String = row.try_get("", "name")?;
        ids.extend(id_in(&name));
    }
    Ok(ids)
}

fn names_of(folder: &Path) -> Result<BTreeSet<TenantId>, StoreError> {
    let mut ids = BTreeSet::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name();
        let stem = name.to_str().and_then(|name| name.split('.').next());
        ids.extend(stem.and_then(id_in));
    }
    Ok(ids)
}

/// The id in `t_` and 32 hex digits.
fn id_in(name: &str) -> Option<TenantId> {
    let digits = name.strip_prefix("t_")?;
    let plain = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let uuid = plain.then(|| Uuid::try_parse(digits).ok()).flatten()?;
    Some(TenantId::from(uuid))
}

fn made_at(id: TenantId) -> Option<Instant> {
    let (seconds, nanos) = id.uuid().get_timestamp()?.to_unix();
    chrono::DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
}

/// Whether anybody ever signed in or wrote. What cannot be read (no schema, an unfinished file,
/// tables that are not there) was not used.
async fn was_used(shard: &Shard, tenant: TenantId) -> Result<bool, StoreError> {
    let tx: Tx = match &shard.backend {
        ShardBackend::Postgres(pool) => owner_begin(pool, tenant).await?.into(),
        ShardBackend::Files { folder, .. } => {
            if !folder.join(crate::shard::file_name(tenant)).exists() {
                return Ok(false);
            }
            shard.begin(tenant, Access::Read).await?
        }
    };
    let there = match &shard.backend {
        ShardBackend::Postgres(_) => {
            "SELECT count(*) AS n FROM (VALUES (to_regclass('session')), (to_regclass('message'))) \
             AS t (c) WHERE c IS NOT NULL"
        }
        ShardBackend::Files { .. } => {
            "SELECT count(*) AS n FROM sqlite_master WHERE name IN ('session', 'message')"
        }
    };
    let tables = tx.query_one_raw(sql(&tx, there, [])).await?;
    let tables = tables.map(|row| row.try_get::<i64>("", "n")).transpose()?;
    if tables != Some(2) {
        return Ok(false);
    }
    let used = "SELECT 1 AS one WHERE EXISTS (SELECT 1 FROM session) \
                OR EXISTS (SELECT 1 FROM message)";
    Ok(tx.query_one_raw(sql(&tx, used, [])).await?.is_some())
}

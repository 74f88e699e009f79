//! Makes and removes the schema or file of a tenant. Each is one transaction (or one rename) in the
//! shard; who exists is the control database's matter.

use std::path::Path;

use sea_orm::{ConnectionTrait as _, Statement};
use tenancy_model::TenantId;

use crate::{
    StoreError, Stores,
    backend::{
        postgres::{Access, PgTx, schema_name},
        sqlite::File,
    },
    due,
    migration::{Dialect, Migration, tenant_batch},
    shard::{Shard, ShardBackend, file_name},
    shard_state::tenants_of,
    sweep::UNFINISHED,
    tx::Tx,
};

impl Stores {
    /// The emptiest shard that is open for new tenants and not full.
    ///
    /// # Errors
    /// [`StoreError::NoShardOpen`]
    pub async fn emptiest_shard(&self) -> Result<String, StoreError> {
        let tx = self.control().read().await?;
        let mut best: Option<(u64, String)> = None;
        for shard in self.shards().filter(|shard| shard.open) {
            let tenants = tenants_of(&tx, &shard.name).await?;
            let better = best.as_ref().is_none_or(|(least, _)| tenants < *least);
            if tenants < u64::from(shard.tenants_max) && better {
                best = Some((tenants, shard.name.clone()));
            }
        }
        best.map(|(_, name)| name).ok_or(StoreError::NoShardOpen)
    }

    /// Makes the tenant's schema with its role, or its file, out of the current migrations: wholly
    /// or not at all. Whatever an earlier try left is removed first.
    ///
    /// # Errors
    /// The shard is away or refuses.
    pub async fn create_schema(&self, id: TenantId, shard: &str) -> Result<(), StoreError> {
        match &self.shard(shard)?.backend {
            ShardBackend::Postgres(pool) => {
                let tx: Tx = PgTx::begin(pool, "BEGIN").await?.into();
                tx.execute_unprepared(&drop_text(&tx, id).await?).await?;
                let name = schema_name(id);
                let batch = tenant_batch(self.migrations(), id, 0, Dialect::Postgres)?;
                let text = format!(
                    "CREATE ROLE {name} NOLOGIN NOINHERIT; GRANT {name} TO CURRENT_USER; \
                     CREATE SCHEMA {name}; GRANT USAGE ON SCHEMA {name} TO {name}; \
                     SET LOCAL search_path = {name};\n{batch}"
                );
                tx.execute_unprepared(&text).await?;
                tx.commit().await
            }
            ShardBackend::Files { folder, .. } => create_file(folder, id, self.migrations()).await,
        }
    }

    /// Removes the tenant's schema and role, or its file, and its due entries. Does nothing when
    /// they do not exist.
    ///
    /// # Errors
    /// The shard is away or refuses.
    pub async fn drop_schema(&self, id: TenantId, shard: &str) -> Result<(), StoreError> {
        self.close_tenant(id);
        let shard: &Shard = self.shard(shard)?;
        match &shard.backend {
            ShardBackend::Postgres(pool) => {
                let tx: Tx = PgTx::begin(pool, "BEGIN").await?.into();
                tx.execute_unprepared(&drop_text(&tx, id).await?).await?;
                tx.commit().await
            }
            ShardBackend::Files { folder, files } => {
                if let Some(file) = files.remove(&id).await {
                    file.close().await;
                }
                let path = folder.join(file_name(id));
                remove_file(&path)?;
                remove_file(&path.with_extension(UNFINISHED))?;
                let tx = self.control().begin().await?;
                due::forget(&tx, id).await?;
                tx.commit().await
            }
        }
    }
}

/// `DROP SCHEMA` and, when the role exists, its end: there is no `IF EXISTS` for `DROP OWNED`.
async fn drop_text(tx: &Tx, id: TenantId) -> Result<String, StoreError> {
    let name = schema_name(id);
    let role = Statement::from_sql_and_values(
        tx.get_database_backend(),
        "SELECT 1 AS one FROM pg_roles WHERE rolname = $1",
        [name.clone().into()],
    );
    let mut text = format!("DROP SCHEMA IF EXISTS {name} CASCADE;");
    if tx.query_one_raw(role).await?.is_some() {
        text.push_str(&format!(" DROP OWNED BY {name}; DROP ROLE {name};"));
    }
    text.push_str(&format!(
        " DELETE FROM shard.due WHERE tenant = '{}';",
        id.uuid()
    ));
    Ok(text)
}

/// The file is made under another name and renamed when it is whole and on disk.
async fn create_file(
    folder: &Path,
    id: TenantId,
    migrations: &[Migration],
) -> Result<(), StoreError> {
    let path = folder.join(file_name(id));
    let unfinished = path.with_extension(UNFINISHED);
    remove_file(&unfinished)?;
    remove_file(&path)?;
    let file = File::open(&unfinished, true).await?;
    let made = async {
        let tx: Tx = file.begin(Access::Write).await?.into();
        let text = tenant_batch(migrations, id, 0, Dialect::Sqlite)?;
        tx.execute_unprepared(&text).await?;
        tx.commit().await
    };
    let made = made.await;
    file.close().await;
    if made.is_err() {
        remove_file(&unfinished)?;
    }
    made?;
    std::fs::File::open(&unfinished)?.sync_all()?;
    std::fs::rename(&unfinished, &path)?;
    Ok(std::fs::File::open(folder)?.sync_all()?)
}

fn remove_file(path: &Path) -> Result<(), StoreError> {
    for suffix in ["", "-journal", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

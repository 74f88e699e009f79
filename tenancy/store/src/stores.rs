//! Everything that one process has open.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

use dashmap::DashMap;
use tenancy_model::{TenantId, TenantStatus};

use crate::{
    ControlStore, DatabaseConfig, ShardConfig, StoreError, TenantStore,
    control::tenant,
    directory::Directory,
    due,
    migration::{Migration, tenant_migrations},
    shard::{FILES, Shard},
};

/// The control database and the shards of one process. Cheap to clone.
#[derive(Clone)]
pub struct Stores {
    inner: Arc<Inner>,
}

struct Inner {
    control: ControlStore,
    shards: HashMap<String, Arc<Shard>>,
    /// Handles given out; one flag for all clones of a tenant's handle.
    handles: DashMap<TenantId, TenantStore>,
    directory: Directory,
    migrations: &'static [Migration],
    config: DatabaseConfig,
}

impl Stores {
    /// Opens the control database and every configured shard, and brings their own schemas (not the
    /// tenants') up to date. `data` is where the embedded column keeps its files.
    ///
    /// # Errors
    /// A database is away, or its schema is newer than this program.
    pub async fn open(config: &DatabaseConfig, data: &Path) -> Result<Self, StoreError> {
        Self::open_with(config, data, tenant_migrations()).await
    }

    /// [`Self::open`] with other migrations of the tenants' tables than this program's.
    pub(crate) async fn open_with(
        config: &DatabaseConfig,
        data: &Path,
        migrations: &'static [Migration],
    ) -> Result<Self, StoreError> {
        let folder: PathBuf = data.join("tenants");
        if config.url.is_empty() {
            std::fs::create_dir_all(&folder)?;
        }
        let control = ControlStore::open(config, data).await?;
        let mut shards = HashMap::new();
        if !control.is_postgres() {
            shards.insert(FILES.to_owned(), Arc::new(Shard::files(folder, config)));
        }
        for shard in Self::configured(config) {
            shards.insert(
                shard.name.clone(),
                Arc::new(Shard::open_postgres(&shard, config).await?),
            );
        }
        let inner = Inner {
            control,
            shards,
            handles: DashMap::new(),
            directory: Directory::default(),
            migrations,
            config: config.clone(),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// The PostgreSQL shards that `config` means.
    pub(crate) fn configured(config: &DatabaseConfig) -> Vec<ShardConfig> {
        if config.url.is_empty() || !config.shards.is_empty() {
            return config.shards.clone();
        }
        vec![ShardConfig {
            url: config.url.clone(),
            ..ShardConfig::default()
        }]
    }

    /// The control database.
    #[must_use]
    pub fn control(&self) -> &ControlStore {
        &self.inner.control
    }

    /// The handle of an active tenant.
    ///
    /// # Errors
    /// [`StoreError::TenantUnknown`], [`StoreError::TenantClosed`], or the database is away.
    pub async fn tenant(&self, id: TenantId) -> Result<TenantStore, StoreError> {
        if let Some(store) = self.inner.handles.get(&id) {
            return Ok(store.clone());
        }
        let row = self.tenant_row(id).await?;
        match row.status {
            TenantStatus::Active => {}
            TenantStatus::Provisioning => return Err(StoreError::TenantUnknown(id)),
            TenantStatus::Suspended | TenantStatus::Closing | TenantStatus::Erased => {
                return Err(StoreError::TenantClosed(id));
            }
        }
        let store = self.handle(&row)?;
        Ok(self.inner.handles.entry(id).or_insert(store).clone())
    }

    /// A handle of a tenant in any state, for provisioning, migrations and erasing; it is not
    /// shared and outlives a closing.
    ///
    /// # Errors
    /// [`StoreError::TenantUnknown`], or the database is away.
    pub async fn tenant_for_upkeep(&self, id: TenantId) -> Result<TenantStore, StoreError> {
        let row = self.load_tenant(id).await?;
        self.handle(&row)
    }

    /// Closes a tenant's handle in this process: every clone refuses from now on, and a transaction
    /// that is open cannot commit. The next [`Self::tenant`] looks at the tenant's state anew.
    /// Whether it was open.
    pub fn close_tenant(&self, id: TenantId) -> bool {
        self.inner.directory.forget(id);
        let Some((_, store)) = self.inner.handles.remove(&id) else {
            return false;
        };
        store.open.store(false, Ordering::Release);
        true
    }

    /// Lets the work of a tenant go on at once that was kept while the tenant was suspended.
    ///
    /// # Errors
    /// [`StoreError::TenantUnknown`], or the database is away.
    pub async fn wake_tenant(&self, id: TenantId) -> Result<(), StoreError> {
        let row = self.tenant_row(id).await?;
        due::release(self.shard(&row.shard)?, &self.inner.control, id).await
    }

    /// Closes every connection, waiting for open transactions.
    pub async fn close(&self) {
        for shard in self.inner.shards.values() {
            shard.close().await;
        }
        self.inner.control.close().await;
    }

    pub(crate) fn config(&self) -> &DatabaseConfig {
        &self.inner.config
    }

    pub(crate) fn directory(&self) -> &Directory {
        &self.inner.directory
    }

    /// Notes that a tenant's tables have another version since a migration.
    pub(crate) fn tenant_has_version(&self, id: TenantId, version: i64) {
        if let Some(store) = self.inner.handles.get(&id) {
            store.schema_version.store(version, Ordering::Release);
        }
    }

    /// The tenants that have a handle in this process.
    pub(crate) fn open_tenants(&self) -> Vec<TenantId> {
        self.inner
            .handles
            .iter()
            .map(|entry| *entry.key())
            .collect()
    }

    /// The migrations of the tenants' tables.
    pub(crate) fn migrations(&self) -> &'static [Migration] {
        self.inner.migrations
    }

    pub(crate) fn shards(&self) -> impl Iterator<Item = &Arc<Shard>> {
        self.inner.shards.values()
    }

    pub(crate) fn shard(&self, name: &str) -> Result<&Arc<Shard>, StoreError> {
        self.inner
            .shards
            .get(name)
            .ok_or_else(|| StoreError::ShardUnknown(name.to_owned()))
    }

    fn handle(&self, row: &tenant::Model) -> Result<TenantStore, StoreError> {
        Ok(TenantStore {
            id: row.id,
            shard: self.shard(&row.shard)?.clone(),
            control: self.inner.control.clone(),
            open: Arc::new(AtomicBool::new(true)),
            schema_version: Arc::new(AtomicI64::new(row.schema_version)),
        })
    }
}

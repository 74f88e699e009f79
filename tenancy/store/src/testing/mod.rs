//! Throw-away tenants on both databases: the same test runs over SQLite files and over a PostgreSQL
//! database of its own. Only tests are built with this module.
//!
//! ```ignore
//! tenancy_store::testing::test_both_backends!(a_thing_is_so);
//!
//! async fn a_thing_is_so(world: World) {
//!     let store = world.tenant().await;
//! }
//! ```
//! PostgreSQL is the private server whose superuser URL is in `HANSA_TEST_PG_URL`; without it the
//! `scaled` half fails, unless `HANSA_TEST_COLUMNS=embedded` says that it is not wanted.

mod dump;
mod postgres;
mod wall;

use std::{
    fmt::Display,
    future::Future,
    panic::{AssertUnwindSafe, resume_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use futures::FutureExt as _;
use kernel::{Clock as _, Instant, ManualClock, Rng, SeededRng, SystemRng};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set};
use tenancy_model::{Language, TenantId, TenantStatus};

use crate::{DatabaseConfig, Stores, TenantStore, control::tenant};

pub use crate::test_both_backends;
pub use dump::{Dump, dump};
pub(crate) use postgres::Database;
pub(crate) use wall::rows_of;
pub use wall::{breach_wall, mend_wall};

/// Which of the two ways to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// SQLite files.
    Embedded,
    /// PostgreSQL.
    Scaled,
}

/// A deployment without tenants yet, with a clock that stands still.
pub struct World {
    /// Everything that is open.
    pub stores: Stores,
    /// Moves only when told.
    pub clock: ManualClock,
    /// Repeats for the same seed, which is printed; its own in each world, because roles (named
    /// after ids) are the server's, not the database's.
    pub rng: Arc<SeededRng>,
    /// Which of the two ways to run.
    pub column: Column,
    /// How the stores were opened; change a copy and [`World::open`] for another process.
    pub config: DatabaseConfig,
    /// The data folder.
    pub data: PathBuf,
    tenants: AtomicU32,
}

impl World {
    /// Now, by the world's clock.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// A new id and the schema or file that belongs to it, active.
    pub async fn tenant(&self) -> TenantStore {
        let row = self.tenant_row().await;
        must("open the tenant", self.stores.tenant(row.id).await)
    }

    /// [`Self::tenant`], as the control database knows it.
    pub async fn tenant_row(&self) -> tenant::Model {
        let id = TenantId::new(&self.clock, &*self.rng);
        let shard = must("find a shard", self.stores.emptiest_shard().await);
        must(
            "make the schema",
            self.stores.create_schema(id, &shard).await,
        );
        let row = self.insert_row(id, &shard).await;
        must("read the tenant", row)
    }

    /// Gives a tenant another status, as an operator would, now.
    pub async fn set_status(&self, id: TenantId, status: TenantStatus) {
        let change = async {
            let tx = self.stores.control().begin().await?;
            let row = tenant::ActiveModel {
                id: Set(id),
                status: Set(status),
                changed_at: Set(self.now()),
                ..Default::default()
            };
            row.update(&tx).await?;
            tx.commit().await
        };
        must::<_, crate::StoreError>("change the status", change.await);
    }

    async fn insert_row(
        &self,
        id: TenantId,
        shard: &str,
    ) -> Result<tenant::Model, crate::StoreError> {
        let n = self.tenants.fetch_add(1, Ordering::Relaxed);
        let now = self.now();
        let row = tenant::ActiveModel {
            id: Set(id),
            number: Set(format!("{}", 10_000_000 + n)),
            host_name: Set(format!("company-{n}")),
            full_name: Set(format!("Company {n} GmbH")),
            short_name: Set(None),
            industry: Set("software".to_owned()),
            email: Set(format!("founder@company-{n}.example")),
            mobile: Set(None),
            contact_name: Set("Anna Li".to_owned()),
            language: Set(Language::En),
            status: Set(TenantStatus::Active),
            status_reason: Set(None),
            verified_at: Set(None),
            shard: Set(shard.to_owned()),
            schema_version: Set(crate::migration::TENANT_SCHEMA_VERSION),
            migration_error: Set(None),
            terms_version: Set("1".to_owned()),
            terms_accepted_at: Set(now),
            created_at: Set(now),
            changed_at: Set(now),
            removing_at: Set(None),
        };
        let tx = self.stores.control().begin().await?;
        let row = row.insert(&tx).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// The same databases once more, as another process sees them.
    pub async fn open(&self, config: &DatabaseConfig) -> Stores {
        must("open the stores", Stores::open(config, &self.data).await)
    }

    async fn start(column: Column, url: String, data: &Path) -> Self {
        let config = DatabaseConfig {
            url,
            connections: 4,
            ..DatabaseConfig::default()
        };
        Self {
            stores: must("open the stores", Stores::open(&config, data).await),
            clock: ManualClock::default(),
            rng: Arc::new(SeededRng::new(seed())),
            column,
            config,
            data: data.to_owned(),
            tenants: AtomicU32::new(0),
        }
    }
}

/// Transactions that this process has begun on the control database: a request must not need one.
#[must_use]
pub fn control_transactions(stores: &Stores) -> u64 {
    stores.control().begun.load(Ordering::Relaxed)
}

/// Runs `test` in a new world on `column`, and removes the world, whatever became of the test.
pub fn run<F: Future<Output = ()>>(column: Column, test: impl FnOnce(World) -> F) {
    if column == Column::Scaled && !postgres::is_wanted() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    must("start a runtime", runtime).block_on(async {
        let data = must("make a folder", tempfile::tempdir());
        let database = match column {
            Column::Embedded => None,
            Column::Scaled => Some(Database::create().await),
        };
        let url = database.as_ref().map(|database| database.url.clone());
        let whole =
            async { test(World::start(column, url.unwrap_or_default(), data.path()).await).await };
        let outcome = AssertUnwindSafe(whole).catch_unwind().await;
        if let Some(database) = database {
            database.remove().await;
        }
        if let Err(panic) = outcome {
            resume_unwind(panic);
        }
    });
}

/// `HANSA_TEST_SEED` repeats a run of one test.
fn seed() -> u64 {
    let wanted = std::env::var("HANSA_TEST_SEED").ok();
    let rng: &dyn Rng = &SystemRng;
    let drawn = || u64::from_le_bytes(rng.bytes());
    let seed = wanted
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(drawn);
    eprintln!("HANSA_TEST_SEED={seed}");
    seed
}

/// What the test needs, or its end.
fn must<T, E: Display>(what: &str, result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("could not {what}: {error}"),
    }
}

/// Makes a test of both columns out of each `async fn name(world: World)` beside it, in the modules
/// `embedded` and `scaled`; once a module.
#[macro_export]
macro_rules! test_both_backends {
    ($($name:ident),+ $(,)?) => {
        mod embedded {
            $(
                #[test]
                fn $name() {
                    $crate::testing::run($crate::testing::Column::Embedded, super::$name);
                }
            )+
        }
        mod scaled {
            $(
                #[test]
                fn $name() {
                    $crate::testing::run($crate::testing::Column::Scaled, super::$name);
                }
            )+
        }
    };
}

//! A shard: one PostgreSQL database that holds tenants' schemas, or the folder of the embedded
//! column.

use std::{path::PathBuf, sync::Arc};

use moka::{future::Cache, policy::EvictionPolicy};
use sea_orm::{QueryResult, Statement};
use sqlx::PgPool;
use tenancy_model::TenantId;

use crate::{
    DatabaseConfig, ShardConfig, StoreError,
    backend::{
        postgres::{self, Access},
        script::Script,
        sqlite::File,
    },
    migration,
    tx::Tx,
};

/// Name of the one shard of the embedded column.
pub(crate) const FILES: &str = "files";

/// Rows of each question.
pub(crate) type Answers = Vec<Vec<QueryResult>>;

/// What a transaction asks in the round trip in which it begins, for
/// [`crate::TenantStore::begin_asking`]. Values of its statements are texts without NUL and `i64`,
/// such as [`crate::rows::Rows`] makes.
pub struct Questions<'a> {
    /// Asked in order. On PostgreSQL each sees what was committed before it began, as if they were
    /// asked one by one.
    pub asked: Vec<Statement>,
    /// What the transaction will hand to [`crate::TenantTx::commit_writing`], whatever the values:
    /// called on a connection that has to prepare it.
    pub writes: &'a (dyn Fn() -> Result<Vec<Statement>, StoreError> + Send + Sync),
}

impl Questions<'_> {
    pub(crate) fn none() -> Self {
        Self {
            asked: Vec::new(),
            writes: &|| Ok(Vec::new()),
        }
    }
}

/// Where the rows of some tenants are.
pub(crate) struct Shard {
    pub(crate) name: String,
    pub(crate) open: bool,
    pub(crate) tenants_max: u32,
    pub(crate) backend: ShardBackend,
}

pub(crate) enum ShardBackend {
    Postgres(PgPool),
    /// One file a tenant in `folder`; at most as many open as the configuration says.
    Files {
        folder: PathBuf,
        files: Cache<TenantId, File>,
    },
}

impl Shard {
    /// Connects to a shard and makes its own schema (`shard.due`) current.
    pub(crate) async fn open_postgres(
        shard: &ShardConfig,
        config: &DatabaseConfig,
    ) -> Result<Self, StoreError> {
        let pool = postgres::open(&shard.url, "pg_catalog", config).await?;
        migration::migrate_shard(&pool).await?;
        Ok(Self {
            name: shard.name.clone(),
            open: shard.open,
            tenants_max: shard.tenants_max,
            backend: ShardBackend::Postgres(pool),
        })
    }

    /// The embedded column: a folder of files.
    ///
    /// A file that the cache lets go is closed when the last transaction on it has ended (with the
    /// last clone of [`File`]), so that nobody ever meets a closed one and nobody waits.
    pub(crate) fn files(folder: PathBuf, config: &DatabaseConfig) -> Self {
        let files = Cache::builder()
            .max_capacity(config.open_files)
            .eviction_policy(EvictionPolicy::lru())
            .build();
        Self {
            name: FILES.to_owned(),
            open: true,
            tenants_max: u32::MAX,
            backend: ShardBackend::Files { folder, files },
        }
    }

    /// Begins a transaction inside a tenant's wall.
    pub(crate) async fn begin(&self, tenant: TenantId, access: Access) -> Result<Tx, StoreError> {
        let begun = self.begin_asking(tenant, access, String::new(), Questions::none());
        begun.await.map(|(tx, _)| tx)
    }

    /// The same, and runs `questions` in the same round trip. `mark` stands at the end of
    /// everything that is prepared.
    pub(crate) async fn begin_asking(
        &self,
        tenant: TenantId,
        access: Access,
        mark: String,
        questions: Questions<'_>,
    ) -> Result<(Tx, Answers), StoreError> {
        let Questions { asked, writes } = questions;
        let is_asked = !asked.is_empty();
        let (tx, answers): (Tx, Answers) = match &self.backend {
            ShardBackend::Postgres(pool) => {
                let script = Script::new(asked, &mark)?;
                let later = || Script::new(writes()?, &mark);
                let (tx, answers) = postgres::begin(pool, (tenant, access), &script, later).await?;
                (tx.into(), each(answers))
            }
            ShardBackend::Files { .. } => {
                let file = self.file(tenant).await?;
                let questions = asked.into_iter().map(|mut question| {
                    question.sql.push_str(&mark);
                    question
                });
                let (tx, answers) = file.begin_asking(access, questions.collect()).await?;
                (tx.into(), each(answers))
            }
        };
        let tx = tx.marked(mark);
        Ok((
            if is_asked {
                tx.begun_with_answers()
            } else {
                tx
            },
            answers,
        ))
    }

    /// The open file of a tenant; opened once, however many ask for it at the same time.
    async fn file(&self, tenant: TenantId) -> Result<File, StoreError> {
        let ShardBackend::Files { folder, files } = &self.backend else {
            return Err(StoreError::ShardUnknown(self.name.clone()));
        };
        let path = folder.join(file_name(tenant));
        files
            .try_get_with(tenant, File::open(&path, false))
            .await
            .map_err(|error: Arc<StoreError>| {
                Arc::try_unwrap(error)
                    .unwrap_or_else(|shared| StoreError::FileUnopened(shared.to_string()))
            })
    }

    pub(crate) async fn close(&self) {
        match &self.backend {
            ShardBackend::Postgres(pool) => pool.close().await,
            ShardBackend::Files { files, .. } => {
                let open: Vec<_> = files.iter().map(|(_, file)| file).collect();
                for file in open {
                    file.close().await;
                }
            }
        }
    }
}

fn each<R: Into<QueryResult>>(answers: Vec<Vec<R>>) -> Answers {
    let rows = |rows: Vec<R>| rows.into_iter().map(Into::into).collect();
    answers.into_iter().map(rows).collect()
}

/// Name of a tenant's file: made from the internal id alone.
pub(crate) fn file_name(tenant: TenantId) -> String {
    format!("t_{}.sqlite", tenant.uuid().simple())
}

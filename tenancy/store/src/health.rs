//! What `readyz` asks (does each database answer?) and what `hansa doctor` asks (is each set so
//! that an acknowledged message cannot be lost?). A refusal is an answer, not an error.

use std::time::Duration;

use kernel::{Clock, Instant};
use sea_orm::{ConnectionTrait, prelude::DateTimeUtc};
use sqlx::{PgPool, Row as _};

use crate::{
    StoreError, Stores,
    backend::{postgres::PgTx, sqlite::File},
    control::Backend,
    error::{connection_error, query_error},
    shard::{Shard, ShardBackend},
    statement::sql,
    tx::Tx,
};

/// A database that has not answered by then is away.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);
/// A connection that is not free by then is in use, and is left out.
const FREE_WITHIN: Duration = Duration::from_secs(1);
/// Clocks may differ by so much; sessions, codes and leases are counted on them.
const CLOCK_DIFFERENCE_MS: i64 = 2_000;
/// The first PostgreSQL with everything that is used here.
const POSTGRES_MIN: i64 = 150_000;

/// Whether one database answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// `control`, or `shard` and its name.
    pub name: String,
    /// Why not.
    pub error: Option<String>,
}

/// One setting of one database, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// `control`, or `shard` and its name.
    pub database: String,
    /// What the database calls it.
    pub name: &'static str,
    /// What it says.
    pub value: String,
    /// What is wrong and what to do; nothing when it is right.
    pub refusal: Option<String>,
}

impl Fact {
    /// Whether a refusal costs time only: nothing is lost by it.
    #[must_use]
    pub fn is_warning(&self) -> bool {
        self.name == "recovery_init_sync_method"
    }
}

impl Stores {
    /// Asks every database, all at once.
    pub async fn health(&self) -> Vec<Health> {
        let control = async {
            let asked = async {
                let tx = self.control().read().await?;
                tx.query_one_raw(sql(&tx, "SELECT 1 AS one", [])).await?;
                Ok(())
            };
            answer("control".to_owned(), asked).await
        };
        let shards = self.shards().map(|shard| async move {
            let asked = async {
                match &shard.backend {
                    ShardBackend::Postgres(pool) => {
                        let tx: Tx = PgTx::begin(pool, "BEGIN READ ONLY").await?.into();
                        tx.query_one_raw(sql(&tx, "SELECT 1 AS one", [])).await?;
                    }
                    ShardBackend::Files { folder, .. } => {
                        std::fs::metadata(folder)?;
                    }
                }
                Ok(())
            };
            answer(name_of(shard), asked).await
        });
        let (first, rest) = tokio::join!(control, futures::future::join_all(shards));
        std::iter::once(first).chain(rest).collect()
    }

    /// [`crate::examine`] of the databases as this process has them open, every connection.
    ///
    /// # Errors
    /// A database is away.
    pub async fn facts(&self, clock: &dyn Clock) -> Result<Vec<Fact>, StoreError> {
        let mut facts = match &self.control().backend {
            Backend::Postgres(pool) => postgres("control", pool, self.connections(), clock).await?,
            Backend::Sqlite(file) => sqlite("control", file).await?,
        };
        for shard in self.shards() {
            let name = name_of(shard);
            facts.extend(match &shard.backend {
                ShardBackend::Postgres(pool) => {
                    postgres(&name, pool, self.connections(), clock).await?
                }
                ShardBackend::Files { .. } => shard_files(&name, shard).await?,
            });
        }
        Ok(facts)
    }

    fn connections(&self) -> u32 {
        self.config().connections
    }
}

pub(crate) fn name_of(shard: &Shard) -> String {
    format!("shard {}", shard.name)
}

async fn answer(name: String, asked: impl Future<Output = Result<(), StoreError>>) -> Health {
    let error = match tokio::time::timeout(ANSWER_WITHIN, asked).await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(error.to_string()),
        Err(_) => Some(format!("no answer within {ANSWER_WITHIN:?}")),
    };
    Health { name, error }
}

/// What a setting must be, and what to do when it is not.
const WANTED: &[(&str, &str, &str)] = &[
    (
        "fsync",
        "on",
        "acknowledged messages can be lost in a power cut: \
         ALTER SYSTEM SET fsync = on; SELECT pg_reload_conf();",
    ),
    (
        "full_page_writes",
        "on",
        "a torn page can lose data: \
         ALTER SYSTEM SET full_page_writes = on; SELECT pg_reload_conf();",
    ),
    (
        "recovery_init_sync_method",
        "syncfs",
        "with many tenants a restart after a crash takes minutes: \
         ALTER SYSTEM SET recovery_init_sync_method = 'syncfs'; SELECT pg_reload_conf();",
    ),
];

pub(crate) async fn postgres(
    database: &str,
    pool: &PgPool,
    connections: u32,
    clock: &dyn Clock,
) -> Result<Vec<Fact>, StoreError> {
    let fact = |name, value: String, refusal: Option<String>| Fact {
        database: database.to_owned(),
        name,
        value,
        refusal,
    };
    let mut facts = Vec::new();
    facts.push(commits(pool, connections).await.map(|(value, wrong)| {
        let what = "a commit returns before it is on disk: remove `synchronous_commit` from the \
                    settings of the login and the database";
        fact("synchronous_commit", value, wrong.then(|| what.to_owned()))
    })?);
    let tx: Tx = PgTx::begin(pool, "BEGIN READ ONLY").await?.into();
    for (name, wanted, advice) in WANTED {
        let value = setting(&tx, name).await?;
        let wrong = value != *wanted;
        facts.push(fact(name, value, wrong.then(|| (*advice).to_owned())));
    }
    let version: i64 = setting(&tx, "server_version_num")
        .await?
        .parse()
        .unwrap_or(0);
    let old = version < POSTGRES_MIN;
    let old = old.then(|| "PostgreSQL 15 or later is needed".to_owned());
    facts.push(fact(
        "server_version",
        setting(&tx, "server_version").await?,
        old,
    ));
    let (login, refusal) = login(&tx).await?;
    facts.push(fact("login", login, refusal));
    let (value, refusal) = difference(&tx, clock).await?;
    facts.push(fact("clock", value, refusal));
    Ok(facts)
}

/// `synchronous_commit` as every connection that the pool may have reports it.
async fn commits(pool: &PgPool, connections: u32) -> Result<(String, bool), StoreError> {
    let mut held = Vec::new();
    let mut wrong = None;
    for _ in 0..connections {
        // Others use the pool too: what is not free soon is not asked, but one connection is.
        let acquired = match tokio::time::timeout(FREE_WITHIN, pool.acquire()).await {
            Ok(acquired) => acquired,
            Err(_) if held.is_empty() => pool.acquire().await,
            Err(_) => break,
        };
        let mut connection = acquired.map_err(connection_error)?;
        let shown = sqlx::query("SHOW synchronous_commit").fetch_one(&mut *connection);
        let value: String = shown
            .await
            .map_err(|e| StoreError::Database(query_error(e)))?
            .get(0);
        if value != "on" {
            wrong = Some(value);
        }
        held.push(connection);
    }
    let count = held.len();
    Ok(match wrong {
        Some(value) => (value, true),
        None => (format!("on ({count} connections)"), false),
    })
}

async fn setting(tx: &Tx, name: &str) -> Result<String, StoreError> {
    let text = "SELECT current_setting($1, true) AS value";
    let row = tx.query_one_raw(sql(tx, text, [name.into()])).await?;
    let value = row.map(|row| row.try_get::<Option<String>>("", "value"));
    Ok(value.transpose()?.flatten().unwrap_or_default())
}

async fn login(tx: &Tx) -> Result<(String, Option<String>), StoreError> {
    let text = "SELECT rolname::text AS name, rolsuper, rolcreaterole, \
                pg_catalog.pg_get_userbyid(d.datdba) = rolname AS owner \
                FROM pg_roles, pg_database d \
                WHERE rolname = session_user AND d.datname = current_database()";
    let Some(row) = tx.query_one_raw(sql(tx, text, [])).await? else {
        return Ok((String::new(), Some("the login has no role".to_owned())));
    };
    let name: String = row.try_get("", "name")?;
    let refusal = if row.try_get("", "rolsuper")? {
        Some("a superuser sees through the walls between tenants: use a login of its own")
    } else if !row.try_get::<bool>("", "rolcreaterole")? {
        Some("the login cannot make tenants' roles: ALTER ROLE … CREATEROLE")
    } else if !row.try_get::<bool>("", "owner")? {
        Some("the login cannot make tenants' schemas: ALTER DATABASE … OWNER TO it")
    } else {
        None
    };
    Ok((name, refusal.map(str::to_owned)))
}

async fn difference(tx: &Tx, clock: &dyn Clock) -> Result<(String, Option<String>), StoreError> {
    let before: Instant = clock.now();
    let text = "SELECT clock_timestamp() AS at";
    let row = tx.query_one_raw(sql(tx, text, [])).await?;
    let after = clock.now();
    let theirs = row.map(|row| row.try_get::<DateTimeUtc>("", "at"));
    let middle = before + (after - before) / 2;
    let ms = theirs
        .transpose()?
        .map_or(0, |theirs| (theirs - middle).num_milliseconds());
    let wrong = ms.abs() > CLOCK_DIFFERENCE_MS;
    let advice = "the clocks of this machine and the database differ: run an NTP client on both";
    Ok((format!("{ms} ms"), wrong.then(|| advice.to_owned())))
}

async fn shard_files(name: &str, shard: &Shard) -> Result<Vec<Fact>, StoreError> {
    let ShardBackend::Files { files, .. } = &shard.backend else {
        return Ok(Vec::new());
    };
    let mut facts: Vec<Fact> = Vec::new();
    for (_, file) in files {
        for fact in sqlite(name, &file).await? {
            if !facts.contains(&fact) {
                facts.push(fact);
            }
        }
    }
    Ok(facts)
}

/// `journal_mode` and `synchronous` of every connection of a file.
pub(crate) async fn sqlite(database: &str, file: &File) -> Result<Vec<Fact>, StoreError> {
    let mut facts = Vec::new();
    for pool in file.pools() {
        let mut held = Vec::new();
        for _ in 0..pool.options().get_max_connections() {
            let mut connection = pool.acquire().await.map_err(connection_error)?;
            for (name, text, wanted) in PRAGMAS {
                let row = sqlx::query(*text).fetch_one(&mut *connection).await;
                let row = row.map_err(|error| StoreError::Database(query_error(error)))?;
                let value: String = row.get("value");
                let wrong = value != *wanted;
                let advice = format!("a commit may not be on disk: {name} must be {wanted}");
                let fact = Fact {
                    database: database.to_owned(),
                    name,
                    value,
                    refusal: wrong.then_some(advice),
                };
                if !facts.contains(&fact) {
                    facts.push(fact);
                }
            }
            held.push(connection);
        }
    }
    Ok(facts)
}

/// Name, how to ask, what it must be (2 is FULL).
const PRAGMAS: &[(&str, &str, &str)] = &[
    (
        "journal_mode",
        "SELECT journal_mode AS value FROM pragma_journal_mode",
        "wal",
    ),
    (
        "synchronous",
        "SELECT CAST(synchronous AS text) AS value FROM pragma_synchronous",
        "2",
    ),
];

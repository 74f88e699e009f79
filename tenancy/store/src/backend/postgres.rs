//! PostgreSQL: pools whose connections can see nothing until a transaction names its tenant.

use std::{str::FromStr as _, time::Duration};

use futures::TryStreamExt as _;
use sqlx::{
    AssertSqlSafe, Connection as _, Either, Postgres, Row as _,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgRow},
};
use tenancy_model::TenantId;

use super::script::Script;
use crate::{
    DatabaseConfig, StoreError,
    error::{connection_error, is_unprepared, query_error},
};

/// A connection that has been idle for longer is asked whether it lives before it is used.
const IDLE_TEST_AFTER: Duration = Duration::from_secs(20);
/// A transaction that does nothing for longer is ended by the server: it would hold locks.
const IDLE_IN_TRANSACTION_MS: u64 = 15_000;

/// How a transaction begins that reads one snapshot.
pub(crate) const READ_ONLY: &str = "ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Opens a pool. `search_path` is what a statement outside a tenant's transaction sees: for a shard
/// an empty one, so that a query that forgot its tenant fails.
pub(crate) async fn open(
    url: &str,
    search_path: &str,
    config: &DatabaseConfig,
) -> Result<PgPool, StoreError> {
    let timeout = config.statement_timeout_ms.to_string();
    let idle = IDLE_IN_TRANSACTION_MS.to_string();
    let options = PgConnectOptions::from_str(url)
        .map_err(connection_error)?
        .application_name("hansa")
        .options([
            ("search_path", search_path),
            ("synchronous_commit", "on"),
            ("statement_timeout", timeout.as_str()),
            ("idle_in_transaction_session_timeout", idle.as_str()),
            ("timezone", "UTC"),
            // Literals of scripts stand on it.
            ("standard_conforming_strings", "on"),
        ]);
    PgPoolOptions::new()
        .max_connections(config.connections)
        .acquire_timeout(Duration::from_millis(config.acquire_timeout_ms))
        .max_lifetime(Duration::from_secs(config.connection_lifetime_s))
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > IDLE_TEST_AFTER {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(options)
        .await
        .map_err(|error| StoreError::Database(connection_error(error)))
}

/// Name of a tenant's schema and of its role: made from the internal id alone, so it never needs
/// quoting.
pub(crate) fn schema_name(tenant: TenantId) -> String {
    format!("t_{}", tenant.uuid().simple())
}

/// A transaction that owns its connection. A connection goes back to the pool only after its
/// transaction has ended: also when `BEGIN` failed halfway or its caller went away in the middle of
/// it, where sqlx's own transaction would hand it on still inside the wall of the last tenant.
pub(crate) struct PgTx {
    connection: Option<PoolConnection<Postgres>>,
    /// The statements that it began with.
    begin: String,
    /// Whether a statement that this connection prepared does not fit its table any more.
    is_stale: bool,
}

impl PgTx {
    /// Begins with `begin`, which may be several statements in one round trip.
    pub(crate) async fn begin(pool: &PgPool, begin: &str) -> Result<Self, StoreError> {
        let script = Script::default();
        let (tx, _) = Self::begin_asking(pool, begin, &script, || Ok(Script::default())).await?;
        Ok(tx)
    }

    /// The same, and runs `script` in the same round trip. Rows of each statement of the script. On
    /// a connection that has not run it before, `later` is prepared together with it.
    pub(crate) async fn begin_asking(
        pool: &PgPool,
        begin: &str,
        script: &Script,
        later: impl FnOnce() -> Result<Script, StoreError>,
    ) -> Result<(Self, Vec<Vec<PgRow>>), StoreError> {
        let connection = pool.acquire().await.map_err(begin_error)?;
        let mut tx = Self {
            connection: Some(connection),
            begin: begin.to_owned(),
            is_stale: false,
        };
        let mut answers = match tx.ask(script.after(begin)).await {
            Err(error) if script.len() > 0 && is_unprepared(&error) => {
                let all = script.and(later()?);
                tx.prepare(&all).await.map_err(begin_error)?;
                tx.ask(script.calls()).await
            }
            answers => answers,
        }
        .map_err(begin_error)?;
        let answers = answers.split_off(answers.len().saturating_sub(script.len()));
        Ok((tx, answers))
    }

    /// Ends the transaction and begins it again with the statements of `script` prepared.
    async fn prepare(&mut self, script: &Script) -> Result<(), sqlx::Error> {
        self.run("ROLLBACK").await?;
        let begin = self.begin.clone();
        self.run(&begin).await?;
        let known = self.ask(script.which_are_prepared()).await?;
        let known = known.iter().flatten().map(|row| row.try_get(0));
        let known = known.collect::<Result<_, _>>()?;
        self.run(&script.prepare(&known)).await
    }

    /// Ends the transaction and begins it again on the same connection, with nothing prepared.
    pub(crate) async fn begin_anew(&mut self) -> Result<(), sqlx::Error> {
        self.run("ROLLBACK").await?;
        self.connection()?.clear_cached_statements().await?;
        let begin = self.begin.clone();
        self.run(&begin).await
    }

    /// Nothing that this connection prepared is used after this transaction.
    pub(crate) fn mark_stale(&mut self) {
        self.is_stale = true;
    }

    /// The connection inside the transaction.
    pub(crate) fn connection(&mut self) -> Result<&mut PgConnection, sqlx::Error> {
        self.connection
            .as_deref_mut()
            .ok_or(sqlx::Error::PoolClosed)
    }

    /// Runs `script` and commits in the same round trip; returns after the log is on disk. Where a
    /// statement was not prepared, nothing is kept and it is prepared now: the same transaction can
    /// be tried again at once.
    pub(crate) async fn commit(mut self, script: &Script) -> Result<(), sqlx::Error> {
        match self.ask(script.before("COMMIT")).await {
            Ok(_) => {
                self.connection = None;
                Ok(())
            }
            Err(error) => {
                if is_unprepared(&error) {
                    self.prepare(script).await?;
                }
                Err(error)
            }
        }
    }

    async fn run(&mut self, text: &str) -> Result<(), sqlx::Error> {
        self.ask(text.to_owned()).await.map(drop)
    }

    /// Rows of each statement of `text`.
    async fn ask(&mut self, text: String) -> Result<Vec<Vec<PgRow>>, sqlx::Error> {
        let mut steps = sqlx::raw_sql(AssertSqlSafe(text)).fetch_many(self.connection()?);
        let mut answers = Vec::new();
        let mut rows = Vec::new();
        while let Some(step) = steps.try_next().await? {
            match step {
                Either::Left(_) => answers.push(std::mem::take(&mut rows)),
                Either::Right(row) => rows.push(row),
            }
        }
        Ok(answers)
    }
}

impl Drop for PgTx {
    fn drop(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            let is_stale = self.is_stale;
            tokio::spawn(async move {
                let mut end = sqlx::raw_sql("ROLLBACK")
                    .execute(&mut *connection)
                    .await
                    .map(drop);
                if is_stale && end.is_ok() {
                    end = connection.clear_cached_statements().await;
                }
                if end.is_err() {
                    // Whatever state it is in, nobody gets it.
                    let _ = connection.detach().close_hard().await;
                }
            });
        }
    }
}

/// Begins a transaction that is inside a tenant's wall: begin, path, role and `script` in one round
/// trip. The role makes a wrong path fail instead of leaking.
pub(crate) async fn begin(
    pool: &PgPool,
    (tenant, access): (TenantId, Access),
    script: &Script,
    later: impl FnOnce() -> Result<Script, StoreError>,
) -> Result<(PgTx, Vec<Vec<PgRow>>), StoreError> {
    let name = schema_name(tenant);
    let access = match access {
        Access::Write => "READ WRITE",
        Access::Read => READ_ONLY,
    };
    let begin = format!("BEGIN {access}; SET LOCAL search_path = {name}; SET LOCAL ROLE {name}");
    PgTx::begin_asking(pool, &begin, script, later).await
}

/// What a transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

pub(crate) fn begin_error(error: sqlx::Error) -> StoreError {
    StoreError::Database(match error {
        sqlx::Error::Database(_) => query_error(error),
        _ => connection_error(error),
    })
}

//! The one error of this crate: what a database can do to its caller.

use sea_orm::DbErr;
use sqlx::postgres::PgDatabaseError;
use tenancy_model::TenantId;
use thiserror::Error;

/// Why a store could not do what it was asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// No such tenant, or it is not reachable yet.
    #[error("tenant {0} does not exist")]
    TenantUnknown(TenantId),
    /// The tenant's handle was closed: suspended, closing or erased.
    #[error("tenant {0} is closed")]
    TenantClosed(TenantId),
    /// The configuration names no such shard.
    #[error("shard {0} is not configured")]
    ShardUnknown(String),
    /// Every shard is full or closed for new tenants.
    #[error("no shard is open for new tenants")]
    NoShardOpen,
    /// A statement failed earlier in this transaction; nothing of it can be kept.
    #[error("the transaction had failed and was rolled back")]
    TransactionFailed,
    /// The schema is not one that this program knows.
    #[error("schema version {found} is newer than this program's {known}")]
    SchemaTooNew {
        /// What the database says.
        found: i64,
        /// What this program was built for.
        known: i64,
    },
    /// Somebody else tried to open the same file at the same time, and could not.
    #[error("{0}")]
    FileUnopened(String),
    /// The database refused or is away.
    #[error("database: {0}")]
    Database(#[from] DbErr),
    /// A stored value cannot be read.
    #[error("{what} is inconsistent: {why}")]
    Inconsistent {
        /// Table and row.
        what: String,
        /// What is wrong with it.
        why: String,
    },
    /// A body is larger than this table takes.
    #[error("{what} has {bytes} bytes")]
    TooLarge {
        /// Table and kind.
        what: String,
        /// How many it has.
        bytes: usize,
    },
    /// A file or folder of the embedded column.
    #[error("data folder: {0}")]
    Io(#[from] std::io::Error),
}

/// PostgreSQL's `invalid_sql_statement_name`: not prepared on this connection.
const UNPREPARED: &str = "26000";

impl StoreError {
    /// Whether the same call may succeed a moment later: the database is away, another transaction
    /// was in the way, or the table was changed under a prepared statement.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Database(DbErr::ConnectionAcquire(_) | DbErr::Conn(_))
            | Self::FileUnopened(_) => true,
            Self::Database(error) if is_stale_plan(error) => true,
            Self::Database(error) => matches!(
                sql_state(error).as_deref(),
                // serialization_failure, deadlock_detected, lock_not_available, admin shutdown,
                // crash shutdown, cannot connect now; SQLite busy and busy snapshot.
                Some(
                    "40001"
                        | "40P01"
                        | "55P03"
                        | "57P01"
                        | "57P02"
                        | "57P03"
                        | UNPREPARED
                        | "5"
                        | "517"
                )
            ),
            _ => false,
        }
    }

    /// Whether a row's own content was refused (a key, a constraint, a value that cannot be kept),
    /// so that the same transaction without the row may succeed.
    #[must_use]
    pub fn is_row_refused(&self) -> bool {
        let Self::Database(error) = self else {
            return false;
        };
        sql_state(error).is_some_and(|state| match state.parse::<u32>() {
            // SQLite: SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_TOOBIG, with their extended codes.
            Ok(code) if state.len() != 5 => matches!(code & 0xff, 18..=20),
            // PostgreSQL: data exceptions and integrity violations.
            _ => state.starts_with("22") || state.starts_with("23"),
        })
    }

    /// Whether a unique key refused the row.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Database(error) if is_unique_violation(error))
    }
}

/// Whether a unique key refused the row.
#[must_use]
pub fn is_unique_violation(error: &DbErr) -> bool {
    matches!(
        error.sql_err(),
        Some(sea_orm::SqlErr::UniqueConstraintViolation(_))
    )
}

/// Whether PostgreSQL refused a prepared statement because its result has another type since a
/// migration.
pub(crate) fn is_stale_plan(error: &DbErr) -> bool {
    match error {
        DbErr::Exec(sea_orm::RuntimeErr::SqlxError(source))
        | DbErr::Query(sea_orm::RuntimeErr::SqlxError(source)) => is_stale(source),
        _ => false,
    }
}

/// Whether a script named a statement that its connection has not prepared, or not for the tables
/// as they are now.
pub(crate) fn is_unprepared(error: &sqlx::Error) -> bool {
    is_stale(error)
        || matches!(error, sqlx::Error::Database(database)
        if database.code().as_deref() == Some(UNPREPARED))
}

/// `cached plan must not change result type`. The words may be in any language, the code means any
/// feature; the place in PostgreSQL is this error's alone.
fn is_stale(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(database) = error else {
        return false;
    };
    let Some(refusal) = database.try_downcast_ref::<PgDatabaseError>() else {
        return false;
    };
    refusal.code() == "0A000" && refusal.routine() == Some("RevalidateCachedQuery")
}

fn sql_state(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(sea_orm::RuntimeErr::SqlxError(source))
    | DbErr::Query(sea_orm::RuntimeErr::SqlxError(source))) = error
    else {
        return None;
    };
    match &**source {
        sqlx::Error::Database(database) => database.code().map(|code| code.into_owned()),
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => {
            Some("57P03".to_owned())
        }
        _ => None,
    }
}

/// sqlx's error where a statement wrote.
pub(crate) fn exec_error(error: sqlx::Error) -> DbErr {
    DbErr::Exec(sea_orm::RuntimeErr::SqlxError(error.into()))
}

/// sqlx's error where a statement read.
pub(crate) fn query_error(error: sqlx::Error) -> DbErr {
    DbErr::Query(sea_orm::RuntimeErr::SqlxError(error.into()))
}

/// sqlx's error where a connection was wanted.
pub(crate) fn connection_error(error: sqlx::Error) -> DbErr {
    DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into()))
}

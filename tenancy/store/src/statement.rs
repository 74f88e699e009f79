//! Statements of this crate that no entity can say, with placeholders `$1` in both dialects.

use sea_orm::{ConnectionTrait, Statement, Value};

/// The statement for the database of `tx`.
pub(crate) fn sql(
    tx: &impl ConnectionTrait,
    text: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(tx.get_database_backend(), text, values)
}

/// `text` with `FOR UPDATE SKIP LOCKED` where the database has it; SQLite has one writer anyway.
pub(crate) fn skip_locked(tx: &impl ConnectionTrait) -> &'static str {
    match tx.get_database_backend() {
        sea_orm::DbBackend::Sqlite => "",
        _ => "FOR UPDATE SKIP LOCKED",
    }
}

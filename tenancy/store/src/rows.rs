//! Many rows in one parameter: a statement whose text is the same however many rows it carries, so
//! that it is prepared once a connection and planned for nothing. Group commit and batched look-ups
//! stand on it. What differs between the two databases stays in this file.

use kernel::Instant;
use sea_orm::{
    DbBackend,
    sea_query::{Expr, ExprTrait as _, Func, IntoTableRef as _, JoinType, Query, SelectStatement},
};
use serde::{Serialize, Serializer};

use crate::StoreError;

/// What the rows are called inside a statement made by [`Rows::look_up`].
pub const ROWS: &str = "k";
const FOUND: &str = "found";

/// What a column of [`Rows`] holds; any of them may be null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowType {
    /// An id; serialise its bare [`uuid::Uuid`].
    Id,
    /// `i64`.
    Integer,
    /// Text without NUL, which PostgreSQL refuses.
    Text,
    /// JSON; serialise its text.
    Json,
    /// An instant; serialise it as [`RowTime`].
    Time,
}

/// An instant as both databases compare it.
#[derive(Debug, Clone, Copy)]
pub struct RowTime(pub Instant);

impl Serialize for RowTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The very text that sqlx writes into a SQLite column, where instants are compared as text.
        let text = self.0.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, false);
        serializer.serialize_str(&text)
    }
}

/// Rows to hand to a statement.
#[derive(Debug, Clone)]
pub struct Rows {
    columns: &'static [(&'static str, RowType)],
    json: String,
}

impl Rows {
    /// `rows` are tuples (or arrays) with one value for each of `columns`, in order.
    ///
    /// # Errors
    /// A value cannot be written.
    pub fn new<T: Serialize>(
        columns: &'static [(&'static str, RowType)],
        rows: &[T],
    ) -> Result<Self, StoreError> {
        let json = serde_json::to_string(rows).map_err(|error| StoreError::Inconsistent {
            what: "rows for a statement".to_owned(),
            why: error.to_string(),
        })?;
        Ok(Self { columns, json })
    }

    /// What the one parameter holds.
    pub(crate) fn into_json(self) -> String {
        self.json
    }

    /// The rows as a query of their own: to insert from, to update from, to join with.
    #[must_use]
    pub fn select(&self, backend: DbBackend) -> SelectStatement {
        let mut select = Query::select();
        for (place, (name, kind)) in self.columns.iter().enumerate() {
            select.expr_as(Expr::cust(value(backend, place, *kind)), *name);
        }
        let (function, json) = match backend {
            DbBackend::Sqlite => ("json_each", Expr::val(self.json.clone())),
            _ => (
                "jsonb_array_elements",
                Expr::val(self.json.clone()).cast_as("jsonb"),
            ),
        };
        select.from_function(Func::cust(function).arg(json), "j");
        select
    }

    /// A query for at most one row of `table` for each of these rows: the one whose columns equal
    /// them (`on`: column of the table, column of the rows). Always by index, one probe a row; a
    /// planner that knows nothing yet of a young table would read all of it.
    #[must_use]
    pub fn look_up(
        &self,
        backend: DbBackend,
        table: &'static str,
        columns: &[&'static str],
        on: &[(&'static str, &'static str)],
    ) -> SelectStatement {
        self.find(backend, (table, columns), on, false)
    }

    /// [`Rows::look_up`], and each row that is found stays locked until the transaction ends; they
    /// are locked in the order of these rows. SQLite has one writer and no row locks.
    #[must_use]
    pub fn lock(
        &self,
        backend: DbBackend,
        table: &'static str,
        columns: &[&'static str],
        on: &[(&'static str, &'static str)],
    ) -> SelectStatement {
        self.find(backend, (table, columns), on, true)
    }

    fn find(
        &self,
        backend: DbBackend,
        (table, columns): (&'static str, &[&'static str]),
        on: &[(&'static str, &'static str)],
        locked: bool,
    ) -> SelectStatement {
        let mut found = Query::select();
        found
            .columns(columns.iter().map(|column| (FOUND, *column)))
            .limit(1);
        let mut query = Query::select();
        query
            .columns(columns.iter().map(|column| (FOUND, *column)))
            .from_subquery(self.select(backend), ROWS);
        let filter = match backend {
            // CROSS JOIN keeps the order of the tables.
            DbBackend::Sqlite => query.cross_join(table.into_table_ref().alias(FOUND)),
            _ => found.from_as(table, FOUND),
        };
        for (theirs, ours) in on {
            filter.and_where(Expr::col((FOUND, *theirs)).equals((ROWS, *ours)));
        }
        if locked {
            found.lock_exclusive();
        }
        if backend != DbBackend::Sqlite {
            query.join_lateral(JoinType::InnerJoin, found, FOUND, Expr::cust("TRUE"));
        }
        query
    }
}

fn value(backend: DbBackend, place: usize, kind: RowType) -> String {
    match (backend, kind) {
        (DbBackend::Sqlite, RowType::Id) => format!("unhex(j.value ->> {place}, '-')"),
        (DbBackend::Sqlite, _) => format!("j.value ->> {place}"),
        (_, RowType::Id) => format!("(j.value ->> {place})::uuid"),
        (_, RowType::Integer) => format!("(j.value ->> {place})::bigint"),
        (_, RowType::Json) => format!("(j.value ->> {place})::jsonb"),
        (_, RowType::Text) => format!("(j.value ->> {place})"),
        (_, RowType::Time) => format!("(j.value ->> {place})::timestamptz"),
    }
}

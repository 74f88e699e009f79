//! A statement whose text is made once in a process. Making it out of its parts costs more than
//! running it, and on the way of every message nobody should wait for that.

use std::sync::OnceLock;

use sea_orm::{DbBackend, Statement, Value};
use serde::Serialize;

use crate::{
    StoreError,
    rows::{RowType, Rows},
};

/// What the rows are while the text is made; an array, so that both databases could read it.
const NO_ROWS: &str = "[]";

/// A statement over [`Rows`] whose text does not depend on them.
pub struct Template {
    columns: &'static [(&'static str, RowType)],
    build: fn(&Rows, DbBackend) -> Result<Statement, StoreError>,
    postgres: OnceLock<Statement>,
    sqlite: OnceLock<Statement>,
}

impl Template {
    /// `build` makes the statement out of rows with these columns; it may use them once, and no
    /// other value that is the text `[]`.
    #[must_use]
    pub const fn new(
        columns: &'static [(&'static str, RowType)],
        build: fn(&Rows, DbBackend) -> Result<Statement, StoreError>,
    ) -> Self {
        Self {
            columns,
            build,
            postgres: OnceLock::new(),
            sqlite: OnceLock::new(),
        }
    }

    /// The statement with `rows`: tuples with one value for each column, in order.
    ///
    /// # Errors
    /// A value cannot be written.
    pub fn with<T: Serialize>(
        &self,
        backend: DbBackend,
        rows: &[T],
    ) -> Result<Statement, StoreError> {
        let json = Rows::new(self.columns, rows)?.into_json();
        let mut statement = self.made(backend)?.clone();
        let values = statement.values.iter_mut().flat_map(|values| &mut values.0);
        for value in values {
            if matches!(value, Value::String(Some(text)) if text == NO_ROWS) {
                *value = Value::String(Some(json));
                return Ok(statement);
            }
        }
        Err(StoreError::Inconsistent {
            what: "template of a statement".to_owned(),
            why: "it does not use its rows".to_owned(),
        })
    }

    fn made(&self, backend: DbBackend) -> Result<&Statement, StoreError> {
        let made = match backend {
            DbBackend::Sqlite => &self.sqlite,
            _ => &self.postgres,
        };
        if let Some(statement) = made.get() {
            return Ok(statement);
        }
        let none: &[[(); 0]] = &[];
        let statement = (self.build)(&Rows::new(self.columns, none)?, backend)?;
        Ok(made.get_or_init(|| statement))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[(&str, RowType)] = &[("key", RowType::Text)];

    #[test]
    fn a_filled_template_is_the_statement_built_with_the_rows() {
        static ALL: Template = Template::new(COLUMNS, |rows, backend| {
            Ok(backend.build(&rows.lock(backend, "record", &["id"], &[("key", "key")])))
        });
        for backend in [DbBackend::Postgres, DbBackend::Sqlite] {
            for rows in [vec![("a",)], vec![("b",), ("c",)]] {
                let built = Rows::new(COLUMNS, &rows).expect("rows");
                let built = built.lock(backend, "record", &["id"], &[("key", "key")]);
                let filled = ALL.with(backend, &rows).expect("a statement");
                assert_eq!(filled, backend.build(&built));
            }
        }
    }
}

//! Several statements for PostgreSQL in one round trip. The driver sends a prepared statement only
//! after the one before was answered; a simple query, though, may hold any number of `EXECUTE`s of
//! what was prepared on the connection before, with `BEGIN` or `COMMIT` around them (ADR 0009).

use std::{
    collections::HashSet,
    fmt::Write as _,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use sea_orm::{Statement, Value, Values};

use crate::StoreError;

/// Statements that are sent together.
#[derive(Debug, Default)]
pub(crate) struct Script {
    parts: Vec<Part>,
}

#[derive(Debug, Clone)]
struct Part {
    /// Made from the text, so that a text has one name on every connection.
    name: String,
    sql: String,
    call: String,
}

impl Script {
    /// `mark` stands at the end of every text (ADR 0007).
    pub(crate) fn new(statements: Vec<Statement>, mark: &str) -> Result<Self, StoreError> {
        let parts = statements.into_iter().map(|statement| {
            let sql = statement.sql + mark;
            let mut hasher = DefaultHasher::new();
            sql.hash(&mut hasher);
            let name = format!("h{:016x}", hasher.finish());
            let Values(values) = statement.values.unwrap_or(Values(Vec::new()));
            let call = call(&name, &values)?;
            Ok(Part { name, sql, call })
        });
        let parts = parts.collect::<Result<_, StoreError>>()?;
        Ok(Self { parts })
    }

    /// With the statements of another one behind its own.
    pub(crate) fn and(&self, other: Self) -> Self {
        let mut parts = self.parts.clone();
        parts.extend(other.parts);
        Self { parts }
    }

    pub(crate) fn len(&self) -> usize {
        self.parts.len()
    }

    /// `first`, then the statements.
    pub(crate) fn after(&self, first: &str) -> String {
        let calls = self.parts.iter().map(|part| part.call.as_str());
        join(std::iter::once(first).chain(calls))
    }

    /// The statements, then `last`.
    pub(crate) fn before(&self, last: &str) -> String {
        let calls = self.parts.iter().map(|part| part.call.as_str());
        join(calls.chain(std::iter::once(last)))
    }

    /// The statements alone.
    pub(crate) fn calls(&self) -> String {
        join(self.parts.iter().map(|part| part.call.as_str()))
    }

    /// Asks which of the statements the connection has prepared.
    pub(crate) fn which_are_prepared(&self) -> String {
        let names: Vec<_> = self.names().map(|name| format!("'{name}'")).collect();
        let names = names.join(", ");
        format!("SELECT name FROM pg_prepared_statements WHERE name IN ({names})")
    }

    /// Prepares every statement; those of `known` anew.
    pub(crate) fn prepare(&self, known: &HashSet<String>) -> String {
        let mut done = HashSet::new();
        let mut text = String::new();
        for part in self.parts.iter().filter(|part| done.insert(&part.name)) {
            if known.contains(&part.name) {
                let _ = writeln!(text, "DEALLOCATE {};", part.name);
            }
            let _ = writeln!(text, "PREPARE {} AS {}\n;", part.name, part.sql);
        }
        text
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| part.name.as_str())
    }
}

/// A text may end in a comment, which the end of its line ends.
fn join<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.collect::<Vec<_>>().join("\n;\n")
}

fn call(name: &str, values: &[Value]) -> Result<String, StoreError> {
    if values.is_empty() {
        return Ok(format!("EXECUTE {name}"));
    }
    let literals: Vec<String> = values.iter().map(literal).collect::<Result<_, _>>()?;
    Ok(format!("EXECUTE {name}({})", literals.join(", ")))
}

/// A value as PostgreSQL reads it; the parameter's type was fixed when the statement was prepared.
/// Between quotes only the quote itself means anything, because every connection has
/// `standard_conforming_strings` on and speaks UTF-8.
fn literal(value: &Value) -> Result<String, StoreError> {
    match value {
        Value::String(Some(text)) if !text.contains('\0') => {
            Ok(format!("'{}'", text.replace('\'', "''")))
        }
        Value::BigInt(Some(number)) => Ok(number.to_string()),
        // A limit.
        Value::BigUnsigned(Some(number)) => Ok(number.to_string()),
        other => Err(StoreError::Inconsistent {
            what: "value for a script".to_owned(),
            why: format!("no literal for {:?}", std::mem::discriminant(other)),
        }),
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::DbBackend;

    use super::*;

    fn script(sql: &str, values: impl IntoIterator<Item = Value>) -> Result<Script, StoreError> {
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        Script::new(vec![statement], " -- 7")
    }

    #[test]
    fn a_text_cannot_leave_its_quotes() {
        let hostile = r"\'); DROP TABLE member; --'";
        let script = script("SELECT $1", [hostile.into()]).expect("a script");
        let text = script.before("COMMIT");
        assert!(
            text.ends_with("('\\''); DROP TABLE member; --''')\n;\nCOMMIT"),
            "{text}"
        );
    }

    #[test]
    fn a_zero_byte_is_refused_before_it_can_cut_the_text() {
        assert!(script("SELECT $1", ["a\0b".into()]).is_err());
    }

    #[test]
    fn the_same_text_has_one_name_and_another_version_has_another() {
        let statement = || Statement::from_string(DbBackend::Postgres, "SELECT 1");
        let twice = Script::new(vec![statement(), statement()], " -- 7").expect("a script");
        assert_eq!(twice.prepare(&HashSet::new()).matches("PREPARE").count(), 1);
        let later = Script::new(vec![statement()], " -- 8").expect("a script");
        assert_ne!(twice.names().next(), later.names().next());
    }
}

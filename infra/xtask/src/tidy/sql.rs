//! SQL dialects have two homes, the tenant store and message search; elsewhere queries are typed.
//! A string literal that begins like a statement is SQL.

use super::is_test;
use super::rust_source::RustSource;
use crate::finding::Finding;

/// Where SQL may stand. The in-process S3 service keeps its own metadata and no product row.
const HOMES: &[&str] = &[
    "tenancy/store/",
    "tenancy/chat/src/search",
    "infra/platform/src/s3",
];
/// How a statement begins: its first word, and a word that must follow (anywhere after a `~`,
/// directly otherwise; empty for any).
const STATEMENTS: &[(&str, &[&str])] = &[
    ("SELECT", &[""]),
    ("PRAGMA", &[""]),
    ("INSERT", &["INTO", "OR"]),
    ("REPLACE", &["INTO"]),
    ("DELETE", &["FROM"]),
    ("UPDATE", &["~SET"]),
    ("WITH", &["~AS"]),
    ("CREATE", OBJECTS),
    ("ALTER", OBJECTS),
    ("DROP", OBJECTS),
    ("SET", &["LOCAL", "ROLE", "search_path"]),
    ("BEGIN", &["IMMEDIATE"]),
];
const OBJECTS: &[&str] = &[
    "TABLE", "INDEX", "UNIQUE", "SCHEMA", "ROLE", "DATABASE", "FUNCTION", "VIRTUAL", "TRIGGER",
];

pub(super) fn check(source: &RustSource<'_>) -> Vec<Finding> {
    let path = source.path;
    if is_test(path) || HOMES.iter().any(|home| path.starts_with(home)) {
        return Vec::new();
    }
    let found = source
        .literals()
        .into_iter()
        .filter(|(line, literal)| !source.is_test_line(*line) && is_statement(literal));
    let message = "SQL text; use a typed query, or put it in tenancy/store";
    found
        .map(|(line, _)| Finding::new(path, line, "sql", message))
        .collect()
}

fn is_statement(literal: &str) -> bool {
    let body = literal.trim_start_matches(['b', 'r', '#', '"', ' ', '\n', '\\']);
    let mut words = body.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let Some(first) = words.next() else {
        return false;
    };
    let rest: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let Some(next) = rest.first() else {
        return false;
    };
    let follows = |wanted: &&str| match wanted.strip_prefix('~') {
        Some(later) => rest.contains(&later),
        None => wanted.is_empty() || wanted == next,
    };
    STATEMENTS
        .iter()
        .any(|(begin, then)| *begin == first && then.iter().any(follows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_known_by_their_beginning() {
        for text in [
            "\"SELECT 1\"",
            "r#\"\n  SELECT id FROM t\"#",
            "\"UPDATE t SET a = 1\"",
            "\"CREATE UNIQUE INDEX i ON t (a)\"",
        ] {
            assert!(is_statement(text), "{text}");
        }
        for text in [
            "\"SELECT\"",
            "\"Select a member\"",
            "\"UPDATE failed\"",
            "\"WITH\"",
            "\"\"",
        ] {
            assert!(!is_statement(text), "{text}");
        }
    }

    #[test]
    fn sql_is_at_home_in_the_store_and_in_tests() {
        let text = "//! A.\nconst A: &str = \"DELETE FROM t\";\n";
        assert_eq!(
            check(&RustSource::parse("tenancy/chat/src/send.rs", text)).len(),
            1
        );
        assert!(check(&RustSource::parse("tenancy/store/src/a.rs", text)).is_empty());
        assert!(
            check(&RustSource::parse(
                "tenancy/chat/src/search/sqlite.rs",
                text
            ))
            .is_empty()
        );
        let test = format!("#[cfg(test)]\nmod tests {{\n{text}}}\n");
        assert!(check(&RustSource::parse("billing/src/plan.rs", &test)).is_empty());
    }
}

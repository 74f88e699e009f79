//! The tables as they are: kept as text that a reviewer reads, and counted against the budget.

use std::{collections::BTreeSet, fs, path::PathBuf};

use crate::{
    migration::{Dialect, Migration, batch, control_migrations, tenant_migrations},
    statement::sql,
    testing::{Column, World},
};
use sea_orm::ConnectionTrait as _;

crate::test_both_backends!(a_tenants_tables_are_those_listed_and_within_the_budget);

/// TENANCY.md: for the whole product.
const TABLES_MAX: usize = 24;
const INDEXES_MAX: usize = 30;

#[test]
fn the_printed_schemas_are_current() {
    for (name, migrations) in [
        ("control", control_migrations()),
        ("tenant", tenant_migrations()),
    ] {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("schema/{name}.sql"));
        let printed = print(migrations);
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            fs::write(&path, &printed).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == printed,
            "{name}.sql is old: run with UPDATE_SNAPSHOTS=1"
        );
    }
}

fn print(migrations: &[Migration]) -> String {
    let mut text =
        "-- Generated out of src/migration; run the test with UPDATE_SNAPSHOTS=1.\n".to_owned();
    for (title, dialect) in [
        ("PostgreSQL", Dialect::Postgres),
        ("SQLite", Dialect::Sqlite),
    ] {
        let all = batch(migrations, 0, dialect).unwrap();
        text.push_str(&format!("\n-- {title}\n"));
        for statement in all.lines() {
            text.push_str(&in_lines(statement));
            text.push('\n');
        }
    }
    text
}

/// A table with one column a line.
fn in_lines(statement: &str) -> String {
    if !statement.starts_with("CREATE TABLE") {
        return statement.to_owned();
    }
    let (columns, key) = match statement.find(", PRIMARY KEY (") {
        Some(at) => statement.split_at(at),
        None => (statement, ""),
    };
    let columns = columns
        .replace(", \"", ",\n    \"")
        .replacen("( \"", "(\n    \"", 1);
    let key = key.replacen(", PRIMARY KEY", ",\n    PRIMARY KEY", 1);
    format!("{columns}{key}").replace(" );", "\n);")
}

async fn a_tenants_tables_are_those_listed_and_within_the_budget(world: World) {
    let store = world.tenant().await;
    let tx = store.read().await.unwrap();
    let (tables, indexes) = match world.column {
        Column::Embedded => (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            "SELECT i.name AS name FROM sqlite_master t, pragma_index_list(t.name) i \
             WHERE t.type = 'table' AND i.origin <> 'pk'",
        ),
        Column::Scaled => (
            "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()",
            "SELECT c.relname::text AS name FROM pg_index i \
             JOIN pg_class c ON c.oid = i.indexrelid \
             WHERE c.relnamespace = current_schema()::regnamespace AND NOT i.indisprimary",
        ),
    };
    let mut names = Vec::new();
    for select in [tables, indexes] {
        let rows = tx.query_all_raw(sql(&tx, select, [])).await.unwrap();
        let found: BTreeSet<String> = rows
            .iter()
            .map(|row| row.try_get("", "name").unwrap())
            .collect();
        names.push(found);
    }
    let listed: BTreeSet<String> = tenant_migrations()
        .iter()
        .flat_map(|migration| migration.tables)
        .map(|table| (*table).to_owned())
        .chain(["schema_version".to_owned()])
        .collect();
    assert_eq!(names[0], listed);
    assert!(
        names[0].len() <= TABLES_MAX,
        "{} tables a tenant",
        names[0].len()
    );
    assert!(
        names[1].len() <= INDEXES_MAX,
        "{} indexes a tenant",
        names[1].len()
    );
}

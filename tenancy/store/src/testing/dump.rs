//! Every row of a tenant as text, to see what a request touched. Only tests are built with this
//! module.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait as _, DbBackend, QueryResult};

use crate::{StoreError, TenantStore, TenantTx, statement::sql};

/// Rows of each table, sorted.
pub type Dump = BTreeMap<String, Vec<String>>;

/// Every row of a tenant, on one snapshot; columns named in `without` (`table.column`) are left
/// out, because they move with every request.
///
/// # Errors
/// The tenant is closed, or the database is away.
pub async fn dump(store: &TenantStore, without: &[&str]) -> Result<Dump, StoreError> {
    let tx = store.read().await?;
    let mut dump = Dump::new();
    for table in tables(&tx).await? {
        let columns = columns(&tx, &table).await?;
        let wanted = |column: &&String| !without.contains(&format!("{table}.{column}").as_str());
        let row: Vec<_> = columns
            .iter()
            .filter(wanted)
            .map(|c| text(&tx, c))
            .collect();
        let all = format!(
            "SELECT {} AS r FROM \"{table}\" ORDER BY 1",
            row.join(" || '|' || ")
        );
        dump.insert(
            table,
            texts(tx.query_all_raw(sql(&tx, all, [])).await?, "r")?,
        );
    }
    Ok(dump)
}

fn text(tx: &TenantTx, column: &str) -> String {
    match tx.get_database_backend() {
        DbBackend::Sqlite => format!("quote(\"{column}\")"),
        _ => format!("coalesce(\"{column}\"::text, 'NULL')"),
    }
}

async fn tables(tx: &TenantTx) -> Result<Vec<String>, StoreError> {
    let all = match tx.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        }
        _ => "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()",
    };
    texts(tx.query_all_raw(sql(tx, all, [])).await?, "name")
}

async fn columns(tx: &TenantTx, table: &str) -> Result<Vec<String>, StoreError> {
    let all = match tx.get_database_backend() {
        DbBackend::Sqlite => "SELECT name FROM pragma_table_info($1) ORDER BY cid",
        _ => {
            "SELECT attname::text AS name FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped \
             AND attrelid = to_regclass(quote_ident(current_schema()) || '.' || quote_ident($1)) \
             ORDER BY attnum"
        }
    };
    texts(
        tx.query_all_raw(sql(tx, all, [table.into()])).await?,
        "name",
    )
}

fn texts(rows: Vec<QueryResult>, column: &str) -> Result<Vec<String>, StoreError> {
    let text = |row: QueryResult| row.try_get("", column);
    Ok(rows.into_iter().map(text).collect::<Result<_, _>>()?)
}

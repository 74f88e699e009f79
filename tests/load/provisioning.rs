//! Processor time of a new tenant: its rows, its schema or file, its first administrator. Floor: an
//! empty schema or file.

use std::path::Path;

use hansa_tests::Column;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::{
    deployment::{Ground, name_of, provision},
    figure::{Figure, number},
    insert::open_file,
    machine::Meter,
};

/// Tenants that are measured, after a few that warm up.
const TENANTS: usize = 40;
const WARM_UP: usize = 3;
/// Empty schemas or files: many, because each costs less than the clock's tick.
const EMPTY: usize = 300;

/// Prints the figure of a column.
pub(crate) async fn measure(column: Column) {
    let ground = Ground::new(column).await;
    let gateway = ground.join().await;
    let meter = Meter::new(ground.superuser_url()).await;
    for n in 0..WARM_UP {
        provision(&gateway, n).await;
    }
    let before = meter.read();
    for n in WARM_UP..WARM_UP + TENANTS {
        provision(&gateway, n).await;
    }
    let cost = meter.since(before);
    let before = meter.read();
    match &ground.database {
        Some(database) => empty_schemas(&database.url).await,
        None => empty_files(ground.data.path()).await,
    }
    let floor = meter.since(before).total_ms() / EMPTY as f64;
    let each = |ms: f64| ms / TENANTS as f64;
    Figure {
        name: format!("provisioning.{}", name_of(column)),
        value: each(cost.total_ms()),
        unit: "cpu-ms",
        floor,
        beside: vec![
            ("process_ms", number(each(cost.process_ms))),
            ("database_ms", number(each(cost.database_ms))),
        ],
    }
    .print();
}

async fn empty_schemas(url: &str) {
    let mut connection = PgConnection::connect(url).await.expect("PostgreSQL");
    for n in 0..EMPTY {
        let text = AssertSqlSafe(format!("CREATE SCHEMA empty_{n}"));
        let made = sqlx::raw_sql(text).execute(&mut connection).await;
        made.expect("a schema");
    }
}

async fn empty_files(folder: &Path) {
    for n in 0..EMPTY {
        let file = open_file(&folder.join(format!("empty-{n}.sqlite"))).await;
        file.close().await.expect("a file");
    }
}

//! Which tenants have work: the table `due` of each shard (of the control file in the embedded
//! column). Rows are only added, by the transaction that leaves work; here they are claimed with a
//! lease, and removed when the tenant was visited. So no loop ever asks a tenant that has no work
//! (DESIGN.md 7).
//!
//! What always holds: for every job that waits there is a row here, due no later than it. A visit
//! that removes rows first writes one for the earliest job that is left.

use kernel::Instant;
use sea_orm::ConnectionTrait as _;
use tenancy_model::TenantId;

use crate::{
    ControlStore, ControlTx, StoreError,
    backend::postgres::PgTx,
    shard::{Shard, ShardBackend},
    statement::{skip_locked, sql},
    tx::Tx,
};

/// Rows of one claim: a tenant that left many is visited once for all of them.
const ROWS_MAX: i64 = 1_000;

/// One tenant's rows, leased by this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) tenant: TenantId,
    rows: Vec<i64>,
}

/// Leases the rows of at most `tenants` tenants that are due at `now`, the longest due first. Rows
/// of a process that went away are taken over when their lease has ended.
pub(crate) async fn claim(
    shard: &Shard,
    control: &ControlStore,
    now: Instant,
    leased_until: Instant,
    tenants: usize,
) -> Result<Vec<Claim>, StoreError> {
    let tx = begin(shard, control).await?;
    let (due, skip) = (table(shard), skip_locked(&tx));
    let ripe = "due_at <= $1 AND (leased_until IS NULL OR leased_until <= $1)";
    let text = format!(
        "WITH head AS (SELECT id, tenant FROM {due} WHERE {ripe} \
             ORDER BY due_at, id LIMIT $3 {skip}), \
         more AS (SELECT id FROM {due} WHERE {ripe} \
             AND tenant IN (SELECT tenant FROM head) LIMIT {ROWS_MAX} {skip}) \
         UPDATE {due} SET leased_until = $2 \
         WHERE id IN (SELECT id FROM head UNION SELECT id FROM more) RETURNING id, tenant"
    );
    let limit = i64::try_from(tenants).unwrap_or(ROWS_MAX);
    let claim = sql(&tx, text, [now.into(), leased_until.into(), limit.into()]);
    let rows = tx.query_all_raw(claim).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut claims: Vec<Claim> = Vec::new();
    for row in rows {
        let (id, tenant) = (row.try_get("", "id")?, row.try_get("", "tenant")?);
        match claims.iter_mut().find(|claim| claim.tenant == tenant) {
            Some(claim) => claim.rows.push(id),
            None => claims.push(Claim {
                tenant,
                rows: vec![id],
            }),
        }
    }
    tx.commit().await?;
    Ok(claims)
}

/// Removes the rows of a visit that is over; `next` is when the earliest job that is left is to be
/// looked at.
pub(crate) async fn settle(
    shard: &Shard,
    control: &ControlStore,
    claim: &Claim,
    next: Option<Instant>,
) -> Result<(), StoreError> {
    let tx = begin(shard, control).await?;
    let due = table(shard);
    if let Some(next) = next {
        // A row that nobody has claimed yet will do; a claimed one is about to be removed.
        let text = format!(
            "INSERT INTO {due} (tenant, due_at) SELECT tenant, due_at FROM \
             (SELECT {} AS tenant, {} AS due_at) n WHERE NOT EXISTS (SELECT 1 FROM {due} d \
             WHERE d.tenant = n.tenant AND d.due_at <= n.due_at AND d.leased_until IS NULL)",
            cast(shard, "$1", "uuid"),
            cast(shard, "$2", "timestamptz"),
        );
        let insert = sql(&tx, text, [claim.tenant.into(), next.into()]);
        tx.execute_raw(insert).await?;
    }
    let ids: Vec<_> = claim.rows.iter().map(i64::to_string).collect();
    let text = format!("DELETE FROM {due} WHERE id IN ({})", ids.join(", "));
    tx.execute_raw(sql(&tx, text, [])).await?;
    tx.commit().await
}

/// Leaves the rows of a tenant that cannot be visited now until `at`.
pub(crate) async fn postpone(
    shard: &Shard,
    control: &ControlStore,
    claim: &Claim,
    at: Instant,
) -> Result<(), StoreError> {
    let tx = begin(shard, control).await?;
    let ids: Vec<_> = claim.rows.iter().map(i64::to_string).collect();
    let text = format!(
        "UPDATE {} SET leased_until = $1 WHERE id IN ({})",
        table(shard),
        ids.join(", ")
    );
    let postpone = sql(&tx, text, [at.into()]);
    tx.execute_raw(postpone).await?;
    tx.commit().await
}

/// Lets a tenant that could not be visited be visited at once: it was resumed.
pub(crate) async fn release(
    shard: &Shard,
    control: &ControlStore,
    tenant: TenantId,
) -> Result<(), StoreError> {
    let tx = begin(shard, control).await?;
    let text = format!(
        "UPDATE {} SET leased_until = NULL WHERE tenant = $1",
        table(shard)
    );
    let release = sql(&tx, text, [tenant.into()]);
    tx.execute_raw(release).await?;
    tx.commit().await?;
    control.hint.notify_one();
    Ok(())
}

/// Removes every row of a tenant that is gone from the embedded column.
pub(crate) async fn forget(tx: &ControlTx, tenant: TenantId) -> Result<(), StoreError> {
    let text = "DELETE FROM due WHERE tenant = $1";
    tx.execute_raw(sql(tx, text, [tenant.into()])).await?;
    Ok(())
}

/// Writes a row of the embedded column.
pub(crate) async fn insert(
    tx: &ControlTx,
    tenant: TenantId,
    at: Instant,
) -> Result<(), StoreError> {
    let text = "INSERT INTO due (tenant, due_at) VALUES ($1, $2)";
    tx.execute_raw(sql(tx, text, [tenant.into(), at.into()]))
        .await?;
    Ok(())
}

async fn begin(shard: &Shard, control: &ControlStore) -> Result<Tx, StoreError> {
    match &shard.backend {
        ShardBackend::Postgres(pool) => Ok(PgTx::begin(pool, "BEGIN").await?.into()),
        ShardBackend::Files { .. } => Ok(control.begin().await?.into_tx()),
    }
}

fn table(shard: &Shard) -> &'static str {
    match shard.backend {
        ShardBackend::Postgres(_) => "shard.due",
        ShardBackend::Files { .. } => "due",
    }
}

fn cast(shard: &Shard, value: &str, kind: &str) -> String {
    match shard.backend {
        ShardBackend::Postgres(_) => format!("{value}::{kind}"),
        ShardBackend::Files { .. } => value.to_owned(),
    }
}

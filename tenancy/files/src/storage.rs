//! What a tenant's files take: one number, which is shown and which refuses. An upload reserves its
//! size when it starts; the check settles it with what is really stored.

use sea_orm::{
    ColumnTrait,
    sea_query::{Expr, ExprTrait as _},
};
use tenancy_access::{DomainError, Services, TenantContext};
use tenancy_model::{Permission, RecordId};
use tenancy_store::{
    StoreError, TenantTx,
    counters::{self, Counter},
};

/// How much of its storage a tenant uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Bytes stored, and reserved by uploads.
    pub used_bytes: u64,
    /// Bytes that it may use.
    pub limit_bytes: u64,
    /// Stored objects.
    pub file_count: u64,
}

/// How much of its storage the tenant uses: the very number that refuses.
///
/// # Errors
/// [`DomainError::FORBIDDEN`] without `CompanyView`.
pub async fn usage(ctx: &TenantContext) -> Result<Usage, DomainError> {
    ctx.require(Permission::CompanyView)?;
    let tx = ctx.store.read().await?;
    let used = counters::read(&tx, Counter::StorageBytes).await?;
    let files = counters::read(&tx, Counter::Files).await?;
    Ok(Usage {
        used_bytes: u64::try_from(used).unwrap_or(0),
        limit_bytes: ctx.entitlements.storage_bytes,
        file_count: u64::try_from(files).unwrap_or(0),
    })
}

/// Changes the number of bytes, and answers the new one. Whoever else changes it waits.
pub(crate) async fn add_bytes(
    tx: &TenantTx,
    services: &Services,
    bytes: i64,
) -> Result<i64, StoreError> {
    add(tx, services, Counter::StorageBytes, bytes).await
}

/// Changes the number of objects.
pub(crate) async fn add_files(
    tx: &TenantTx,
    services: &Services,
    files: i64,
) -> Result<(), StoreError> {
    add(tx, services, Counter::Files, files).await.map(drop)
}

async fn add(
    tx: &TenantTx,
    services: &Services,
    counter: Counter,
    n: i64,
) -> Result<i64, StoreError> {
    let id = RecordId::new(&*services.clock, &*services.rng);
    counters::add(tx, id, counter, n, services.clock.now()).await
}

/// The sum of a column of bytes; PostgreSQL's own is no `bigint`.
pub(crate) fn sum_of(column: impl ColumnTrait) -> Expr {
    column.sum().cast_as("bigint")
}

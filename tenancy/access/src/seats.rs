//! Seats: existing is free, an authorised member holds one (DESIGN.md 9). The count and the new
//! holder are in one transaction, one such transaction at a time, so that the last seat is given
//! once.

use kernel::Instant;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use sea_orm::{ActiveValue::Set, PaginatorTrait as _};
use tenancy_model::{EntitlementsSnapshot, ErrorCode, MemberId, Problem};
use tenancy_store::{StoreError, TenantTx};

use crate::{DomainError, Services, entity::credential, lock::lock_row};

/// How many seats are taken.
///
/// # Errors
/// The database refused.
pub async fn seats_used(tx: &TenantTx) -> Result<u64, StoreError> {
    Ok(credential::Entity::find()
        .filter(credential::Column::AuthorizedAt.is_not_null())
        .count(tx)
        .await?)
}

/// Gives a seat to a member who has none: at the first sign-in, or by hand (LIC-09).
///
/// # Errors
/// `SEATS_EXHAUSTED` with how many are used, of how many (LIC-12).
pub async fn take_seat(
    tx: &TenantTx,
    services: &Services,
    entitlements: &EntitlementsSnapshot,
    member: MemberId,
) -> Result<(), DomainError> {
    lock_row(tx, services, "seats").await?;
    let (used, limit) = (seats_used(tx).await?, u64::from(entitlements.seats));
    if used >= limit {
        let problem = Problem::new(ErrorCode::SeatsExhausted);
        return Err(problem.limit(limit).used(used).into());
    }
    set(tx, member, Some(services.clock.now())).await?;
    Ok(())
}

/// Frees the seat of a member who may not come in any more (DIR-28, DIR-30, DIR-32).
///
/// # Errors
/// The database refused.
pub async fn free_seat(tx: &TenantTx, member: MemberId) -> Result<(), StoreError> {
    set(tx, member, None).await
}

async fn set(tx: &TenantTx, member: MemberId, at: Option<Instant>) -> Result<(), StoreError> {
    let row = credential::ActiveModel {
        id: Set(member),
        authorized_at: Set(at),
        ..Default::default()
    };
    row.update(tx).await?;
    Ok(())
}

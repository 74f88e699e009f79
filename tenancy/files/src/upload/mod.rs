//! Bytes on their way in: an upload is started, receives its parts (or all at once), is completed
//! and checked. Starting twice with one nonce is one upload, so that a client that lost the answer,
//! or the connection, goes on where it stopped.

mod complete;
mod parts;
mod small;
mod start;

use kernel::Instant;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use tenancy_access::{DomainError, TenantContext};
use tenancy_model::{ErrorCode, EventBody, FileId, FilePurpose, Problem, UploadId, UploadState};
use tenancy_store::TenantTx;

use crate::entity::upload;

pub(crate) use complete::received;
pub use parts::UploadPart;
pub use start::UploadStartInput;

/// An upload, as its member sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// The name that the file will have.
    pub name: String,
    /// As announced.
    pub size_bytes: u64,
    /// What the file is for.
    pub purpose: FilePurpose,
    /// Bytes of every part but the last.
    pub part_size_bytes: u64,
    /// Parts, from 1.
    pub part_count: u32,
    /// Those that have arrived; empty once it is complete.
    pub received_parts: Vec<u32>,
    /// Where it stands.
    pub state: UploadState,
    /// Why it was refused.
    pub refusal: Option<ErrorCode>,
    /// The file that it became.
    pub file: Option<FileId>,
    /// When it is given up unless it is complete.
    pub expires_at: Instant,
}

impl Upload {
    /// The row with the parts that have arrived.
    pub(crate) fn new(row: &upload::Model, received_parts: Vec<u32>) -> Self {
        let refusal = row.refusal.as_deref();
        Self {
            id: row.id,
            name: row.name.clone(),
            size_bytes: bytes(row.size_bytes),
            purpose: row.purpose,
            part_size_bytes: bytes(row.part_bytes),
            part_count: part_count(row),
            received_parts,
            state: row.state,
            refusal: refusal.and_then(|text| ErrorCode::all().find(|code| code.code() == text)),
            file: (row.state == UploadState::Ready).then(|| FileId::from(row.id.uuid())),
            expires_at: row.expires_at,
        }
    }
}

pub(crate) fn bytes(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}

/// Parts of an upload, from 1.
pub(crate) fn part_count(row: &upload::Model) -> u32 {
    let count = bytes(row.size_bytes).div_ceil(bytes(row.part_bytes).max(1));
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The size that part `number` has to have.
pub(crate) fn part_size(row: &upload::Model, number: u32) -> u64 {
    let (size, part) = (bytes(row.size_bytes), bytes(row.part_bytes));
    let before = part.saturating_mul(u64::from(number.saturating_sub(1)));
    size.saturating_sub(before).min(part)
}

/// The acting member's own upload.
///
/// # Errors
/// `NOT_FOUND`.
pub(crate) async fn own(
    tx: &TenantTx,
    ctx: &TenantContext,
    id: UploadId,
) -> Result<upload::Model, DomainError> {
    let member = ctx.require_member()?;
    let found = upload::Entity::find_by_id(id).one(tx).await?;
    found
        .filter(|row| row.member_id == member)
        .ok_or(DomainError::NOT_FOUND)
}

/// Moves an upload on from `from`; false when it stands elsewhere by now.
pub(crate) async fn advance(
    tx: &TenantTx,
    row: &upload::Model,
    (from, to): (UploadState, UploadState),
    refusal: Option<ErrorCode>,
    now: Instant,
) -> Result<bool, DomainError> {
    let moved = upload::Entity::update_many()
        .col_expr(upload::Column::State, Expr::value(to))
        .col_expr(
            upload::Column::Refusal,
            Expr::value(refusal.map(ErrorCode::code)),
        )
        .col_expr(upload::Column::ChangedAt, Expr::value(now))
        .filter(upload::Column::Id.eq(row.id))
        .filter(upload::Column::State.eq(from))
        // Another attempt may have begun with a key of its own.
        .filter(upload::Column::ObjectKey.eq(row.object_key.as_str()))
        .exec(tx)
        .await?;
    Ok(moved.rows_affected > 0)
}

/// What the member's own devices are told.
pub(crate) fn event(row: &upload::Model, state: UploadState) -> EventBody {
    EventBody::Upload {
        upload: row.id,
        member: row.member_id,
        state,
    }
}

/// It was cancelled, or its time is over.
pub(crate) fn ended() -> DomainError {
    Problem::new(ErrorCode::UploadEnded).into()
}

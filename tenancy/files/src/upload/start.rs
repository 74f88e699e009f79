//! Starting an upload: every limit is checked here, and the size is reserved in the transaction
//! that makes the row, so that what was let in also fits.

use chrono::TimeDelta;
use kernel::Instant;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, sea_query::Expr,
};
use tenancy_access::{DomainError, TenantContext, required_line};
use tenancy_model::{
    ErrorCode, FilePurpose, MemberId, Problem, UploadId, UploadState,
    limits::{FILE_NAME_CHARS_MAX, NONCE_CHARS_MAX, NONCE_CHARS_MIN},
};
use tenancy_store::TenantTx;

use super::{Upload, bytes, own};
use crate::{
    Files, entity::upload, files::away, keys, policy::policy_in, reconcile, storage::add_bytes,
    tidy,
};

/// Bytes of a part; more where a file would have too many of them.
const PART_BYTES: u64 = 8 * 1024 * 1024;
/// Parts of one object (S3's own limit).
const PARTS_MAX: u64 = 10_000;
/// Larger parts are a multiple of this.
const PART_STEP: u64 = 1024 * 1024;
const MIB: u64 = 1024 * 1024;
/// Over which a member's uploads are added up.
const RATE_WINDOW: TimeDelta = TimeDelta::hours(1);

/// What is going to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadStartInput {
    /// The client's own id of it: starting twice is one upload.
    pub nonce: String,
    /// The name that the file will have; one line.
    pub name: String,
    /// How many bytes will come.
    pub size_bytes: u64,
    /// What the file is for.
    pub purpose: FilePurpose,
    /// Whether it goes to another company: a limit of its own (FIL-04).
    pub to_partner: bool,
}

/// The row of an upload that was started.
pub(super) struct Begun {
    pub(super) row: upload::Model,
    /// Whether this call made it.
    pub(super) is_new: bool,
}

impl Files {
    /// Starts an upload in parts, or finds the one that was started with this nonce.
    ///
    /// # Errors
    /// In this order: the name's or nonce's rule, `FILE_EMPTY`, `FILE_TOO_LARGE`,
    /// `LARGE_FILES_OFF`, `UPLOAD_RATE`, `STORAGE_FULL`, each with limit and usage; `NONCE_REUSED`;
    /// `UNAVAILABLE` while the object store is away (nothing is lost: start again).
    pub async fn start_upload(
        &self,
        ctx: &TenantContext,
        input: &UploadStartInput,
    ) -> Result<Upload, DomainError> {
        let begun = self.begin(ctx, input).await?;
        let row = self.ensure_begun(ctx, begun.row).await?;
        self.view(&row).await
    }

    /// The row of this upload, new or as it was made, with its bytes reserved.
    pub(super) async fn begin(
        &self,
        ctx: &TenantContext,
        input: &UploadStartInput,
    ) -> Result<Begun, DomainError> {
        let member = ctx.require_member()?;
        let (name, nonce) = (name(input)?, nonce(input)?);
        if input.size_bytes == 0 {
            return Err(Problem::field(ErrorCode::FileEmpty, "sizeBytes").into());
        }
        let tx = ctx.store.begin().await?;
        let policy = policy_in(&tx).await?;
        policy.check_size(input.size_bytes, input.to_partner)?;
        let size = i64::try_from(input.size_bytes).unwrap_or(i64::MAX);
        // From here on one start of this tenant at a time.
        let used = add_bytes(&tx, &ctx.services, size).await?;
        if let Some(row) = earlier(&tx, member, nonce).await? {
            // Nothing is committed: the bytes were reserved by the first start.
            let row = same(row, &name, input)?;
            return Ok(Begun { row, is_new: false });
        }
        let now = ctx.now();
        self.check_rate(&tx, member, input.size_bytes, now).await?;
        check_storage(ctx, used, size)?;
        let id = UploadId::new(ctx.clock(), ctx.rng());
        let row = upload::Model {
            id,
            member_id: member,
            nonce: nonce.to_owned(),
            purpose: input.purpose,
            name,
            size_bytes: size,
            object_key: keys::new(ctx.tenant_id(), id.uuid(), ctx.rng()),
            s3_upload_id: None,
            part_bytes: i64::try_from(part_bytes(input.size_bytes)).unwrap_or(i64::MAX),
            state: UploadState::Receiving,
            refusal: None,
            created_at: now,
            expires_at: now + TimeDelta::hours(self.config.unfinished_hours.into()),
            changed_at: now,
        };
        upload::Entity::insert(row.clone().into_active_model())
            .exec_without_returning(&tx)
            .await?;
        tidy::ensure(&tx, &ctx.services, row.expires_at).await?;
        reconcile::ensure(&tx, &ctx.services, ctx.tenant_id()).await?;
        tx.commit().await?;
        Ok(Begun { row, is_new: true })
    }

    /// What a member starts within an hour is bounded (FIL-02 says how large one may be).
    async fn check_rate(
        &self,
        tx: &TenantTx,
        member: MemberId,
        size_bytes: u64,
        now: Instant,
    ) -> Result<(), DomainError> {
        let limit = self.config.upload_mib_an_hour_max.saturating_mul(MIB);
        let since = now - RATE_WINDOW;
        let recent = upload::Entity::find()
            .filter(upload::Column::MemberId.eq(member))
            .filter(upload::Column::CreatedAt.gt(since));
        let sum: Option<i64> = recent
            .clone()
            .select_only()
            .column_as(crate::storage::sum_of(upload::Column::SizeBytes), "sum")
            .into_tuple()
            .one(tx)
            .await?
            .flatten();
        let used = bytes(sum.unwrap_or(0));
        if used.saturating_add(size_bytes) <= limit {
            return Ok(());
        }
        let oldest = recent
            .order_by_asc(upload::Column::CreatedAt)
            .one(tx)
            .await?;
        let waits = oldest.map_or(RATE_WINDOW, |row| row.created_at - since);
        let problem = Problem::new(ErrorCode::UploadRate).limit(limit).used(used);
        Err(problem
            .retry_after_s(bytes(waits.num_seconds()).max(1))
            .into())
    }

    /// Begins the upload in parts where the object store has none of this row. Two that begin at
    /// once end with one: the other's is ended.
    async fn ensure_begun(
        &self,
        ctx: &TenantContext,
        row: upload::Model,
    ) -> Result<upload::Model, DomainError> {
        if row.state != UploadState::Receiving || row.s3_upload_id.is_some() {
            return Ok(row);
        }
        let begun = self
            .blobs
            .begin_upload(&row.object_key, "application/octet-stream");
        let begun = begun.await.map_err(away)?;
        let tx = ctx.store.begin().await?;
        let noted = upload::Entity::update_many()
            .col_expr(upload::Column::S3UploadId, Expr::value(begun.as_str()))
            .filter(upload::Column::Id.eq(row.id))
            .filter(upload::Column::S3UploadId.is_null())
            .filter(upload::Column::State.eq(UploadState::Receiving))
            .filter(upload::Column::ObjectKey.eq(row.object_key.as_str()))
            .exec(&tx)
            .await?;
        tx.commit().await?;
        if noted.rows_affected == 0 {
            if let Err(error) = self.blobs.abort_upload(&row.object_key, &begun).await {
                tracing::warn!(%error, "an upload in parts stays until the nightly look");
            }
            return own(&ctx.store.read().await?, ctx, row.id).await;
        }
        Ok(upload::Model {
            s3_upload_id: Some(begun),
            ..row
        })
    }

    /// Gives this row a key of its own for one attempt to put it whole.
    pub(super) async fn rekey(
        &self,
        ctx: &TenantContext,
        row: upload::Model,
    ) -> Result<upload::Model, DomainError> {
        let key = keys::new(ctx.tenant_id(), row.id.uuid(), ctx.rng());
        let tx = ctx.store.begin().await?;
        let mut change = row.clone().into_active_model();
        change.object_key = sea_orm::ActiveValue::Set(key);
        change.s3_upload_id = sea_orm::ActiveValue::Set(None);
        let found = own(&tx, ctx, row.id).await?;
        if found.state != UploadState::Receiving {
            return Ok(found);
        }
        let row = change.update(&tx).await?;
        crate::remove::enqueue(&tx, &ctx.services, &crate::remove::Doomed::upload(&found)).await?;
        tx.commit().await?;
        Ok(row)
    }
}

fn name(input: &UploadStartInput) -> Result<String, Problem> {
    required_line("name", &input.name, FILE_NAME_CHARS_MAX)
}

fn nonce(input: &UploadStartInput) -> Result<&str, Problem> {
    let plain = |c: char| c.is_ascii_graphic();
    let chars = input.nonce.chars().count();
    let fits = (NONCE_CHARS_MIN..=NONCE_CHARS_MAX).contains(&chars);
    if fits && input.nonce.chars().all(plain) {
        Ok(&input.nonce)
    } else {
        Err(Problem::field(ErrorCode::InvalidInput, "nonce"))
    }
}

async fn earlier(
    tx: &TenantTx,
    member: MemberId,
    nonce: &str,
) -> Result<Option<upload::Model>, DomainError> {
    let row = upload::Entity::find()
        .filter(upload::Column::MemberId.eq(member))
        .filter(upload::Column::Nonce.eq(nonce))
        .one(tx)
        .await?;
    Ok(row)
}

fn same(
    row: upload::Model,
    name: &str,
    input: &UploadStartInput,
) -> Result<upload::Model, DomainError> {
    let told = (row.name.as_str(), bytes(row.size_bytes), row.purpose);
    if told == (name, input.size_bytes, input.purpose) {
        Ok(row)
    } else {
        Err(Problem::field(ErrorCode::NonceReused, "nonce").into())
    }
}

fn check_storage(ctx: &TenantContext, used: i64, size: i64) -> Result<(), Problem> {
    let limit = ctx.entitlements.storage_bytes;
    if bytes(used) <= limit {
        return Ok(());
    }
    let before = bytes(used.saturating_sub(size));
    Err(Problem::new(ErrorCode::StorageFull)
        .limit(limit)
        .used(before))
}

/// Parts of 8 MiB, or larger ones where a file would have more than 10,000.
fn part_bytes(size_bytes: u64) -> u64 {
    let wanted = size_bytes.div_ceil(PARTS_MAX);
    wanted
        .div_ceil(PART_STEP)
        .saturating_mul(PART_STEP)
        .max(PART_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_has_too_many_parts() {
        for size in [
            1,
            PART_BYTES,
            PART_BYTES * PARTS_MAX,
            PART_BYTES * PARTS_MAX + 1,
            5 << 40,
        ] {
            let part = part_bytes(size);
            assert!(size.div_ceil(part) <= PARTS_MAX, "{size}");
            assert!(part >= PART_BYTES);
        }
        assert_eq!(part_bytes(PART_BYTES * PARTS_MAX), PART_BYTES);
    }
}

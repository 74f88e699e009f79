//! What a company allows its members to send, and how long it is kept: one record.

use serde::{Deserialize, Serialize};
use tenancy_access::{
    DomainError, TenantContext,
    audit_log::{Deed, append},
    lock_row,
};
use tenancy_model::{
    ErrorCode, FileKind, Permission, Problem, RecordId,
    limits::{FILE_BYTES_MAX, SMALL_FILE_BYTES_MAX},
};
use tenancy_store::{
    StoreError, TenantTx,
    record::{self, RecordWrite},
};

use crate::{Files, tidy};

const KIND: &str = "file_policy";
const KEY: &str = "all";
const MIB: u64 = 1024 * 1024;
/// The longest time that files can be told to be kept; for ever is none at all.
const RETENTION_DAYS_MAX: u32 = 36_500;

/// The rules as set; the defaults are those of a tenant that never set any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FilePolicy {
    /// Bytes of one file (FIL-02).
    pub file_bytes_max: u64,
    /// Whether larger ones may be sent (FIL-03).
    pub large_files: bool,
    /// Bytes of one of those.
    pub large_file_bytes_max: u64,
    /// Bytes of one file that goes to a partner (FIL-04).
    pub partner_file_bytes_max: u64,
    /// Days for which files are kept (FIL-05).
    pub retention_days: RetentionDays,
    /// Files can be looked at and not be saved.
    pub preview_only: bool,
}

/// Days for which files of a kind are kept; none: for ever.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RetentionDays {
    /// Pictures.
    pub image: Option<u32>,
    /// Videos.
    pub video: Option<u32>,
    /// Everything else, folders included.
    pub file: Option<u32>,
}

impl Default for FilePolicy {
    fn default() -> Self {
        Self {
            file_bytes_max: 100 * MIB,
            large_files: false,
            large_file_bytes_max: 2048 * MIB,
            partner_file_bytes_max: 50 * MIB,
            retention_days: RetentionDays::default(),
            preview_only: false,
        }
    }
}

impl RetentionDays {
    /// For how many days files of this kind are kept.
    #[must_use]
    pub fn of(&self, kind: FileKind) -> Option<u32> {
        match kind {
            FileKind::Image => self.image,
            FileKind::Video => self.video,
            FileKind::Audio | FileKind::File | FileKind::Folder => self.file,
        }
    }

    /// Whether anything ends by itself.
    #[must_use]
    pub fn any(&self) -> bool {
        [self.image, self.video, self.file]
            .iter()
            .any(Option::is_some)
    }
}

impl FilePolicy {
    /// Refuses a file of this size; `to_partner`: as one that goes to another company (FIL-04).
    ///
    /// # Errors
    /// `FILE_TOO_LARGE`, `LARGE_FILES_OFF`, each with the limit.
    pub fn check_size(&self, size_bytes: u64, to_partner: bool) -> Result<(), Problem> {
        let refused = |code, limit: u64| {
            let problem = Problem::field(code, "sizeBytes");
            Err(problem.limit(limit).used(size_bytes))
        };
        if to_partner && size_bytes > self.partner_file_bytes_max {
            return refused(ErrorCode::FileTooLarge, self.partner_file_bytes_max);
        }
        if size_bytes <= self.file_bytes_max {
            return Ok(());
        }
        let most = self.large_file_bytes_max.max(self.file_bytes_max);
        match (self.large_files, size_bytes <= most) {
            (true, true) => Ok(()),
            (true, false) => refused(ErrorCode::FileTooLarge, most),
            (false, true) => refused(ErrorCode::LargeFilesOff, self.file_bytes_max),
            (false, false) => refused(ErrorCode::FileTooLarge, self.file_bytes_max),
        }
    }
}

/// What to change; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct FilePolicyUpdateInput {
    /// See [`FilePolicy::file_bytes_max`].
    pub file_bytes_max: Option<u64>,
    /// See [`FilePolicy::large_files`].
    pub large_files: Option<bool>,
    /// See [`FilePolicy::large_file_bytes_max`].
    pub large_file_bytes_max: Option<u64>,
    /// See [`FilePolicy::partner_file_bytes_max`].
    pub partner_file_bytes_max: Option<u64>,
    /// See [`FilePolicy::retention_days`]; all three at once.
    pub retention_days: Option<RetentionDays>,
    /// See [`FilePolicy::preview_only`].
    pub preview_only: Option<bool>,
}

/// The rules in force, inside a transaction.
///
/// # Errors
/// The database refused.
pub(crate) async fn policy_in(tx: &TenantTx) -> Result<FilePolicy, StoreError> {
    let record = record::get::<FilePolicy>(tx, KIND, KEY).await?;
    Ok(record.map(|record| record.body).unwrap_or_default())
}

/// The rules in force: for the console, and for clients, which tell before they upload.
///
/// # Errors
/// [`DomainError::FORBIDDEN`] to neither a member nor somebody with `CompanyView`.
pub async fn file_policy(ctx: &TenantContext) -> Result<FilePolicy, DomainError> {
    if ctx.require_member().is_err() {
        ctx.require(Permission::CompanyView)?;
    }
    Ok(policy_in(&ctx.store.read().await?).await?)
}

impl Files {
    /// Changes the rules; in force for whatever is uploaded or read next.
    ///
    /// # Errors
    /// [`DomainError::FORBIDDEN`] without `CompanyManage`; `INVALID_INPUT` with the limit.
    pub async fn update_policy(
        &self,
        ctx: &TenantContext,
        input: &FilePolicyUpdateInput,
    ) -> Result<FilePolicy, DomainError> {
        ctx.require(Permission::CompanyManage)?;
        check(input)?;
        let tx = ctx.store.begin().await?;
        lock_row(&tx, &ctx.services, KIND).await?;
        let old = policy_in(&tx).await?;
        let new = FilePolicy {
            file_bytes_max: input.file_bytes_max.unwrap_or(old.file_bytes_max),
            large_files: input.large_files.unwrap_or(old.large_files),
            large_file_bytes_max: input
                .large_file_bytes_max
                .unwrap_or(old.large_file_bytes_max),
            partner_file_bytes_max: input
                .partner_file_bytes_max
                .unwrap_or(old.partner_file_bytes_max),
            retention_days: input.retention_days.unwrap_or(old.retention_days),
            preview_only: input.preview_only.unwrap_or(old.preview_only),
        };
        let write = RecordWrite {
            id: RecordId::new(ctx.clock(), ctx.rng()),
            kind: KIND,
            key: KEY,
            body: &new,
            now: ctx.now(),
        };
        record::put(&tx, write).await?;
        append(&tx, ctx, &Deed::new("file_policy.update")).await?;
        if new.retention_days.any() && new.retention_days != old.retention_days {
            tidy::enqueue_now(&tx, &ctx.services).await?;
        }
        tx.commit().await?;
        Ok(new)
    }
}

fn check(input: &FilePolicyUpdateInput) -> Result<(), Problem> {
    let sizes = [
        ("fileBytesMax", input.file_bytes_max),
        ("largeFileBytesMax", input.large_file_bytes_max),
        ("partnerFileBytesMax", input.partner_file_bytes_max),
    ];
    for (field, size) in sizes {
        let Some(size) = size else { continue };
        if size == 0 || size > FILE_BYTES_MAX {
            return Err(Problem::field(ErrorCode::InvalidInput, field).limit(FILE_BYTES_MAX));
        }
    }
    let days = input.retention_days.unwrap_or_default();
    for days in [days.image, days.video, days.file].into_iter().flatten() {
        if days == 0 || days > RETENTION_DAYS_MAX {
            let problem = Problem::field(ErrorCode::InvalidInput, "retentionDays");
            return Err(problem.limit(RETENTION_DAYS_MAX.into()));
        }
    }
    Ok(())
}

/// Whether a file of this size can come in one request.
#[must_use]
pub fn is_small(size_bytes: u64) -> bool {
    size_bytes <= SMALL_FILE_BYTES_MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(policy: &FilePolicy, size: u64, to_partner: bool) -> Option<(ErrorCode, u64)> {
        let refused = policy.check_size(size, to_partner).err()?;
        assert_eq!(refused.used, Some(size));
        Some((refused.code, refused.limit.unwrap()))
    }

    // covers: FIL-01, FIL-02, FIL-03, FIL-04
    #[test]
    fn each_limit_refuses_by_its_own_name() {
        let mut policy = FilePolicy {
            file_bytes_max: 100,
            large_file_bytes_max: 1_000,
            partner_file_bytes_max: 50,
            ..FilePolicy::default()
        };
        assert_eq!(code(&policy, 100, false), None);
        assert_eq!(
            code(&policy, 101, false),
            Some((ErrorCode::LargeFilesOff, 100))
        );
        assert_eq!(
            code(&policy, 1_001, false),
            Some((ErrorCode::FileTooLarge, 100))
        );
        assert_eq!(code(&policy, 50, true), None);
        assert_eq!(code(&policy, 51, true), Some((ErrorCode::FileTooLarge, 50)));
        policy.large_files = true;
        assert_eq!(code(&policy, 1_000, false), None);
        assert_eq!(
            code(&policy, 1_001, false),
            Some((ErrorCode::FileTooLarge, 1_000))
        );
    }

    #[test]
    fn a_rule_has_bounds() {
        let told = |input: FilePolicyUpdateInput| check(&input).unwrap_err();
        let size = |bytes| FilePolicyUpdateInput {
            file_bytes_max: Some(bytes),
            ..Default::default()
        };
        assert_eq!(told(size(0)).field, Some("fileBytesMax"));
        assert_eq!(told(size(FILE_BYTES_MAX + 1)).limit, Some(FILE_BYTES_MAX));
        assert!(check(&size(FILE_BYTES_MAX)).is_ok());
        let days = FilePolicyUpdateInput {
            retention_days: Some(RetentionDays {
                image: Some(0),
                ..Default::default()
            }),
            ..Default::default()
        };
        assert_eq!(told(days).field, Some("retentionDays"));
    }
}

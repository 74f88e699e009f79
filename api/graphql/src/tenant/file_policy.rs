//! What a company lets its members send, how long it keeps it, and how much of its storage is used
//! (FIL-01 to FIL-05).

use async_graphql::{Context, InputObject, Object, SimpleObject};
use tenancy_files::{self as files, FilePolicyUpdateInput as Verb};

use crate::{
    Gateway,
    context::{language, tenant},
    error::{ProblemObject, domain, refused},
    int::{Int53, int},
};

/// The rules as set.
#[derive(SimpleObject)]
pub struct FilePolicy {
    /// Of one file.
    file_bytes_max: Int53,
    /// Whether larger ones may be sent, up to `largeFileBytesMax`.
    large_files: bool,
    large_file_bytes_max: Int53,
    /// Of one file that goes to a partner.
    partner_file_bytes_max: Int53,
    retention_days: RetentionDays,
    /// Files can be looked at and not be saved.
    preview_only: bool,
}

/// For how many days files are kept; null: for ever.
#[derive(SimpleObject)]
pub struct RetentionDays {
    image: Option<i32>,
    video: Option<i32>,
    /// Everything else, folders included.
    file: Option<i32>,
}

/// For how many days files are kept; what is absent is kept for ever.
#[derive(InputObject)]
pub struct RetentionDaysInput {
    image: Option<i32>,
    video: Option<i32>,
    file: Option<i32>,
}

/// What to change; what is absent stays.
#[derive(InputObject)]
pub struct FilePolicyUpdateInput {
    file_bytes_max: Option<Int53>,
    large_files: Option<bool>,
    large_file_bytes_max: Option<Int53>,
    partner_file_bytes_max: Option<Int53>,
    /// All three at once.
    retention_days: Option<RetentionDaysInput>,
    preview_only: Option<bool>,
}

/// The rules from now on.
#[derive(SimpleObject)]
pub struct FilePolicyUpdatePayload {
    problem: Option<ProblemObject>,
    policy: Option<FilePolicy>,
}

/// The company's storage: the very numbers that refuse.
#[derive(SimpleObject)]
pub struct StorageUsage {
    /// Stored, and reserved by uploads.
    used_bytes: Int53,
    limit_bytes: Int53,
    file_count: i32,
}

impl From<files::FilePolicy> for FilePolicy {
    fn from(policy: files::FilePolicy) -> Self {
        let days = policy.retention_days;
        Self {
            file_bytes_max: policy.file_bytes_max.into(),
            large_files: policy.large_files,
            large_file_bytes_max: policy.large_file_bytes_max.into(),
            partner_file_bytes_max: policy.partner_file_bytes_max.into(),
            retention_days: RetentionDays {
                image: days.image.map(int),
                video: days.video.map(int),
                file: days.file.map(int),
            },
            preview_only: policy.preview_only,
        }
    }
}

impl From<RetentionDaysInput> for files::RetentionDays {
    fn from(input: RetentionDaysInput) -> Self {
        // A negative number of days is refused like none at all.
        let days = |n: i32| u32::try_from(n).unwrap_or(0);
        Self {
            image: input.image.map(days),
            video: input.video.map(days),
            file: input.file.map(days),
        }
    }
}

#[derive(Default)]
pub(super) struct FilePolicyQuery;

#[Object]
impl FilePolicyQuery {
    /// The rules; members know them, too, so that a client can tell before it uploads.
    async fn file_policy(&self, ctx: &Context<'_>) -> async_graphql::Result<FilePolicy> {
        let policy = files::file_policy(tenant(ctx)?).await.map_err(domain)?;
        Ok(policy.into())
    }

    /// How much of its storage the company uses (COMPANY_VIEW).
    async fn storage_usage(&self, ctx: &Context<'_>) -> async_graphql::Result<StorageUsage> {
        let usage = files::usage(tenant(ctx)?).await.map_err(domain)?;
        Ok(StorageUsage {
            used_bytes: usage.used_bytes.into(),
            limit_bytes: usage.limit_bytes.into(),
            file_count: int(usage.file_count),
        })
    }
}

#[derive(Default)]
pub(super) struct FilePolicyMutation;

#[Object]
impl FilePolicyMutation {
    /// Changes the rules (COMPANY_MANAGE); in force for whatever is uploaded or read next.
    async fn file_policy_update(
        &self,
        ctx: &Context<'_>,
        input: FilePolicyUpdateInput,
    ) -> async_graphql::Result<FilePolicyUpdatePayload> {
        let verb = Verb {
            file_bytes_max: input.file_bytes_max.map(u64::from),
            large_files: input.large_files,
            large_file_bytes_max: input.large_file_bytes_max.map(u64::from),
            partner_file_bytes_max: input.partner_file_bytes_max.map(u64::from),
            retention_days: input.retention_days.map(Into::into),
            preview_only: input.preview_only,
        };
        let files = &ctx.data::<Gateway>()?.files;
        let updated = files.update_policy(tenant(ctx)?, &verb).await;
        Ok(match refused(updated, language(ctx))? {
            Ok(policy) => FilePolicyUpdatePayload {
                problem: None,
                policy: Some(policy.into()),
            },
            Err(problem) => FilePolicyUpdatePayload {
                problem: Some(problem),
                policy: None,
            },
        })
    }
}

//! The row of a tenant in the control database: what must be known before its store is opened.

use sea_orm::entity::prelude::*;
use tenancy_model::{Language, TenantId, TenantStatus};

/// One tenant.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tenant")]
pub struct Model {
    /// The internal id; schema, role and file are named after it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TenantId,
    /// The enterprise number (TEN-01), decimal digits.
    pub number: String,
    /// The name the tenant is reached by (TEN-02).
    pub host_name: String,
    /// 公司全称.
    pub full_name: String,
    /// 简称.
    pub short_name: Option<String>,
    /// 行业分类, a key out of the deployment's list.
    pub industry: String,
    /// 邮箱 of the registration.
    pub email: String,
    /// 注册手机号.
    pub mobile: Option<String>,
    /// Who signed up.
    pub contact_name: String,
    /// The language of the sign-up, for mails.
    pub language: Language,
    /// Where in its life it is.
    pub status: TenantStatus,
    /// Why it is suspended, closing or erased.
    pub status_reason: Option<String>,
    /// When the company was verified (TEN-06); `None`: not yet.
    pub verified_at: Option<DateTimeUtc>,
    /// Which shard holds its schema; `files` in the embedded column.
    pub shard: String,
    /// The version that its tables have.
    pub schema_version: i64,
    /// Why its last migration was set aside.
    pub migration_error: Option<String>,
    /// Version of the operator's terms that were accepted.
    pub terms_version: String,
    /// When they were.
    pub terms_accepted_at: DateTimeUtc,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// Moves with every change of this row; processes re-read what moved.
    pub changed_at: DateTimeUtc,
    /// Since when somebody is removing what there is of a tenant that is still being made: from
    /// then on it can never become active.
    pub removing_at: Option<DateTimeUtc>,
}

/// No relations: the control database is read by key.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

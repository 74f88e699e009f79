//! Bytes on their way in.

use sea_orm::entity::prelude::*;
use tenancy_model::{FilePurpose, MemberId, UploadId, UploadState};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "upload")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UploadId,
    pub member_id: MemberId,
    pub nonce: String,
    pub purpose: FilePurpose,
    pub name: String,
    pub size_bytes: i64,
    pub object_key: String,
    /// The object service's own id of an upload in parts.
    pub s3_upload_id: Option<String>,
    pub part_bytes: i64,
    pub state: UploadState,
    /// The code of a refusal.
    pub refusal: Option<String>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub changed_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

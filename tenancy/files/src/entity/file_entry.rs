//! One use of a stored object: what clients know.

use sea_orm::entity::prelude::*;
use tenancy_model::{
    ConversationId, FileId, FileKind, FilePurpose, FileRemoval, MemberId, MessageId, ObjectId,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FileId,
    /// None for a folder.
    pub file_id: Option<ObjectId>,
    pub owner_id: MemberId,
    pub purpose: FilePurpose,
    pub name: String,
    pub kind: FileKind,
    pub size_bytes: i64,
    pub folder_id: Option<FileId>,
    pub path: Option<String>,
    pub conversation_id: Option<ConversationId>,
    pub message_id: Option<MessageId>,
    pub seq: Option<i64>,
    pub created_at: DateTimeUtc,
    pub attached_at: Option<DateTimeUtc>,
    pub removed_at: Option<DateTimeUtc>,
    pub removed_why: Option<FileRemoval>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

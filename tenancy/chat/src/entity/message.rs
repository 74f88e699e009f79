//! One entry of a conversation's log.

use sea_orm::entity::prelude::*;
use tenancy_model::{ConversationId, EntryKind, MemberId, MessageId};

use crate::attachments::Attachments;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: ConversationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub id: MessageId,
    pub kind: EntryKind,
    pub author_id: Option<MemberId>,
    pub author_name: Option<String>,
    pub nonce: Option<String>,
    pub text: Option<String>,
    pub attachments: Option<Attachments>,
    pub count_to: i64,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! A conversation: its head, and how many of its entries count.

use sea_orm::entity::prelude::*;
use tenancy_model::{ConversationId, ConversationKind};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conversation")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConversationId,
    pub kind: ConversationKind,
    /// The two members of a direct conversation, in order.
    pub direct_key: Option<String>,
    pub title: Option<String>,
    pub head_seq: i64,
    pub count: i64,
    pub created_at: DateTimeUtc,
    pub changed_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

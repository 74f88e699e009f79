//! A session of a member, or of the founder (no member). The token is kept as its hash alone.

use sea_orm::entity::prelude::*;
use tenancy_model::{DeviceType, MemberId, SessionEndReason, SessionId, Surface};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    pub token_hash: Vec<u8>,
    pub member_id: Option<MemberId>,
    pub surface: Surface,
    pub device_type: DeviceType,
    pub device: String,
    pub ip: String,
    pub created_at: DateTimeUtc,
    pub last_seen_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    pub end_reason: Option<SessionEndReason>,
    pub ended_by: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::credential::Entity",
        from = "Column::MemberId",
        to = "super::credential::Column::Id"
    )]
    Member,
    #[sea_orm(
        belongs_to = "super::assignment::Entity",
        from = "Column::MemberId",
        to = "super::assignment::Column::MemberId"
    )]
    Assignment,
}

impl ActiveModelBehavior for ActiveModel {}

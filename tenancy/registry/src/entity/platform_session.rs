//! Sessions of platform accounts; the token itself is kept nowhere.

use sea_orm::entity::prelude::*;
use tenancy_model::{PlatformAccountId, PlatformSessionId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "platform_session")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PlatformSessionId,
    pub account_id: PlatformAccountId,
    #[sea_orm(unique)]
    pub token_hash: Vec<u8>,
    pub device: String,
    pub ip: String,
    pub created_at: DateTimeUtc,
    pub last_seen_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

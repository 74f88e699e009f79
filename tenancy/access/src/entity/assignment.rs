//! A role above `MEMBER` that a member holds; every member holds `MEMBER` without a row.

use sea_orm::entity::prelude::*;
use tenancy_model::{MemberId, Role};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub member_id: MemberId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub role: Role,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::credential::Entity",
        from = "Column::MemberId",
        to = "super::credential::Column::Id"
    )]
    Member,
}

impl ActiveModelBehavior for ActiveModel {}

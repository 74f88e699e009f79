//! Host names that were freed and may not be taken before a date.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "host_name_rest")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub host_name: String,
    pub free_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Accounts outside any tenant: operators.

use sea_orm::entity::prelude::*;
use tenancy_model::{Language, PlatformAccountId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "platform_account")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PlatformAccountId,
    /// What the account may do; `operator` is the only kind so far.
    pub kind: String,
    pub name: String,
    pub email: String,
    #[sea_orm(unique)]
    pub email_folded: String,
    pub password_hash: String,
    pub language: Option<Language>,
    pub failures: i32,
    pub locked_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! The columns of `member` that sign-in reads and writes; the others belong to the directory.

use sea_orm::entity::prelude::*;
use tenancy_model::{Language, MemberId, MemberState};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "member")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MemberId,
    pub account: String,
    pub name: String,
    pub email: Option<String>,
    pub state: MemberState,
    pub authorized_at: Option<DateTimeUtc>,
    pub language: Option<Language>,
    pub password_hash: Option<String>,
    pub password_changed_at: Option<DateTimeUtc>,
    pub must_change_password: bool,
    pub failures: i32,
    pub locked_at: Option<DateTimeUtc>,
    pub last_sign_in_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! A person of the tenant. The password and its hash are not here: they belong to the doors.

use sea_orm::entity::prelude::*;
use tenancy_model::{FileId, Language, MemberId, MemberState};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "member")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MemberId,
    pub account: String,
    pub name: String,
    pub nickname: Option<String>,
    pub email: Option<String>,
    pub mobile: Option<String>,
    pub signature: Option<String>,
    pub avatar_id: Option<FileId>,
    pub search: String,
    pub sort: String,
    pub state: MemberState,
    pub authorized_at: Option<DateTimeUtc>,
    pub language: Option<Language>,
    pub must_change_password: bool,
    pub failures: i32,
    pub locked_at: Option<DateTimeUtc>,
    pub last_sign_in_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(has_many = "super::placement::Entity")]
    Placement,
}

impl Related<super::placement::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Placement.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

//! Sign-ups: those that wait for their code, and, for as long as they count against the limits of
//! their source and mail domain, those that became a tenant.

use kernel::Instant;
use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};
use tenancy_model::{Language, SignupId, TenantId};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signup")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SignupId,
    #[sea_orm(column_type = "JsonBinary")]
    pub body: SignupBody,
    /// Folded.
    pub email: String,
    pub host_name: String,
    /// Address of the caller; IPv6 by its /64.
    pub source: String,
    pub code_hash: Vec<u8>,
    pub code_expires_at: DateTimeUtc,
    pub guesses: i32,
    pub sends: i32,
    pub sent_at: DateTimeUtc,
    pub tenant_id: Option<TenantId>,
    pub confirmed_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
}

/// The form, checked and cleaned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub(crate) struct SignupBody {
    pub full_name: String,
    pub email: String,
    pub contact_name: String,
    pub industry: String,
    /// Empty once the tenant exists.
    pub password_hash: String,
    pub language: Language,
    pub terms_version: String,
    pub terms_accepted_at: Instant,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! One event of one tenant.

use sea_orm::entity::prelude::*;
use tenancy_model::{LedgerId, TenantId};

use crate::{Issuer, LedgerBody};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LedgerId,
    pub tenant_id: TenantId,
    pub issuer: Issuer,
    pub issuer_order: i64,
    /// For people who read the table; the body says it too.
    pub kind: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub body: LedgerBody,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

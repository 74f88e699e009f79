//! A mail of no tenant, or any mail of the local mailbox.

use sea_orm::entity::prelude::*;
use tenancy_model::{MailId, TenantId};

use crate::MailState;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MailId,
    pub tenant_id: Option<TenantId>,
    pub recipient: String,
    pub kind: String,
    pub state: MailState,
    /// In the local mailbox alone: texts carry codes and one-time links.
    pub subject: Option<String>,
    pub body: Option<String>,
    pub error: Option<String>,
    pub created_at: DateTimeUtc,
    pub sent_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

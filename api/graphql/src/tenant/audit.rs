//! The log of administrators' actions.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use tenancy_access::audit_log::audit_log;

use crate::{
    context::tenant,
    error::domain,
    id::print,
    page::{self, connection},
};

/// One action.
#[derive(SimpleObject)]
pub struct AuditEntry {
    id: ID,
    at: DateTime<Utc>,
    /// Who, as they were called then.
    actor: String,
    /// What, as a key; clients have the words.
    action: String,
    /// To what or whom.
    object: Option<String>,
    ip: Option<String>,
    outcome: String,
}

connection!(AuditEntryConnection, AuditEntryEdge, AuditEntry);

impl From<tenancy_access::audit_log::AuditEntry> for AuditEntry {
    fn from(entry: tenancy_access::audit_log::AuditEntry) -> Self {
        Self {
            id: print(entry.id),
            at: entry.at,
            actor: entry.actor,
            action: entry.action,
            object: entry.object,
            ip: entry.ip,
            outcome: entry.outcome,
        }
    }
}

#[derive(Default)]
pub(super) struct AuditQuery;

#[Object]
impl AuditQuery {
    /// Administrators' actions, newest first (COMPANY_VIEW).
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
    ) -> async_graphql::Result<AuditEntryConnection> {
        let caller = tenant(ctx)?;
        let request = page::request(first, after.clone())?;
        let found = audit_log(caller, &request).await.map_err(domain)?;
        Ok(AuditEntryConnection::new(
            found,
            after.as_ref(),
            AuditEntry::from,
        ))
    }
}

//! Mails of no tenant, and the local mailbox.

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use tenancy_model::MailId;
use tenancy_registry::{PlatformContext, platform_mail, platform_mails};

use super::tenant::{self, Tenant};
use crate::{
    context::platform,
    enums::MailState,
    error::domain,
    id::{parse, print},
    page::{self, connection},
};

/// A mail of no tenant, or any mail of the local mailbox.
pub struct PlatformMail(tenancy_notify::PlatformMail);

connection!(PlatformMailConnection, PlatformMailEdge, PlatformMail);

#[Object]
impl PlatformMail {
    pub async fn id(&self) -> ID {
        print(self.0.id)
    }
    async fn recipient(&self) -> &str {
        &self.0.recipient
    }
    /// A key; clients have the words.
    async fn kind(&self) -> &str {
        &self.0.kind
    }
    /// Whose mail it is; null: of no tenant.
    async fn tenant(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Tenant>> {
        match self.0.tenant {
            Some(id) => tenant::get(platform(ctx)?, id).await.map(Some),
            None => Ok(None),
        }
    }
    async fn state(&self) -> MailState {
        self.0.state.into()
    }
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
    async fn sent_at(&self) -> Option<DateTime<Utc>> {
        self.0.sent_at
    }
    /// Why it did not leave.
    async fn error(&self) -> Option<&str> {
        self.0.error.as_deref()
    }
    /// In the local mailbox alone.
    async fn subject(&self) -> Option<&str> {
        self.0.subject.as_deref()
    }
    /// In the local mailbox alone.
    async fn body(&self) -> Option<&str> {
        self.0.body.as_deref()
    }
}

/// One mail; `NOT_FOUND` when there is none.
pub(super) async fn get(
    caller: &PlatformContext,
    id: MailId,
) -> async_graphql::Result<PlatformMail> {
    platform_mail(caller, id)
        .await
        .map(PlatformMail)
        .map_err(domain)
}

#[derive(Default)]
pub(super) struct MailQuery;

#[Object]
impl MailQuery {
    /// Newest first; search by recipient. Bodies only where the local mailbox is in use.
    async fn mails(
        &self,
        ctx: &Context<'_>,
        search: Option<String>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
    ) -> async_graphql::Result<PlatformMailConnection> {
        let caller = platform(ctx)?;
        let request = page::request(first, after.clone())?;
        let found = platform_mails(caller, search.as_deref(), &request)
            .await
            .map_err(domain)?;
        Ok(PlatformMailConnection::new(
            found,
            after.as_ref(),
            PlatformMail,
        ))
    }

    /// One mail.
    async fn mail(&self, ctx: &Context<'_>, id: ID) -> async_graphql::Result<Option<PlatformMail>> {
        get(platform(ctx)?, parse(&id)?).await.map(Some)
    }
}

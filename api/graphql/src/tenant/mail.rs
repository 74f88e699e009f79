//! A company's mails and what became of them, never their text.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use tenancy_access::TenantContext;
use tenancy_model::MailId;
use tenancy_notify::{TenantMail, tenant_mail, tenant_mails};

use crate::{
    context::tenant,
    enums::MailState,
    error::domain,
    id::print,
    page::{self, connection},
};

/// A mail of this company.
#[derive(SimpleObject)]
pub struct Mail {
    #[graphql(owned)]
    pub(super) id: ID,
    recipient: String,
    /// A key; clients have the words.
    kind: String,
    state: MailState,
    created_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
    /// Why it did not leave.
    error: Option<String>,
}

connection!(MailConnection, MailEdge, Mail);

impl From<TenantMail> for Mail {
    fn from(mail: TenantMail) -> Self {
        Self {
            id: print(mail.id),
            recipient: mail.recipient,
            kind: mail.kind,
            state: mail.state.into(),
            created_at: mail.created_at,
            sent_at: mail.sent_at,
            error: mail.error,
        }
    }
}

/// One mail; `NOT_FOUND` when it is not this company's.
pub(super) async fn get(caller: &TenantContext, id: MailId) -> async_graphql::Result<Mail> {
    tenant_mail(caller, id)
        .await
        .map(Mail::from)
        .map_err(domain)
}

#[derive(Default)]
pub(super) struct MailQuery;

#[Object]
impl MailQuery {
    /// Mails of this company and their delivery, newest first, never their text (MAIL_VIEW).
    async fn mails(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
    ) -> async_graphql::Result<MailConnection> {
        let caller = tenant(ctx)?;
        let request = page::request(first, after.clone())?;
        let found = tenant_mails(caller, &request).await.map_err(domain)?;
        Ok(MailConnection::new(found, after.as_ref(), Mail::from))
    }
}

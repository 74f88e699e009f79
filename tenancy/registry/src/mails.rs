//! The operator's list of mails: those of no tenant, and in the local mailbox all of them with
//! their text (`tenancy-notify` keeps no text anywhere else).

use tenancy_access::DomainError;
use tenancy_model::MailId;
use tenancy_notify::PlatformMail;
use tenancy_store::{Page, PageRequest};

use crate::PlatformContext;

/// Mails, newest first; `search` is part of a recipient or a kind.
///
/// # Errors
/// `TOO_LONG` for the search, `INVALID_INPUT` for a cursor, or the database is away.
pub async fn platform_mails(
    ctx: &PlatformContext,
    search: Option<&str>,
    page: &PageRequest,
) -> Result<Page<PlatformMail>, DomainError> {
    let control = ctx.registry.services.stores.control();
    tenancy_notify::platform_mails(control, search, page).await
}

/// One mail.
///
/// # Errors
/// `NOT_FOUND`, or the database is away.
pub async fn platform_mail(ctx: &PlatformContext, id: MailId) -> Result<PlatformMail, DomainError> {
    let control = ctx.registry.services.stores.control();
    tenancy_notify::platform_mail(control, id)
        .await?
        .ok_or(DomainError::NOT_FOUND)
}

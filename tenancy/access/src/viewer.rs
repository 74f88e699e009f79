//! Who a session is: what a client asks first.

use std::collections::BTreeSet;

use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, Iterable as _};
use tenancy_model::{Language, MemberId, Permission, Role, SessionId, Surface, TenantId};

use crate::{Actor, DomainError, TenantContext, credential, entity::credential as row};

/// Who a session is, and what it may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// Whose rows it sees.
    pub tenant: TenantId,
    /// Which session.
    pub session: SessionId,
    /// Which door it came through.
    pub surface: Surface,
    /// Nobody for the founder.
    pub member: Option<MemberId>,
    /// The member's roles; none for the founder.
    pub roles: BTreeSet<Role>,
    /// What the session may do.
    pub permissions: BTreeSet<Permission>,
    /// Whether everything but a new password is refused (SEC-06).
    pub must_change_password: bool,
    /// The language that the member chose.
    pub language: Option<Language>,
}

/// Who the session is.
///
/// # Errors
/// [`DomainError::UNAUTHENTICATED`] for work without a session.
pub async fn viewer(ctx: &TenantContext) -> Result<Viewer, DomainError> {
    let tenant = ctx.tenant_id();
    match &ctx.actor {
        Actor::Member {
            member,
            session,
            surface,
            roles,
            permissions,
            must_change_password,
            ..
        } => {
            let row = credential::get(&ctx.store.read().await?, *member).await?;
            Ok(Viewer {
                tenant,
                session: *session,
                surface: *surface,
                member: Some(*member),
                roles: roles.clone(),
                permissions: permissions.clone(),
                must_change_password: *must_change_password,
                language: row.and_then(|row| row.language),
            })
        }
        Actor::Founder { session } => Ok(Viewer {
            tenant,
            session: *session,
            surface: Surface::Console,
            member: None,
            roles: BTreeSet::new(),
            permissions: Permission::iter().collect(),
            must_change_password: false,
            language: None,
        }),
        Actor::Job { .. } => Err(DomainError::UNAUTHENTICATED),
    }
}

/// Keeps the language that a member chose, for screens and mails. The founder has no row to keep it
/// in: the client remembers.
///
/// # Errors
/// [`DomainError::UNAUTHENTICATED`] for work without a session.
pub async fn language_set(ctx: &TenantContext, language: Language) -> Result<Viewer, DomainError> {
    if let Some(member) = ctx.actor.member() {
        let tx = ctx.store.begin().await?;
        let row = row::ActiveModel {
            id: Set(member),
            language: Set(Some(language)),
            ..Default::default()
        };
        row.update(&tx).await?;
        tx.commit().await?;
    }
    viewer(ctx).await
}

//! Sessions of operators: a token in the `platform` cookie, kept as its hash.

use chrono::Duration;
use kernel::Secret;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, sea_query::Expr,
};
use tenancy_access::{DomainError, Origin};
use tenancy_model::PlatformSessionId;
use tenancy_store::ControlTx;

use crate::{
    Operator, PlatformContext, Registry,
    entity::{platform_account as account, platform_session as session},
    secret,
};

/// Hours after which a session ends, however much it is used.
const HOURS_MAX: i64 = 12;
/// Hours without a request after which a session ends.
const IDLE_HOURS_MAX: i64 = 2;
/// Seconds by which `last_seen_at` may lag: a request is not worth a write each time.
const SEEN_LAG_S: i64 = 60;
/// Characters of the device that are kept.
const DEVICE_CHARS_MAX: usize = 200;

/// A new session.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who signed in.
    pub operator: Operator,
    /// For the cookie; kept nowhere.
    pub token: Secret,
    /// When the session ends at the latest.
    pub expires_at: kernel::Instant,
}

/// Opens a session of an account.
pub(super) async fn open(
    registry: &Registry,
    tx: &ControlTx,
    origin: &Origin,
    account: account::Model,
) -> Result<SignedIn, DomainError> {
    let services = &registry.services;
    let now = registry.now();
    let token = secret::token(&*services.rng);
    let expires_at = now + Duration::hours(HOURS_MAX);
    let row = session::Model {
        id: PlatformSessionId::new(&*services.clock, &*services.rng),
        account_id: account.id,
        token_hash: secret::token_hash(&token),
        device: origin.device.chars().take(DEVICE_CHARS_MAX).collect(),
        ip: origin.ip.map(|ip| ip.to_string()).unwrap_or_default(),
        created_at: now,
        last_seen_at: now,
        expires_at,
        ended_at: None,
    };
    let operator = operator(account, row.id);
    session::Entity::insert(session::ActiveModel::from(row))
        .exec_without_returning(tx)
        .await?;
    Ok(SignedIn {
        operator,
        token,
        expires_at,
    })
}

fn operator(account: account::Model, session: PlatformSessionId) -> Operator {
    Operator {
        account: account.id,
        name: account.name,
        email: account.email,
        language: account.language,
        session,
    }
}

/// Whose session a token is; `None` for an unknown, ended or expired one.
///
/// # Errors
/// The database is away.
pub async fn operator_authenticate(
    registry: &Registry,
    token: &Secret,
) -> Result<Option<Operator>, DomainError> {
    let control = registry.services.stores.control();
    let now = registry.now();
    let tx = control.read().await?;
    let found = session::Entity::find()
        .filter(session::Column::TokenHash.eq(secret::token_hash(token)))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .filter(session::Column::LastSeenAt.gt(now - Duration::hours(IDLE_HOURS_MAX)))
        .one(&tx)
        .await?;
    let Some(row) = found else {
        return Ok(None);
    };
    let account = account::Entity::find_by_id(row.account_id).one(&tx).await?;
    drop(tx);
    if now - row.last_seen_at > Duration::seconds(SEEN_LAG_S) {
        let tx = control.begin().await?;
        let mut change = row.clone().into_active_model();
        change.last_seen_at = Set(now);
        change.update(&tx).await?;
        tx.commit().await?;
    }
    Ok(account.map(|account| operator(account, row.id)))
}

/// Ends the session of this request.
///
/// # Errors
/// The database is away.
pub async fn operator_sign_out(ctx: &PlatformContext) -> Result<(), DomainError> {
    let tx = ctx.registry.services.stores.control().begin().await?;
    session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(ctx.registry.now()))
        .filter(session::Column::Id.eq(ctx.operator().session))
        .filter(session::Column::EndedAt.is_null())
        .exec(&tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

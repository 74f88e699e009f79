//! The one-time link by which the first operator takes over a deployment that has none.

use kernel::Secret;
use sea_orm::{ActiveValue::Set, EntityTrait as _, sea_query::OnConflict};
use serde::{Deserialize, Serialize};
use tenancy_access::{DomainError, Origin};
use tenancy_model::{ErrorCode, Problem};

use super::{
    OperatorForm, SignedIn,
    account::{count, insert},
    session::open,
};
use crate::{Registry, entity::setting, secret};

/// Where the link leads; the token follows as `?token=`.
pub const CLAIM_PATH: &str = "/operator/claim";
/// Name of the setting that holds the token's hash.
const KEY: &str = "operator_claim";

#[derive(Debug, Serialize, Deserialize)]
struct Claim {
    token_hash: Vec<u8>,
}

/// The link for the first operator, where there is none yet: print it once, it is kept nowhere. The
/// link of an earlier start that nobody used is worth nothing any more.
///
/// # Errors
/// The database is away.
pub async fn operator_claim_link(
    registry: &Registry,
    public_url: &str,
) -> Result<Option<Secret>, DomainError> {
    let tx = registry.services.stores.control().begin().await?;
    if count(&tx).await? > 0 {
        return Ok(None);
    }
    let token = secret::token(&*registry.services.rng);
    let claim = Claim {
        token_hash: secret::token_hash(&token),
    };
    let body = serde_json::to_value(claim)
        .map_err(|error| DomainError::internal("the claim link", error))?;
    let row = setting::ActiveModel {
        key: Set(KEY.to_owned()),
        body: Set(body),
        changed_at: Set(registry.now()),
    };
    let again = OnConflict::column(setting::Column::Key)
        .update_columns([setting::Column::Body, setting::Column::ChangedAt])
        .to_owned();
    setting::Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(&tx)
        .await?;
    tx.commit().await?;
    let base = public_url.trim_end_matches('/');
    let link = format!("{base}{CLAIM_PATH}?token={}", token.reveal());
    Ok(Some(link.into()))
}

/// Makes the first operator and signs them in. The link is used up in the same transaction.
///
/// # Errors
/// `LINK_INVALID` for a wrong or used link; a refusal naming the field.
pub async fn operator_claim(
    registry: &Registry,
    origin: &Origin,
    token: &Secret,
    form: &OperatorForm,
) -> Result<SignedIn, DomainError> {
    // Before the costly hash: a stranger's guess costs a read.
    let tx = registry.services.stores.control().read().await?;
    require_claim(&tx, token).await?;
    drop(tx);
    let clean = form.check(registry).await?;
    let tx = registry.services.stores.control().begin().await?;
    require_claim(&tx, token).await?;
    // Of two who come with the same token, one removes the row.
    let used = setting::Entity::delete_by_id(KEY.to_owned())
        .exec(&tx)
        .await?;
    if used.rows_affected == 0 || count(&tx).await? > 0 {
        return Err(invalid().into());
    }
    let row = insert(registry, &tx, clean).await?;
    let signed_in = open(registry, &tx, origin, row).await?;
    tx.commit().await?;
    Ok(signed_in)
}

fn invalid() -> Problem {
    Problem::field(ErrorCode::LinkInvalid, "token")
}

async fn require_claim(tx: &tenancy_store::ControlTx, token: &Secret) -> Result<(), DomainError> {
    let row = setting::Entity::find_by_id(KEY.to_owned()).one(tx).await?;
    let claim = row.and_then(|row| serde_json::from_value::<Claim>(row.body).ok());
    let good = claim.is_some_and(|c| secret::same(&c.token_hash, &secret::token_hash(token)));
    if good { Ok(()) } else { Err(invalid().into()) }
}

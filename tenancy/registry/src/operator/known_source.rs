//! Sources from which an operator signed in before: the networks of the sessions that are kept.

use sea_orm::{EntityTrait as _, QueryOrder as _, QuerySelect as _};
use tenancy_access::Origin;
use tenancy_store::{ControlTx, StoreError};

use crate::{entity::platform_session as session, signup::source};

/// Sessions looked at, the newest first.
const SESSIONS_MAX: u64 = 1_000;

/// Whether an operator signed in from the network of `origin` before.
pub(super) async fn is_known(tx: &ControlTx, origin: &Origin) -> Result<bool, StoreError> {
    let addresses: Vec<String> = session::Entity::find()
        .select_only()
        .column(session::Column::Ip)
        .order_by_desc(session::Column::CreatedAt)
        .limit(SESSIONS_MAX)
        .into_tuple()
        .all(tx)
        .await?;
    let here = source(origin.ip);
    let known = |address: &String| address.parse().is_ok_and(|ip| source(Some(ip)) == here);
    Ok(addresses.iter().any(known))
}

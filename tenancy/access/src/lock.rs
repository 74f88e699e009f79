//! One transaction at a time, where a rule looks at many rows: seats, owners, the shape of the
//! department tree. The lock is a row of its own, held until the transaction ends.

use serde::{Deserialize, Serialize};
use tenancy_model::RecordId;
use tenancy_store::{
    StoreError, TenantTx,
    record::{self, RecordWrite},
};

use crate::Services;

const KIND: &str = "lock";

#[derive(Serialize, Deserialize)]
struct Lock {}

/// Waits until no other transaction of this tenant holds the lock `name`.
///
/// # Errors
/// The database refused.
pub async fn lock_row(
    tx: &TenantTx,
    services: &Services,
    name: &'static str,
) -> Result<(), StoreError> {
    let write = RecordWrite {
        id: RecordId::new(&*services.clock, &*services.rng),
        kind: KIND,
        key: name,
        body: &Lock {},
        now: services.clock.now(),
    };
    record::put(tx, write).await.map(drop)
}

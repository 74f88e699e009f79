//! Keys of objects: made of the tenant, the id of the row that names them, and randomness; never of
//! a name from outside. The id makes a list of objects come in the order of their rows.

use kernel::Rng;
use tenancy_model::TenantId;
use uuid::Uuid;

/// What all keys of a tenant start with.
pub(crate) fn prefix(tenant: TenantId) -> String {
    format!("t/{}/", tenant.uuid().simple())
}

/// A new key for an object of the row with this id.
pub(crate) fn new(tenant: TenantId, row: Uuid, rng: &dyn Rng) -> String {
    let fresh = Uuid::from_bytes(rng.bytes::<16>());
    format!("{}{}-{}", prefix(tenant), row.simple(), fresh.simple())
}

/// The id of the row that a key was made for.
pub(crate) fn row_of(key: &str) -> Option<Uuid> {
    let (_, name) = key.rsplit_once('/')?;
    let (row, _) = name.split_once('-')?;
    Uuid::try_parse(row).ok()
}

#[cfg(test)]
mod tests {
    use kernel::{ManualClock, SeededRng};

    use super::*;

    #[test]
    fn a_key_tells_its_row_and_is_new_every_time() {
        let (clock, rng) = (ManualClock::default(), SeededRng::new(4));
        let tenant = TenantId::new(&clock, &rng);
        let row = kernel::id::new_uuid(&clock, &rng);
        let keys = [new(tenant, row, &rng), new(tenant, row, &rng)];
        assert_ne!(keys[0], keys[1]);
        for key in &keys {
            assert!(key.starts_with(&prefix(tenant)));
            assert_eq!(row_of(key), Some(row));
        }
        assert_eq!(row_of("t/x/y"), None);
    }
}

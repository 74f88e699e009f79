//! Secrets of the deployment that nobody chooses: drawn once, the same in every process, kept in
//! the control database (who can read that can read everything anyway).

use kernel::{Instant, Rng};
use sea_orm::ConnectionTrait as _;

use crate::{ControlStore, StoreError, statement::sql};

/// Bytes of a secret.
pub const SECRET_BYTES: usize = 32;

/// The secret of this name; drawn now where there is none.
///
/// # Errors
/// The control database is away, or what it has is no secret.
pub async fn deployment_secret(
    store: &ControlStore,
    name: &'static str,
    rng: &dyn Rng,
    now: Instant,
) -> Result<[u8; SECRET_BYTES], StoreError> {
    let wrong = |why: String| StoreError::Inconsistent {
        what: format!("secret {name}"),
        why,
    };
    let drawn = rng.bytes::<SECRET_BYTES>().to_vec();
    let drawn = serde_json::to_value(drawn).map_err(|error| wrong(error.to_string()))?;
    let key = format!("secret:{name}");
    let tx = store.begin().await?;
    // Of two processes that draw at once the first is the one.
    let insert = sql(
        &tx,
        "INSERT INTO setting (key, body, changed_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        [key.clone().into(), drawn.into(), now.into()],
    );
    tx.execute_raw(insert).await?;
    let select = sql(&tx, "SELECT body FROM setting WHERE key = $1", [key.into()]);
    let row = tx.query_one_raw(select).await?;
    let row = row.ok_or_else(|| wrong("it was not written".to_owned()))?;
    let body: serde_json::Value = row.try_get("", "body")?;
    tx.commit().await?;
    let bytes: Vec<u8> = serde_json::from_value(body).map_err(|error| wrong(error.to_string()))?;
    bytes
        .try_into()
        .map_err(|_| wrong("another length".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::World;

    crate::test_both_backends!(a_secret_is_drawn_once_and_the_same_in_every_process);

    async fn a_secret_is_drawn_once_and_the_same_in_every_process(world: World) {
        let other = world.open(&world.config).await;
        let draw = async |stores: &crate::Stores, name| {
            let control = stores.control();
            deployment_secret(control, name, &*world.rng, world.now())
                .await
                .unwrap()
        };
        let (here, there) = tokio::join!(draw(&world.stores, "a"), draw(&other, "a"));
        assert_eq!(here, there);
        assert_ne!(here, [0; SECRET_BYTES]);
        assert_ne!(here, draw(&other, "b").await);
        other.close().await;
    }
}

//! Enterprise numbers (TEN-01): eight digits, drawn at random so that nobody can tell how many
//! tenants there are, and never given out twice, because the rows of erased tenants stay.

use kernel::Rng;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use tenancy_store::{ControlTx, StoreError, control::tenant};

/// The smallest: no leading zero.
const FIRST: u32 = 10_000_000;
/// How many there are.
const COUNT: u32 = 90_000_000;
/// Draws before giving up; with a million tenants each draw misses with a chance of 1 %.
const DRAWS_MAX: usize = 16;

/// A number that no tenant has or had. The unique key of the table still decides when two draw the
/// same at once.
///
/// # Errors
/// The database is away, or every draw was taken.
pub(crate) async fn draw(tx: &ControlTx, rng: &dyn Rng) -> Result<String, StoreError> {
    for _ in 0..DRAWS_MAX {
        let number = any(rng);
        let taken = tenant::Entity::find()
            .filter(tenant::Column::Number.eq(&number))
            .count(tx)
            .await?;
        if taken == 0 {
            return Ok(number);
        }
    }
    Err(StoreError::Inconsistent {
        what: "enterprise numbers".to_owned(),
        why: format!("{DRAWS_MAX} draws in a row were taken"),
    })
}

fn any(rng: &dyn Rng) -> String {
    (FIRST + rng.below(COUNT)).to_string()
}

#[cfg(test)]
mod tests {
    use kernel::SeededRng;

    use super::*;

    /// covers: TEN-01
    #[test]
    fn a_number_has_eight_digits_and_no_leading_zero() {
        let rng = SeededRng::new(5);
        for _ in 0..1_000 {
            let number = any(&rng);
            assert_eq!(number.len(), 8);
            assert!(number.bytes().all(|byte| byte.is_ascii_digit()));
            assert!(!number.starts_with('0'));
        }
    }
}

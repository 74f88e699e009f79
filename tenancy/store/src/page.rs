//! Pages of lists: one style everywhere, forward by keyset (`first`, `after`), so that a page costs
//! the same wherever it is. A cursor names a position, not a row: one from another tenant is only
//! another position in the caller's own list.

use serde::{Serialize, de::DeserializeOwned};
use tenancy_model::{ErrorCode, Problem, limits::PAGE_MAX};

/// Bytes of a cursor's text; longer ones are not ours.
const CURSOR_BYTES_MAX: usize = 1_024;

/// Which page is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    first: u32,
    after: Option<String>,
}

/// One page, and whether there is another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, each with the cursor of its position.
    pub items: Vec<(String, T)>,
    /// Whether more follow.
    pub has_next: bool,
    /// How many there are in all.
    pub total: u64,
}

impl PageRequest {
    /// The first `first` items after `after`.
    ///
    /// # Errors
    /// `TOO_MANY` when `first` is above [`PAGE_MAX`], `INVALID_INPUT` when it is negative.
    pub fn new(first: i32, after: Option<String>) -> Result<Self, Problem> {
        let first =
            u32::try_from(first).map_err(|_| Problem::field(ErrorCode::InvalidInput, "first"))?;
        if first > PAGE_MAX {
            let problem = Problem::field(ErrorCode::TooMany, "first");
            return Err(problem.limit(PAGE_MAX.into()).used(first.into()));
        }
        Ok(Self { first, after })
    }

    /// How many rows to fetch: one more than wanted tells whether more follow.
    #[must_use]
    pub fn fetch(&self) -> u64 {
        u64::from(self.first) + 1
    }

    /// The position to go on from.
    ///
    /// # Errors
    /// `INVALID_INPUT` when the cursor is not one of this list.
    pub fn position<K: DeserializeOwned>(&self) -> Result<Option<K>, Problem> {
        let Some(text) = &self.after else {
            return Ok(None);
        };
        let bad = || Problem::field(ErrorCode::InvalidInput, "after");
        if text.len() > CURSOR_BYTES_MAX {
            return Err(bad());
        }
        let bytes = decode_hex(text).ok_or_else(bad)?;
        serde_json::from_slice(&bytes).map(Some).map_err(|_| bad())
    }

    /// The page out of the rows that were fetched; `key` is the sort key of a row.
    pub fn page<T, K: Serialize>(
        &self,
        mut rows: Vec<T>,
        total: u64,
        key: impl Fn(&T) -> K,
    ) -> Page<T> {
        let first = self.first as usize;
        let has_next = rows.len() > first;
        rows.truncate(first);
        let items = rows
            .into_iter()
            .map(|row| (encode(&key(&row)), row))
            .collect();
        Page {
            items,
            has_next,
            total,
        }
    }
}

impl<T> Page<T> {
    /// The same page of something made out of each item.
    pub fn map<U>(self, f: impl Fn(T) -> U) -> Page<U> {
        let items = self
            .items
            .into_iter()
            .map(|(cursor, item)| (cursor, f(item)))
            .collect();
        Page {
            items,
            has_next: self.has_next,
            total: self.total,
        }
    }
}

fn encode<K: Serialize>(key: &K) -> String {
    let bytes = serde_json::to_vec(key).unwrap_or_default();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn decode_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_knows_whether_more_follow() {
        let request = PageRequest::new(2, None).unwrap();
        assert_eq!(request.fetch(), 3);
        let page = request.page(vec![1, 2, 3], 3, |n| (*n, "x".to_owned()));
        assert!(page.has_next);
        let next = PageRequest::new(2, Some(page.items[1].0.clone())).unwrap();
        assert_eq!(
            next.position::<(i32, String)>(),
            Ok(Some((2, "x".to_owned())))
        );
        assert!(!next.page(vec![3], 3, |n| *n).has_next);
    }

    #[test]
    fn a_broken_cursor_and_a_huge_page_are_refused() {
        for after in ["zz", "é", "7b", &"0".repeat(5_000)] {
            let request = PageRequest::new(1, Some(after.to_owned())).unwrap();
            assert!(request.position::<(i32, String)>().is_err(), "{after}");
        }
        assert_eq!(
            PageRequest::new(101, None).unwrap_err().code,
            ErrorCode::TooMany
        );
        assert!(PageRequest::new(-1, None).is_err());
    }
}

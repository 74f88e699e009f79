//! GraphQL's Int has 32 bits; our counts have more. What does not fit is shown as the largest.

/// A count as GraphQL's Int.
pub(crate) fn int(n: impl TryInto<i32>) -> i32 {
    n.try_into().unwrap_or(i32::MAX)
}

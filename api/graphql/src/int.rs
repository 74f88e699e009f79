//! GraphQL's Int has 32 bits; our counts have more. What does not fit is shown as the largest;
//! bytes, which often do not fit, have a scalar of their own.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

/// The largest whole number that every client reads exactly (RFC 8259, 6).
const INT53_MAX: u64 = (1 << 53) - 1;

/// A count as GraphQL's Int.
pub(crate) fn int(n: impl TryInto<i32>) -> i32 {
    n.try_into().unwrap_or(i32::MAX)
}

/// A whole number from 0 to 2^53 - 1, in JSON a number: bytes, and limits that may be bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Int53(u64);

impl From<u64> for Int53 {
    fn from(n: u64) -> Self {
        Self(n.min(INT53_MAX))
    }
}

impl From<Int53> for u64 {
    fn from(n: Int53) -> Self {
        n.0
    }
}

/// A whole number from 0 to 2^53 - 1, in JSON a number: bytes, and limits that may be bytes.
#[Scalar(name = "Int53")]
impl ScalarType for Int53 {
    fn parse(value: Value) -> InputValueResult<Self> {
        number(&value)
            .map(Self)
            .ok_or_else(|| InputValueError::custom("not a whole number from 0 to 2^53 - 1"))
    }

    fn is_valid(value: &Value) -> bool {
        number(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::from(self.0)
    }
}

fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64().filter(|n| *n <= INT53_MAX),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_a_client_could_not_read_is_none() {
        for (n, taken) in [(0, true), (INT53_MAX, true), (INT53_MAX + 1, false)] {
            assert_eq!(Int53::parse(Value::from(n)).is_ok(), taken, "{n}");
        }
        for value in [Value::from(-1), Value::from("5"), Value::from(1.5)] {
            assert!(Int53::parse(value.clone()).is_err(), "{value}");
        }
        assert_eq!(Int53::from(u64::MAX).to_value(), Value::from(INT53_MAX));
    }
}

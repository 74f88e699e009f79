//! A refusal that the caller can act on: the code, and where and how far the limit is.

use std::fmt;

use crate::ErrorCode;

/// What a verb answers instead of its result; becomes `problem` in a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Out of the table.
    pub code: ErrorCode,
    /// The input field that caused it, in camelCase.
    pub field: Option<&'static str>,
    /// The limit that was met.
    pub limit: Option<u64>,
    /// How much of it is used.
    pub used: Option<u64>,
    /// Seconds to wait before the next try.
    pub retry_after_s: Option<u64>,
}

impl Problem {
    /// A refusal with nothing but its code.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        Self {
            code,
            field: None,
            limit: None,
            used: None,
            retry_after_s: None,
        }
    }

    /// Of one input field.
    #[must_use]
    pub fn field(code: ErrorCode, field: &'static str) -> Self {
        Self {
            field: Some(field),
            ..Self::new(code)
        }
    }

    /// With the limit that was met.
    #[must_use]
    pub fn limit(self, limit: u64) -> Self {
        Self {
            limit: Some(limit),
            ..self
        }
    }

    /// With how much of the limit is used.
    #[must_use]
    pub fn used(self, used: u64) -> Self {
        Self {
            used: Some(used),
            ..self
        }
    }

    /// With the time to wait.
    #[must_use]
    pub fn retry_after_s(self, seconds: u64) -> Self {
        Self {
            retry_after_s: Some(seconds),
            ..self
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.code())?;
        match self.field {
            Some(field) => write!(f, " in {field}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}

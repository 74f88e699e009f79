//! How a verb can end besides its result: a refusal the caller can act on, a fault that is always
//! an error, or a store that failed.

use tenancy_model::{ErrorCode, Problem, limits};
use tenancy_store::StoreError;
use thiserror::Error;

/// The faults that a domain function can answer; the rest of the table belongs to the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultCode {
    /// Missing, or not the caller's.
    NotFound,
    /// No session, or one that has ended.
    Unauthenticated,
    /// The actor may not do this.
    Forbidden,
    /// The initial password comes first.
    PasswordChangeRequired,
    /// More waits than is taken, or a dependency is away; nothing was done, try again.
    Unavailable,
}

/// How a verb ends besides its result.
#[derive(Debug, Error)]
pub enum DomainError {
    /// The caller can act on it; becomes `problem` in a payload.
    #[error("refused: {0}")]
    Refused(#[from] Problem),
    /// Always an error.
    #[error("fault: {0:?}")]
    Fault(FaultCode),
    /// Our database failed or is away.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something of ours failed that is no database.
    #[error("{what}: {source}")]
    Internal {
        /// What was being done.
        what: &'static str,
        /// Why it failed.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl DomainError {
    /// Missing, or not the caller's: the two are never told apart.
    pub const NOT_FOUND: Self = Self::Fault(FaultCode::NotFound);
    /// The actor may not do this.
    pub const FORBIDDEN: Self = Self::Fault(FaultCode::Forbidden);
    /// More waits than is taken, or a dependency is away; nothing was done, try again.
    pub const UNAVAILABLE: Self = Self::Fault(FaultCode::Unavailable);
    /// No session, or one that has ended.
    pub const UNAUTHENTICATED: Self = Self::Fault(FaultCode::Unauthenticated);

    /// Something of ours failed that is no database.
    pub fn internal(
        what: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Internal {
            what,
            source: source.into(),
        }
    }
}

impl From<sea_orm::DbErr> for DomainError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<FaultCode> for ErrorCode {
    fn from(fault: FaultCode) -> Self {
        match fault {
            FaultCode::NotFound => Self::NotFound,
            FaultCode::Unauthenticated => Self::Unauthenticated,
            FaultCode::Forbidden => Self::Forbidden,
            FaultCode::PasswordChangeRequired => Self::PasswordChangeRequired,
            FaultCode::Unavailable => Self::Unavailable,
        }
    }
}

/// A required field of one line: cleaned, not empty, at most `chars_max` characters.
///
/// # Errors
/// `REQUIRED` or `TOO_LONG`, naming the field.
pub fn required_line(field: &'static str, text: &str, chars_max: usize) -> Result<String, Problem> {
    let clean = kernel::clean_line(text);
    if clean.is_empty() {
        return Err(Problem::field(ErrorCode::Required, field));
    }
    bounded(field, clean, chars_max)
}

/// A field that may be empty, which is the same as absent.
///
/// # Errors
/// `TOO_LONG`, naming the field.
pub fn optional_line(
    field: &'static str,
    text: Option<&str>,
    chars_max: usize,
) -> Result<Option<String>, Problem> {
    let clean = kernel::clean_line(text.unwrap_or_default());
    if clean.is_empty() {
        return Ok(None);
    }
    bounded(field, clean, chars_max).map(Some)
}

/// A search term, folded; empty is none.
///
/// # Errors
/// `TOO_LONG`.
pub fn search_term(text: Option<&str>) -> Result<Option<String>, Problem> {
    let term = optional_line("search", text, limits::SEARCH_CHARS_MAX)?;
    Ok(term.map(|term| kernel::fold(&term)))
}

fn bounded(field: &'static str, text: String, chars_max: usize) -> Result<String, Problem> {
    let chars = text.chars().count();
    if chars > chars_max {
        let problem = Problem::field(ErrorCode::TooLong, field);
        return Err(problem.limit(chars_max as u64).used(chars as u64));
    }
    Ok(text)
}

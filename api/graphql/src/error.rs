//! Domain error → GraphQL: the only such mapping. A refusal becomes `problem` in the payload, a
//! fault an error with `extensions.code`, anything unknown `INTERNAL` with the request's trace id
//! and a log line.

use async_graphql::{ErrorExtensions as _, SimpleObject};
use tenancy_access::DomainError;
use tenancy_model::{ErrorCode, Language, Problem};
use tenancy_store::StoreError;

use crate::{
    enums::ErrorCodeName,
    int::{Int53, int},
    message,
};

/// A refusal that the caller can act on. `code` is a key of the table of error codes and of the
/// client's translations.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Problem")]
pub struct ProblemObject {
    /// Out of the table.
    pub code: ErrorCodeName,
    /// The input field that caused it, in camelCase, where there is one.
    pub field: Option<String>,
    /// The limit that was met.
    pub limit: Option<Int53>,
    /// How much of the limit is used.
    pub used: Option<Int53>,
    /// Seconds to wait before the next try.
    pub retry_after_s: Option<i32>,
    /// For a human, in the request's language; clients prefer their own text for `code`.
    pub message: String,
}

impl ProblemObject {
    pub(crate) fn new(problem: &Problem, language: Language) -> Self {
        Self {
            code: ErrorCodeName(problem.code),
            field: problem.field.map(str::to_owned),
            limit: problem.limit.map(Int53::from),
            used: problem.used.map(Int53::from),
            retry_after_s: problem.retry_after_s.map(int),
            message: message::text(problem.code, language).to_owned(),
        }
    }
}

/// A fault as a GraphQL error.
pub(crate) fn fault(code: ErrorCode) -> async_graphql::Error {
    let message = message::text(code, Language::En);
    async_graphql::Error::new(message).extend_with(|_, e| e.set("code", code.code()))
}

/// `RATE_LIMITED`, with the time to wait.
pub(crate) fn rate_limited(retry_after_s: u64) -> async_graphql::Error {
    fault(ErrorCode::RateLimited).extend_with(|_, e| e.set("retryAfterS", retry_after_s))
}

/// Splits what a verb answered: its result, or the refusal for the payload, or an error.
///
/// # Errors
/// Faults and our own failures.
pub(crate) fn refused<T>(
    result: Result<T, DomainError>,
    language: Language,
) -> async_graphql::Result<Result<T, ProblemObject>> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(DomainError::Refused(problem)) => match problem.code {
            ErrorCode::RateLimited => Err(rate_limited(problem.retry_after_s.unwrap_or(1))),
            _ => Ok(Err(ProblemObject::new(&problem, language))),
        },
        Err(error) => Err(domain(error)),
    }
}

/// For fields that have no payload: everything that is not a result is an error.
pub(crate) fn domain(error: DomainError) -> async_graphql::Error {
    let told = fault(error_code(&error));
    match error {
        DomainError::Refused(Problem {
            field: Some(field), ..
        }) => told.extend_with(|_, e| e.set("field", field)),
        _ => told,
    }
}

/// The code of an error, also for what is answered without GraphQL; our own failures are logged.
#[must_use]
pub fn error_code(error: &DomainError) -> ErrorCode {
    match error {
        DomainError::Refused(problem) => problem.code,
        DomainError::Fault(code) => (*code).into(),
        DomainError::Store(error) => store_code(error),
        DomainError::Internal { what, source } => internal_code(what, &**source),
    }
}

/// The sentence of a code, for what is answered without GraphQL.
#[must_use]
pub fn problem_text(code: ErrorCode, language: Language) -> &'static str {
    message::text(code, language)
}

/// A store that failed: away is `UNAVAILABLE`, a tenant that closed meanwhile has no sessions.
fn store_code(error: &StoreError) -> ErrorCode {
    match error {
        StoreError::TenantUnknown(_) | StoreError::TenantClosed(_) => ErrorCode::Unauthenticated,
        error if error.is_transient() => {
            tracing::warn!(%error, "a database is away");
            ErrorCode::Unavailable
        }
        error => internal_code("store", error),
    }
}

/// Our own failure: a log line with everything, an answer with nothing but the trace id, which the
/// edge adds to every `INTERNAL`.
fn internal_code(what: &'static str, error: &(dyn std::error::Error + '_)) -> ErrorCode {
    let mut chain = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        chain.push_str(": ");
        chain.push_str(&cause.to_string());
        source = cause.source();
    }
    tracing::error!(what, error = chain, "internal error");
    ErrorCode::Internal
}

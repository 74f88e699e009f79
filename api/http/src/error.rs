//! Errors outside of GraphQL answers: the code's status out of the table of codes, and a body of
//! `application/problem+json` (RFC 9457) with the code, never with internals.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use api_graphql::error_code;
use serde_json::json;
use tenancy_access::DomainError;
use tenancy_model::ErrorCode;
use thiserror::Error;

/// A request that is refused before, or without, GraphQL.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}: {detail}", code.code())]
pub struct HttpError {
    /// Out of the table; decides the status.
    pub code: ErrorCode,
    /// A status that says more than the code's own.
    pub status: Option<StatusCode>,
    /// For a developer; fixed text.
    pub detail: &'static str,
    /// Seconds to wait before the next try.
    pub retry_after_s: Option<u64>,
}

impl HttpError {
    /// A refusal with the status of its code.
    #[must_use]
    pub fn new(code: ErrorCode, detail: &'static str) -> Self {
        Self {
            code,
            status: None,
            detail,
            retry_after_s: None,
        }
    }

    /// With another status than the code's.
    #[must_use]
    pub fn status(self, status: StatusCode) -> Self {
        Self {
            status: Some(status),
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

/// What a verb answered, by its code; our own failures have been logged.
impl From<DomainError> for HttpError {
    fn from(error: DomainError) -> Self {
        let code = error_code(&error);
        let told = Self::new(code, "the request was not carried out");
        match code {
            ErrorCode::NotFound => Self::new(code, "there is nothing here"),
            ErrorCode::Unavailable => told.retry_after_s(1),
            _ => told,
        }
    }
}

impl ResponseError for HttpError {
    fn status_code(&self) -> StatusCode {
        self.status
            .or_else(|| StatusCode::from_u16(self.code.status()).ok())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        let mut answer = HttpResponse::build(status);
        answer.insert_header((header::CONTENT_TYPE, "application/problem+json"));
        answer.insert_header((header::CACHE_CONTROL, "no-store"));
        if let Some(seconds) = self.retry_after_s {
            answer.insert_header((header::RETRY_AFTER, HeaderValue::from(seconds)));
        }
        let body = json!({
            "title": status.canonical_reason(),
            "status": status.as_u16(),
            "code": self.code.code(),
            "detail": self.detail,
            "retryAfterS": self.retry_after_s,
        });
        answer.body(body.to_string())
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;

    use super::*;

    #[actix_web::test]
    async fn a_refusal_has_the_status_of_its_code_and_the_time_to_wait() {
        let error = HttpError::new(ErrorCode::RateLimited, "too often").retry_after_s(7);
        let answer = error.error_response();
        assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.headers().get("retry-after").unwrap(), "7");
        let body = to_bytes(answer.into_body()).await.unwrap();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["code"], "RATE_LIMITED");
    }
}

//! Content negotiation of GraphQL over HTTP: `application/json` unless the client prefers
//! `application/graphql-response+json`, and JSON in UTF-8 alone as a request body.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use tenancy_model::ErrorCode;

use crate::error::HttpError;

/// What an answer is written as; the type decides the status of refused documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    /// `application/json`: a refused document answers 200, as clients of old expect.
    Json,
    /// `application/graphql-response+json`: a refused document answers 400.
    GraphqlResponse,
}

impl MediaType {
    /// For `Content-Type`.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        }
    }
}

/// The type that the client likes best; `application/json` where it does not care.
///
/// # Errors
/// 406 where it accepts neither.
pub fn accepted(headers: &HeaderMap) -> Result<MediaType, HttpError> {
    let ranges: Vec<&str> = headers
        .get_all(header::ACCEPT)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .filter(|range| !range.is_empty())
        .collect();
    if ranges.is_empty() {
        return Ok(MediaType::Json);
    }
    // Equal weights go to what stands first, so that `*/*` never beats a name before it.
    let mut best: Option<(MediaType, f32)> = None;
    for range in ranges {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let media = match name.as_str() {
            "application/graphql-response+json" => MediaType::GraphqlResponse,
            "application/json" | "application/*" | "*/*" => MediaType::Json,
            _ => continue,
        };
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(1.0, |text| text.parse::<f32>().unwrap_or(0.0));
        if weight > best.map_or(0.0, |(_, weight)| weight) {
            best = Some((media, weight));
        }
    }
    best.map(|(media, _)| media).ok_or_else(|| {
        HttpError::new(
            ErrorCode::BadRequest,
            "answers are application/json or graphql-response+json",
        )
        .status(StatusCode::NOT_ACCEPTABLE)
    })
}

/// Refuses every body but JSON in UTF-8: a form of another page cannot send that without asking.
///
/// # Errors
/// 415.
pub fn require_json(headers: &HeaderMap) -> Result<(), HttpError> {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let mut parts = value.unwrap_or_default().split(';').map(str::trim);
    let json = parts
        .next()
        .is_some_and(|name| name.eq_ignore_ascii_case("application/json"));
    let utf8 = parts.all(|part| match part.split_once('=') {
        Some((name, set)) if name.eq_ignore_ascii_case("charset") => {
            set.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    if json && utf8 {
        return Ok(());
    }
    Err(HttpError::new(
        ErrorCode::BadRequest,
        "the body must be application/json in UTF-8",
    )
    .status(StatusCode::UNSUPPORTED_MEDIA_TYPE))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_str(value).unwrap());
        headers
    }

    fn media(accept: &str) -> Option<MediaType> {
        accepted(&headers(header::ACCEPT, accept)).ok()
    }

    #[test]
    fn json_is_the_answer_unless_the_other_is_preferred() {
        assert_eq!(accepted(&HeaderMap::new()).unwrap(), MediaType::Json);
        assert_eq!(media("*/*"), Some(MediaType::Json));
        let both = "application/graphql-response+json, application/json;q=0.9";
        assert_eq!(media(both), Some(MediaType::GraphqlResponse));
        let other = "application/graphql-response+json;q=0.5, application/json";
        assert_eq!(media(other), Some(MediaType::Json));
        assert_eq!(media("text/html"), None);
        assert_eq!(media("application/json;q=0"), None);
    }

    #[test]
    fn only_json_is_read() {
        let read = |value: &str| require_json(&headers(header::CONTENT_TYPE, value)).is_ok();
        assert!(read("application/json"));
        assert!(read("application/json; charset=UTF-8"));
        assert!(!read("application/json; charset=latin1"));
        assert!(!read("text/plain"));
        assert!(!read("application/x-www-form-urlencoded"));
        assert!(require_json(&HeaderMap::new()).is_err());
    }
}

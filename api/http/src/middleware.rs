//! What happens around every request: an id and one log line, and the headers that keep browsers
//! from being used against us.

mod access_log;
mod security_headers;

use actix_web::dev::ServiceRequest;
use actix_web::{HttpMessage as _, HttpRequest};

pub use access_log::access_log;
pub(crate) use security_headers::{content_security_policy, security_headers};

/// The id of one request; in every log line and every `INTERNAL` error of it.
#[derive(Debug, Clone)]
struct TraceId(Box<str>);

/// The id that [`access_log`] gave to a request; empty outside of it.
pub(crate) fn trace_id(request: &HttpRequest) -> Box<str> {
    request
        .extensions()
        .get::<TraceId>()
        .map(|id| id.0.clone())
        .unwrap_or_default()
}

fn remember_trace_id(request: &ServiceRequest, id: &str) {
    request.extensions_mut().insert(TraceId(id.into()));
}

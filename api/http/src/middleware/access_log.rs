//! One line a request: what, how long, how it ended, for whom. Never a body, a cookie, a query
//! string, or a path that may hold a one-time token. While the server stops, each answer is the
//! last one of its connection.

use std::borrow::Cow;
use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, StatusCode};
use actix_web::middleware::Next;
use actix_web::web;
use tracing::Instrument as _;

use super::remember_trace_id;
use crate::edge::Edge;
use crate::extract::client_ip::client_ip;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Paths that are logged as they are; of others only the first segment.
const WHOLE: [&str; 5] = [
    "/graphql",
    "/platform/graphql",
    "/healthz",
    "/readyz",
    "/metrics",
];

/// Gives the request an id, logs its end, and answers with the id. Stands around every route of
/// [`configure`](crate::configure); whoever registers a service of their own puts it there too.
///
/// # Errors
/// Those of the service.
pub async fn access_log(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let began = Instant::now();
    let edge = request.app_data::<web::Data<Edge>>().cloned();
    let id = edge.as_ref().map_or_else(String::new, |edge| {
        let bytes = edge.ports.rng.bytes::<16>();
        format!("{:032x}", u128::from_be_bytes(bytes))
    });
    remember_trace_id(&request, &id);
    let proxies = edge.as_ref().map_or(0, |edge| edge.config.trusted_proxies);
    let client_ip = client_ip(request.head(), proxies);
    let method = request.method().clone();
    let path = shown(request.path()).into_owned();
    let span = tracing::info_span!("request", trace_id = %id, %method, path);
    let mut answer = next.call(request).instrument(span).await;
    let status = answer.as_ref().map_or_else(
        |error| error.as_response_error().status_code(),
        |answer| answer.status(),
    );
    let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(
        target: "access", trace_id = %id, %method, path, status = status.as_u16(), duration_ms,
        %client_ip, "{method} {path} {}", status.as_u16()
    );
    metrics::histogram!("http_request_seconds", "status" => status.as_str().to_owned())
        .record(began.elapsed().as_secs_f64());
    if let (Ok(answer), Ok(value)) = (&mut answer, HeaderValue::from_str(&id)) {
        answer.headers_mut().insert(REQUEST_ID, value);
        if edge.is_some_and(|edge| edge.sockets.is_draining()) {
            let head = answer.response_mut().head_mut();
            // A client that kept its connection would keep a stopping server from its end, and be
            // cut off in the middle of a request when the time for that is over.
            if head.status != StatusCode::SWITCHING_PROTOCOLS {
                head.set_connection_type(ConnectionType::Close);
            }
        }
    }
    answer
}

fn shown(path: &str) -> Cow<'_, str> {
    if WHOLE.contains(&path) {
        return path.into();
    }
    match path.trim_start_matches('/').split_once('/') {
        Some((first, _)) => format!("/{first}/…").into(),
        None => path.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_in_a_path_is_not_shown() {
        assert_eq!(shown("/password/secret-token"), "/password/…");
        assert_eq!(shown("/assets/..%2fsecret-token"), "/assets/…");
        assert_eq!(shown("/platform/graphql"), "/platform/graphql");
        assert_eq!(shown("/chat"), "/chat");
    }
}

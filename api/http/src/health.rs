//! Whether this process lives, whether it can answer requests, and its numbers.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web;
use actix_web::{HttpRequest, HttpResponse};
use kernel::Secret;
use serde_json::json;
use tenancy_model::ErrorCode;

use crate::edge::Edge;
use crate::error::HttpError;

/// `/healthz`: the process answers.
pub(crate) async fn live() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body("ok")
}

/// `/readyz`: each dependency by name; 503 while one is missing or the server is stopping.
pub(crate) async fn ready(edge: web::Data<Edge>) -> HttpResponse {
    let dependencies = edge.ports.readiness.dependencies().await;
    let stopping = edge.sockets.is_draining();
    let ready = !stopping && dependencies.iter().all(|dependency| dependency.ready);
    let listed: Vec<_> = dependencies
        .iter()
        .map(|known| json!({ "name": known.name, "ready": known.ready, "detail": known.detail }))
        .collect();
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    HttpResponse::build(status)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({ "ready": ready, "stopping": stopping, "dependencies": listed }))
}

/// `/metrics`: Prometheus text, on loopback or with the configured token.
///
/// # Errors
/// `NOT_FOUND` for everybody else.
pub(crate) async fn numbers(
    request: HttpRequest,
    edge: web::Data<Edge>,
) -> Result<HttpResponse, HttpError> {
    let forwarded = request.headers().contains_key("x-forwarded-for");
    let near = request
        .peer_addr()
        .is_some_and(|peer| peer.ip().is_loopback())
        && !forwarded;
    let token = &edge.config.metrics_token;
    let told = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let told = told
        .and_then(|value| value.strip_prefix("Bearer "))
        .map(Secret::from);
    let known = !token.is_empty() && told.is_some_and(|told| told == *token);
    if !(known || (token.is_empty() && near)) {
        return Err(HttpError::new(ErrorCode::NotFound, "there is nothing here"));
    }
    Ok(HttpResponse::Ok()
        .insert_header((
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        ))
        .body((edge.ports.render_metrics)()))
}

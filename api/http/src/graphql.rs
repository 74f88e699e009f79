//! GraphQL over HTTP: `GET` for queries, `POST` for queries and mutations, single or in a batch.
//!
//! One request: 1. our own page (POST), 2. what may be answered, 3. the body within its bound, 4.
//! who asks, 5. the rate, 6. documents within their bounds, 7. execution, 8. cookies that resolvers
//! changed.

pub mod document;
pub mod negotiate;
pub mod params;
pub mod run;

use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::web::{self, BytesMut, Payload};
use actix_web::{HttpRequest, HttpResponse};
use api_graphql::SessionChanges;
use async_graphql::Response;
use async_graphql::parser::types::OperationType;
use bytes::Bytes;
use futures::StreamExt as _;
use tenancy_model::ErrorCode;

use self::negotiate::MediaType;
use self::params::{Body, Params};
use self::run::Operation;
use crate::edge::Edge;
use crate::error::HttpError;
use crate::extract::caller::Side;
use crate::extract::cookie::Cookies;
use crate::middleware::trace_id;
use crate::ports::Authenticated;

/// `GET` and `POST` of `/graphql`.
pub(crate) async fn tenant(
    request: HttpRequest,
    body: Payload,
    edge: web::Data<Edge>,
) -> Result<HttpResponse, HttpError> {
    serve(Side::Tenant, &request, body, &edge).await
}

/// `GET` and `POST` of `/platform/graphql`.
pub(crate) async fn platform(
    request: HttpRequest,
    body: Payload,
    edge: web::Data<Edge>,
) -> Result<HttpResponse, HttpError> {
    serve(Side::Platform, &request, body, &edge).await
}

async fn serve(
    side: Side,
    request: &HttpRequest,
    body: Payload,
    edge: &Edge,
) -> Result<HttpResponse, HttpError> {
    let post = request.method() == Method::POST;
    if post {
        edge.site.require_own_page(request.head())?;
    }
    let media = negotiate::accepted(request.headers())?;
    let read = if post {
        negotiate::require_json(request.headers())?;
        Body::parse(&read_body(request, body, edge.config.graphql.body_bytes_max).await?)
    } else {
        Params::from_query(request.query_string()).map(Body::One)
    };
    let asked = match read {
        Ok(asked) => asked,
        Err(error) => {
            let refusal = run::request_error(ErrorCode::BadRequest, error.0);
            return Ok(answer(
                StatusCode::BAD_REQUEST,
                media,
                run::to_json(&refusal),
            ));
        }
    };
    let caller = edge.caller(side, request.head(), &trace_id(request));
    let known = edge.authenticate(&caller).await?;
    if let Err(seconds) = edge.count_request(&caller, known.identity).await {
        let body = run::to_json(&run::rate_limited(seconds));
        let mut limited = answer(StatusCode::TOO_MANY_REQUESTS, media, body);
        limited
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        return Ok(limited);
    }
    metrics::counter!("graphql_requests_total", "side" => side.name()).increment(1);
    let changes = SessionChanges::default();
    let context = Context {
        edge,
        side,
        known,
        changes: changes.clone(),
        get: !post,
    };
    let mut answer = match asked {
        Body::One(params) => context.one(params, media).await,
        Body::Batch(batch) => context.batch(batch, media).await?,
    };
    set_cookies(&mut answer, request, changes, edge.site.https);
    Ok(answer)
}

/// What the operations of one request share.
struct Context<'a> {
    edge: &'a Edge,
    side: Side,
    known: Authenticated,
    changes: SessionChanges,
    get: bool,
}

impl Context<'_> {
    async fn one(&self, params: Params, media: MediaType) -> HttpResponse {
        let (response, refused_status) = self.execute(params).await;
        let status = match (refused_status, media) {
            (Some(status), _) => status,
            (None, MediaType::GraphqlResponse) if run::is_request_error(&response) => {
                StatusCode::BAD_REQUEST
            }
            (None, _) => StatusCode::OK,
        };
        let mut whole = answer(status, media, run::to_json(&response));
        if status == StatusCode::METHOD_NOT_ALLOWED {
            whole
                .headers_mut()
                .insert(header::ALLOW, HeaderValue::from_static("POST"));
        }
        if let Some(seconds) = run::retry_after_s(&response) {
            whole
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        whole
    }

    /// One after the other, so that a batch is no way to race against oneself.
    async fn batch(&self, batch: Vec<Params>, media: MediaType) -> Result<HttpResponse, HttpError> {
        if batch.len() > self.edge.config.graphql.batch_max {
            return Err(HttpError::new(
                ErrorCode::TooLarge,
                "too many requests in one batch",
            ));
        }
        let mut whole = BytesMut::from(&b"["[..]);
        let mut wait = None;
        for (place, params) in batch.into_iter().enumerate() {
            let (response, _) = self.execute(params).await;
            wait = wait.max(run::retry_after_s(&response));
            if place > 0 {
                whole.extend_from_slice(b",");
            }
            whole.extend_from_slice(&run::to_json(&response));
        }
        whole.extend_from_slice(b"]");
        let mut whole = answer(StatusCode::OK, media, whole.freeze());
        if let Some(seconds) = wait {
            whole
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        Ok(whole)
    }

    /// The answer, and the status where it does not depend on the media type.
    async fn execute(&self, params: Params) -> (Response, Option<StatusCode>) {
        let config = &self.edge.config;
        let operation = match Operation::prepare(params, &config.graphql, config.introspection) {
            Ok(operation) => operation,
            Err(refused) => return (*refused, None),
        };
        match operation.kind {
            OperationType::Mutation if self.get => {
                let text = "Mutations need POST.";
                let refused = run::request_error(ErrorCode::BadRequest, text);
                return (refused, Some(StatusCode::METHOD_NOT_ALLOWED));
            }
            OperationType::Subscription => {
                let text = "Subscriptions need a WebSocket with graphql-transport-ws.";
                let refused = run::request_error(ErrorCode::BadRequest, text);
                return (refused, Some(StatusCode::BAD_REQUEST));
            }
            OperationType::Mutation | OperationType::Query => {}
        }
        let operation = operation.with_data(|data| (self.known.data)(data, Some(&self.changes)));
        let executor = self.edge.executor(self.side);
        (run::coded(executor.execute(operation.request).await), None)
    }
}

/// Reads a body, and not a byte beyond `bytes_max`.
async fn read_body(
    request: &HttpRequest,
    mut body: Payload,
    bytes_max: usize,
) -> Result<Bytes, HttpError> {
    let too_large = || HttpError::new(ErrorCode::TooLarge, "the body is too large");
    let told = request.headers().get(header::CONTENT_LENGTH);
    let told = told.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if told.is_some_and(|length| length > bytes_max) {
        return Err(too_large());
    }
    let mut whole = BytesMut::with_capacity(told.unwrap_or(0));
    while let Some(chunk) = body.next().await {
        let chunk =
            chunk.map_err(|_| HttpError::new(ErrorCode::BadRequest, "the body broke off"))?;
        if whole.len() + chunk.len() > bytes_max {
            return Err(too_large());
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.freeze())
}

fn answer(status: StatusCode, media: MediaType, body: Bytes) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, media.content_type()))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body)
}

fn set_cookies(
    answer: &mut HttpResponse,
    request: &HttpRequest,
    changes: SessionChanges,
    https: bool,
) {
    let changes = changes.take();
    if changes.is_empty() {
        return;
    }
    for cookie in Cookies::read(request.head(), https).apply(changes, https) {
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            answer.headers_mut().append(header::SET_COOKIE, value);
        }
    }
}

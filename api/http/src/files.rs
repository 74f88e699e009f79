//! The bytes of files: small ones come in one request, all of them go out through here. Whoever may
//! not read a file, and whoever has no session, is told that there is nothing.

mod disposition;
mod range;

use std::time::Duration;

use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{self, Payload};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use api_graphql::{LimitKey, LimitedAction, problem_text};
use bytes::Bytes;
use futures::{StreamExt as _, future, stream};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tenancy_access::{DomainError, TenantContext};
use tenancy_files::{Download, Upload, UploadStartInput};
use tenancy_model::{
    ErrorCode, FileId, FilePurpose, Problem, TenantId, limits::SMALL_FILE_BYTES_MAX,
};
use tokio::sync::mpsc;
use tokio::time::timeout;

use self::disposition::disposition;
use self::range::{Wanted, wanted};
use crate::edge::Edge;
use crate::error::HttpError;
use crate::extract::caller::Caller;
use crate::middleware::trace_id;

/// Chunks of a body that wait between the connection and the object store.
const CHUNKS_WAITING: usize = 2;
/// A body of which nothing comes for so long has broken off.
const CHUNK_WAIT: Duration = Duration::from_secs(30);
/// A browser runs nothing of a file and loads nothing for it.
const SANDBOX: &str = "sandbox; default-src 'none'";
/// Asked about at every use, because the permission may be gone.
const ASK_AGAIN: &str = "private, no-cache";
/// A picture of a person has a new id when it changes.
const FOR_EVER: &str = "private, max-age=31536000, immutable";

/// The query of [`small`].
#[derive(Deserialize)]
pub(crate) struct Small {
    name: String,
    nonce: String,
    #[serde(default)]
    purpose: Purpose,
}

/// As the schema writes it.
#[derive(Deserialize, Clone, Copy, Default)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Purpose {
    #[default]
    Message,
    Avatar,
    CompanyLogo,
}

/// `POST /files/{tenant}/small`: a file of at most 8 MiB as the body, whose `Content-Length` is its
/// size; the same nonce again is the same upload. Answers `{problem, upload}` like the mutations of
/// uploads, with the status of the problem.
///
/// # Errors
/// Those of every request; `UNAUTHENTICATED` without a session of the tenant.
pub(crate) async fn small(
    request: HttpRequest,
    path: web::Path<String>,
    query: web::Query<Small>,
    body: Payload,
    edge: web::Data<Edge>,
) -> Result<HttpResponse, HttpError> {
    edge.site.require_own_page(request.head())?;
    let caller = callers(&edge, &request, &path).into_iter().next();
    let ctx = match &caller {
        Some(caller) => edge.tenant_context(caller).await?,
        None => None,
    };
    edge.count_file(&request, ctx.as_ref()).await?;
    let ctx =
        ctx.ok_or_else(|| HttpError::new(ErrorCode::Unauthenticated, "sign in to the tenant"))?;
    let size_bytes = content_length(&request)
        .ok_or_else(|| HttpError::new(ErrorCode::BadRequest, "the length has to be told"))?;
    let input = UploadStartInput {
        nonce: query.nonce.clone(),
        name: query.name.clone(),
        size_bytes,
        purpose: match query.purpose {
            Purpose::Message => FilePurpose::Message,
            Purpose::Avatar => FilePurpose::Avatar,
            Purpose::CompanyLogo => FilePurpose::CompanyLogo,
        },
        to_partner: false,
    };
    match put(&edge, &ctx, &input, body).await {
        Ok(upload) => Ok(HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .json(json!({ "problem": Value::Null, "upload": shown(&upload) }))),
        Err(DomainError::Refused(problem)) => Ok(refused(&problem, &ctx)),
        Err(error) => Err(error.into()),
    }
}

/// Hands the body on. What nobody wants is read all the same up to the bound of a small file, so
/// that the client hears why instead of a broken connection.
async fn put(
    edge: &Edge,
    ctx: &TenantContext,
    input: &UploadStartInput,
    mut body: Payload,
) -> Result<Upload, DomainError> {
    if input.size_bytes > SMALL_FILE_BYTES_MAX {
        // Refused before it was read: the verb says by which limit.
        return edge
            .ports
            .files
            .put_small(ctx, input, Box::pin(stream::empty()))
            .await;
    }
    // The connection's stream stays on its thread; the store's may go anywhere.
    let (sender, mut receiver) = mpsc::channel(CHUNKS_WAITING);
    let chunks = stream::poll_fn(move |cx| receiver.poll_recv(cx));
    let pass = async {
        loop {
            let chunk = match timeout(CHUNK_WAIT, body.next()).await {
                Ok(Some(chunk)) => chunk.map_err(|error| std::io::Error::other(error.to_string())),
                Ok(None) => break,
                Err(_) => Err(std::io::ErrorKind::TimedOut.into()),
            };
            let broken = chunk.is_err();
            // Refused before its end: the rest is read and dropped.
            let _ = sender.send(chunk).await;
            if broken {
                break;
            }
        }
        drop(sender);
    };
    let put = edge.ports.files.put_small(ctx, input, Box::pin(chunks));
    let (upload, ()) = future::join(put, pass).await;
    upload
}

/// `GET` and `HEAD /files/{tenant}/{grant}/{name}`: the name is for the browser alone.
///
/// # Errors
/// `NOT_FOUND`, whatever is wrong with the grant; 416; `UNAVAILABLE` while the store is away.
pub(crate) async fn granted(
    request: HttpRequest,
    path: web::Path<(String, String, String)>,
    edge: web::Data<Edge>,
) -> Result<HttpResponse, HttpError> {
    let (tenant, grant, _) = path.into_inner();
    for caller in callers(&edge, &request, &tenant) {
        let ctx = edge.tenant_context(&caller).await?;
        edge.count_file(&request, ctx.as_ref()).await?;
        let Some(ctx) = ctx else { continue };
        // A grant is for one session: that of the other surface may be the one.
        match edge.ports.files.open_download(&ctx, &grant).await {
            Ok(download) => return send(&request, download, ASK_AGAIN).await,
            Err(error) => go_on(error)?,
        }
    }
    Err(nothing())
}

/// `GET` and `HEAD /files/{tenant}/avatar/{file}` and `…/logo/{file}`: any colleague may.
///
/// # Errors
/// As [`granted`].
pub(crate) async fn picture(
    request: HttpRequest,
    path: web::Path<(String, String, String)>,
    edge: web::Data<Edge>,
) -> Result<HttpResponse, HttpError> {
    let (tenant, _, file) = path.into_inner();
    let file: FileId = file.parse().map_err(|_| nothing())?;
    for caller in callers(&edge, &request, &tenant) {
        let ctx = edge.tenant_context(&caller).await?;
        edge.count_file(&request, ctx.as_ref()).await?;
        let Some(ctx) = ctx else { continue };
        match edge.ports.files.open_picture(&ctx, file).await {
            Ok(download) => return send(&request, download, FOR_EVER).await,
            Err(error) => go_on(error)?,
        }
    }
    Err(nothing())
}

impl Edge {
    /// The session's context, or nobody.
    async fn tenant_context(&self, caller: &Caller) -> Result<Option<TenantContext>, HttpError> {
        let found = self.ports.authenticator.tenant_context(caller).await;
        found.map_err(|error| self.not_looked_up(caller, &error))
    }

    /// Counts one request for a file.
    async fn count_file(
        &self,
        request: &HttpRequest,
        ctx: Option<&TenantContext>,
    ) -> Result<(), HttpError> {
        let session = ctx.and_then(|ctx| ctx.actor.session());
        let key = match session {
            Some(session) => LimitKey::Session(session),
            None => LimitKey::Source(self.client_ip(request.head())),
        };
        let counted = self.ports.limits.check(LimitedAction::Api, key).await;
        counted.map_err(|seconds| {
            HttpError::new(ErrorCode::RateLimited, "too often").retry_after_s(seconds)
        })
    }
}

/// Whoever this request may be from: of the tenant in its path, by the cookie of either surface.
fn callers(edge: &Edge, request: &HttpRequest, tenant: &str) -> Vec<Caller> {
    let Ok(tenant) = tenant.parse::<TenantId>() else {
        return Vec::new();
    };
    edge.callers_at(request.head(), tenant, &trace_id(request))
}

fn nothing() -> HttpError {
    HttpError::new(ErrorCode::NotFound, "there is nothing here")
}

/// What is somebody's fault is nothing to whoever asks; our own failures are told.
fn go_on(error: DomainError) -> Result<(), HttpError> {
    let error = HttpError::from(error);
    match error.code {
        ErrorCode::Unavailable | ErrorCode::Internal => Err(error),
        _ => Ok(()),
    }
}

async fn send(
    request: &HttpRequest,
    download: Download,
    cache: &'static str,
) -> Result<HttpResponse, HttpError> {
    let (method, headers) = (request.method(), request.headers());
    let size = download.size_bytes;
    let (status, part) = match wanted(method, headers, download.etag.as_deref(), size) {
        Wanted::Nothing => {
            let mut answer = described(StatusCode::NOT_MODIFIED, &download, cache);
            return Ok(answer.finish());
        }
        Wanted::Outside => {
            let mut answer = HttpResponse::build(StatusCode::RANGE_NOT_SATISFIABLE);
            let all = format!("bytes */{}", size.unwrap_or(0));
            return Ok(answer.insert_header((header::CONTENT_RANGE, all)).finish());
        }
        Wanted::Whole => (StatusCode::OK, None),
        Wanted::Part(part) => (StatusCode::PARTIAL_CONTENT, Some(part)),
    };
    let mut answer = described(status, &download, cache);
    answer.insert_header((header::CONTENT_TYPE, &*download.content_type));
    let length = match &part {
        Some(part) => Some(part.end() - part.start() + 1),
        None => size,
    };
    if let (Some(part), Some(size)) = (&part, size) {
        let range = format!("bytes {}-{}/{size}", part.start(), part.end());
        answer.insert_header((header::CONTENT_RANGE, range));
    }
    if request.method() == actix_web::http::Method::HEAD {
        let none = stream::empty::<Result<Bytes, std::io::Error>>();
        return Ok(match length {
            Some(length) => answer.body(SizedStream::new(length, none)),
            None => answer.streaming(none),
        });
    }
    let bytes = download.read(part).await?;
    Ok(match length {
        Some(length) => answer.body(SizedStream::new(length, bytes)),
        None => answer.streaming(bytes),
    })
}

/// Everything but the bytes, their type and their length.
fn described(status: StatusCode, download: &Download, cache: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::build(status);
    let ranges = if download.size_bytes.is_some() {
        "bytes"
    } else {
        "none"
    };
    answer
        .insert_header((header::CACHE_CONTROL, cache))
        .insert_header((header::ACCEPT_RANGES, ranges))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CONTENT_SECURITY_POLICY, SANDBOX));
    let name = disposition(download.inline, &download.name);
    if let Ok(name) = HeaderValue::from_str(&name) {
        answer.insert_header((header::CONTENT_DISPOSITION, name));
    }
    if let Some(etag) = &download.etag {
        answer.insert_header((header::ETAG, format!("\"{etag}\"")));
    }
    answer
}

fn content_length(request: &HttpRequest) -> Option<u64> {
    let told = request.headers().get(header::CONTENT_LENGTH)?;
    told.to_str().ok()?.parse().ok()
}

/// The upload as the schema names it.
fn shown(upload: &Upload) -> Value {
    json!({
        "id": upload.id.to_string(),
        "name": upload.name,
        "sizeBytes": upload.size_bytes,
        "state": in_schema(upload.state),
        "purpose": in_schema(upload.purpose),
        "fileId": upload.file.map(|id| id.to_string()),
        "expiresAt": upload.expires_at,
    })
}

/// A word of the model as the schema writes it.
fn in_schema(word: impl Serialize) -> Value {
    match serde_json::to_value(word) {
        Ok(Value::String(word)) => word.to_ascii_uppercase().into(),
        _ => Value::Null,
    }
}

fn refused(problem: &Problem, ctx: &TenantContext) -> HttpResponse {
    let status = StatusCode::from_u16(problem.code.status());
    let mut answer = HttpResponse::build(status.unwrap_or(StatusCode::BAD_REQUEST));
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    if let Some(seconds) = problem.retry_after_s {
        answer.insert_header((header::RETRY_AFTER, HeaderValue::from(seconds)));
    }
    let told = json!({
        "code": problem.code.code(),
        "field": problem.field,
        "limit": problem.limit,
        "used": problem.used,
        "retryAfterS": problem.retry_after_s,
        "message": problem_text(problem.code, ctx.origin.language),
    });
    answer.json(json!({ "problem": told, "upload": Value::Null }))
}

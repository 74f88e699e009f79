//! The frontend: its built files out of the binary (in a development build out of the folder they
//! were built into), or out of a configured folder. Every unknown path is a page of the frontend,
//! so it answers `index.html`; files with a hash in their name may be kept for ever.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::web;
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::RustEmbed;
use tenancy_model::ErrorCode;

use crate::edge::Edge;
use crate::error::HttpError;

const INDEX: &str = "index.html";
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Kept, but asked about before each use.
const ASK_AGAIN: &str = "no-cache";
/// Paths that are never a page.
const NO_PAGES: [&str; 7] = [
    "/graphql",
    "/platform/graphql",
    "/assets/",
    "/files/",
    "/healthz",
    "/readyz",
    "/metrics",
];
/// Compressed forms that the build may put beside a file, best first.
const ENCODINGS: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

#[derive(RustEmbed)]
#[folder = "../../frontend/dist"]
#[allow_missing = true]
struct Built;

/// Any path that no other route has.
///
/// # Errors
/// `NOT_FOUND` for what is neither a file nor a page, 405 for what is no GET.
pub(crate) async fn serve(
    request: HttpRequest,
    edge: web::Data<Edge>,
) -> Result<HttpResponse, HttpError> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(HttpError::new(ErrorCode::BadRequest, "only GET works here")
            .status(StatusCode::METHOD_NOT_ALLOWED));
    }
    let path = request.path();
    let name = path.trim_start_matches('/');
    let folder = edge.config.frontend_dir.as_str();
    let asset = name.starts_with("assets/");
    if let Some(answer) = file(folder, name, asset, request.headers()).await {
        return Ok(answer);
    }
    let page = !NO_PAGES.iter().any(|known| path.starts_with(known)) && !looks_like_a_file(name);
    if page {
        if let Some(answer) = file(folder, INDEX, false, request.headers()).await {
            return Ok(answer);
        }
        return Ok(HttpResponse::ServiceUnavailable().body("The frontend has not been built."));
    }
    Err(HttpError::new(ErrorCode::NotFound, "there is nothing here"))
}

/// `theme.js` does, `u/anna.li` does not matter: pages have no extension in their last segment.
fn looks_like_a_file(name: &str) -> bool {
    name.rsplit('/')
        .next()
        .is_some_and(|last| last.contains('.'))
}

async fn file(folder: &str, name: &str, for_ever: bool, asked: &HeaderMap) -> Option<HttpResponse> {
    if name.is_empty() || name.ends_with(".br") || name.ends_with(".gz") {
        return None;
    }
    let accepted = asked
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    let accepted = accepted.unwrap_or_default();
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((header::CONTENT_TYPE, content_type(name)))
        .insert_header((
            header::CACHE_CONTROL,
            if for_ever { FOR_EVER } else { ASK_AGAIN },
        ))
        .insert_header((header::VARY, "accept-encoding"));
    for (encoding, extension) in ENCODINGS {
        if !accepts(accepted, encoding) {
            continue;
        }
        if let Some(bytes) = read(folder, &format!("{name}.{extension}")).await {
            answer.insert_header((header::CONTENT_ENCODING, encoding));
            return Some(answer.body(bytes.into_owned()));
        }
    }
    let bytes = read(folder, name).await?;
    Some(match bytes {
        Cow::Borrowed(bytes) => answer.body(bytes),
        Cow::Owned(bytes) => answer.body(bytes),
    })
}

fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|range| {
        let mut parts = range.split(';').map(str::trim);
        parts.next() == Some(encoding) && parts.next() != Some("q=0")
    })
}

async fn read(folder: &str, name: &str) -> Option<Cow<'static, [u8]>> {
    let plain = Path::new(name)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if !plain {
        return None;
    }
    if folder.is_empty() {
        return Built::get(name).map(|file| file.data);
    }
    let path: PathBuf = Path::new(folder).join(name);
    tokio::fs::read(path).await.ok().map(Cow::Owned)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "mp3" => "audio/mpeg",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn got(folder: &Path, name: &str, encodings: &str) -> Option<HttpResponse> {
        let mut asked = HeaderMap::new();
        let value = header::HeaderValue::from_str(encodings).unwrap();
        asked.insert(header::ACCEPT_ENCODING, value);
        file(folder.to_str().unwrap(), name, true, &asked).await
    }

    #[tokio::test]
    async fn a_compressed_sibling_is_served_to_who_takes_it() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.js"), "plain").unwrap();
        std::fs::write(folder.path().join("a.js.gz"), "packed").unwrap();
        let packed = got(folder.path(), "a.js", "gzip, br").await.unwrap();
        assert_eq!(packed.headers().get("content-encoding").unwrap(), "gzip");
        let plain = got(folder.path(), "a.js", "identity").await.unwrap();
        assert!(plain.headers().get("content-encoding").is_none());
        assert_eq!(plain.headers().get("cache-control").unwrap(), FOR_EVER);
        assert!(got(folder.path(), "../a.js", "").await.is_none());
        assert!(got(folder.path(), "a.js.gz", "").await.is_none());
    }
}

//! Headers of every answer: no script but our own files, no framing, no guessing of types, https
//! for good where it is used. What a handler set itself (a file in a sandbox) stays.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web;

use crate::edge::Edge;

/// Styles may be inline because Ant Design writes its own; scripts never. `{uploads}` is where the
/// parts of large files go, if that is not here.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; \
    style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; \
    media-src 'self' blob:; connect-src 'self'{uploads}; worker-src 'self'; manifest-src 'self'; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const PERMISSIONS_POLICY: &str =
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()";
const HSTS: &str = "max-age=31536000";

/// The policy of our pages; `upload_origin` is where the parts of large files go besides here.
pub(crate) fn content_security_policy(upload_origin: Option<&str>) -> HeaderValue {
    let uploads = upload_origin.map(|origin| format!(" {origin}"));
    let with = CONTENT_SECURITY_POLICY.replace("{uploads}", &uploads.unwrap_or_default());
    let without = || CONTENT_SECURITY_POLICY.replace("{uploads}", "");
    HeaderValue::from_str(&with)
        .or_else(|_| HeaderValue::from_str(&without()))
        .unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// Adds the headers that are not there yet.
pub(crate) async fn security_headers(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let edge = request.app_data::<web::Data<Edge>>();
    let https = edge.is_some_and(|edge| edge.site.https);
    let policy = edge.map(|edge| edge.content_security_policy.clone());
    let mut answer = next.call(request).await?;
    let headers = answer.headers_mut();
    if let Some(policy) = policy
        && !headers.contains_key(header::CONTENT_SECURITY_POLICY)
    {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
        (header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
        (header::PERMISSIONS_POLICY, PERMISSIONS_POLICY),
    ] {
        add(headers, name, value);
    }
    if https {
        add(headers, header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    Ok(answer)
}

fn add(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    if !headers.contains_key(&name) {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_files_may_go_to_their_store_and_nowhere_else() {
        let policy = |origin| content_security_policy(origin).to_str().map(str::to_owned);
        let here = policy(None).unwrap();
        assert!(
            here.contains("connect-src 'self';") && !here.contains('{'),
            "{here}"
        );
        let there = policy(Some("https://s3.example.com")).unwrap();
        assert!(
            there.contains("connect-src 'self' https://s3.example.com;"),
            "{there}"
        );
        assert_eq!(policy(Some("a\nb")).unwrap(), here);
    }
}

//! Whether a page of ours may upload into the bucket: a browser asks first (a preflight), then puts
//! and reads by signed addresses, and lets the page see of the answers what CORS headers allow.

use std::time::Duration;

use bytes::Bytes;

use super::{BlobError, BlobStore, Disposition};
use crate::web_probe::{Answer, ask};

/// How long the probe's addresses are good.
const VALID_FOR: Duration = Duration::from_secs(60);
/// What the probe puts.
const BODY: &[u8] = b"hansa doctor";
const TYPE: &str = "text/plain";

/// What a page of an origin may not do with the bucket, in words; empty when all is well.
pub type CorsFaults = Vec<String>;

/// The CORS configuration that our pages need, as S3 takes it (`PutBucketCors`, JSON).
#[must_use]
pub fn cors_rules(origin: &str) -> serde_json::Value {
    serde_json::json!({ "CORSRules": [{
        "AllowedOrigins": [origin],
        "AllowedMethods": ["GET", "HEAD", "PUT"],
        "AllowedHeaders": ["*"],
        "ExposeHeaders": ["ETag"],
        "MaxAgeSeconds": 3600,
    }] })
}

impl BlobStore {
    /// Uploads, reads and removes an object of `key` as a page of `origin` would, at the address
    /// that browsers are given.
    ///
    /// # Errors
    /// [`BlobError::Service`] when that address does not answer or refuses what we signed.
    pub async fn check_cors(&self, key: &str, origin: &str) -> Result<CorsFaults, BlobError> {
        let put = self
            .presign_put(key, TYPE, BODY.len() as u64, VALID_FOR)
            .await?;
        let mut faults = CorsFaults::new();
        // A browser sets these itself and does not ask for them.
        let own = |name: &str| matches!(name, "content-length" | "host");
        let headers: Vec<_> = put.headers.iter().filter(|(name, _)| !own(name)).collect();
        let names: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).collect();
        let preflight = [
            pair("origin", origin),
            pair("access-control-request-method", "PUT"),
            pair("access-control-request-headers", &names.join(",")),
        ];
        let asked = visit("OPTIONS", &put.url, &preflight, b"").await?;
        let allowed = asked.header("access-control-allow-methods").to_uppercase();
        if asked.status >= 300 || !opens(&asked, origin) {
            faults.push(format!(
                "the preflight is refused (status {})",
                asked.status
            ));
        } else if !lists(&allowed, "PUT") {
            faults.push("PUT is not allowed".to_owned());
        } else {
            let known = asked.header("access-control-allow-headers").to_lowercase();
            let missing = names.iter().filter(|name| !lists(&known, name));
            faults.extend(missing.map(|name| format!("header {name} is not allowed")));
        }
        let mut sent: Vec<_> = headers.into_iter().cloned().collect();
        sent.push(pair("origin", origin));
        let stored = expect_ok(visit("PUT", &put.url, &sent, BODY).await?)?;
        if !opens(&stored, origin) {
            faults.push("the answer to PUT is hidden from the page".to_owned());
        } else {
            let shown = stored
                .header("access-control-expose-headers")
                .to_lowercase();
            if !lists(&shown, "etag") {
                faults.push("ETag is not exposed".to_owned());
            }
        }
        let get = self
            .presign_get(key, Disposition::Inline, "probe", VALID_FOR)
            .await?;
        let read = visit("GET", &get, &[pair("origin", origin)], b"").await;
        let removed = self.delete(key).await;
        if !opens(&expect_ok(read?)?, origin) {
            faults.push("the answer to GET is hidden from the page".to_owned());
        }
        removed.map(|()| faults)
    }
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

async fn visit(
    method: &str,
    url: &str,
    headers: &[(String, String)],
    body: &'static [u8],
) -> Result<Answer, BlobError> {
    let asked = ask(method, url, headers, Bytes::from_static(body)).await;
    asked.map_err(|error| BlobError::Service(format!("as browsers reach it: {error}")))
}

fn expect_ok(answer: Answer) -> Result<Answer, BlobError> {
    if answer.status < 300 {
        return Ok(answer);
    }
    let said = String::from_utf8_lossy(&answer.body);
    let status = answer.status;
    Err(BlobError::Service(format!(
        "a signed address is refused with status {status}: {said}"
    )))
}

fn opens(answer: &Answer, origin: &str) -> bool {
    let allowed = answer.header("access-control-allow-origin");
    allowed == "*" || allowed == origin
}

fn lists(header: &str, wanted: &str) -> bool {
    let mut entries = header.split(',').map(str::trim);
    entries.any(|entry| entry == "*" || entry == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_headers_is_read_by_its_entries() {
        assert!(lists("content-type, etag", "etag"));
        assert!(lists("*", "etag"));
        assert!(!lists("x-etag", "etag") && !lists("", "etag"));
    }
}

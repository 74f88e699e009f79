//! Whose page sent a request (DESIGN 11). A POST or an upgrade that carries a cookie must come from
//! one of our own pages; an upgrade that names another page is refused even without a cookie.

use actix_web::dev::RequestHead;
use actix_web::http::StatusCode;
use actix_web::http::header;
use tenancy_model::ErrorCode;

use crate::config::HttpConfig;
use crate::error::HttpError;

const FETCH_SITE: &str = "sec-fetch-site";

/// What this deployment is called, and which other pages may speak to it.
#[derive(Debug, Clone)]
pub struct Site {
    /// `scheme://host[:port]` of the public address; empty when none is configured.
    origin: String,
    allowed: Vec<String>,
    /// Whether browsers reach us over TLS.
    pub https: bool,
}

impl Site {
    /// Out of the configuration.
    #[must_use]
    pub fn new(config: &HttpConfig) -> Self {
        Self {
            origin: origin_of(&config.public_url),
            allowed: config
                .allowed_origins
                .iter()
                .map(|url| origin_of(url))
                .collect(),
            https: config
                .public_url
                .to_ascii_lowercase()
                .starts_with("https://"),
        }
    }

    /// Lets pass what comes from one of our pages, or from no page and without a cookie.
    ///
    /// # Errors
    /// `FORBIDDEN` for a foreign page, and for a cookie without a sign of our own page.
    pub fn require_own_page(&self, head: &RequestHead) -> Result<(), HttpError> {
        let has_cookie = head.headers().contains_key(header::COOKIE);
        let named = head
            .headers()
            .get(header::ORIGIN)
            .map(|value| value.to_str().unwrap_or(""));
        let allowed = match named {
            Some(origin) => {
                self.is_own(origin, head)
                    || (!has_cookie && self.allowed.iter().any(|known| known == origin))
            }
            None => !has_cookie || fetch_site(head) == Some("same-origin"),
        };
        if allowed {
            return Ok(());
        }
        Err(HttpError::new(
            ErrorCode::Forbidden,
            "the request comes from a foreign page",
        )
        .status(StatusCode::FORBIDDEN))
    }

    fn is_own(&self, origin: &str, head: &RequestHead) -> bool {
        let origin = origin.to_ascii_lowercase();
        if !self.origin.is_empty() && origin == self.origin {
            return true;
        }
        // On loopback the address is whatever the developer typed; nobody else can be reached
        // there, and a foreign name that resolves to it is no loopback name.
        let loopback = head.peer_addr.is_some_and(|peer| peer.ip().is_loopback());
        let host = head
            .headers()
            .get(header::HOST)
            .and_then(|value| value.to_str().ok());
        loopback
            && host.is_some_and(|host| is_loopback_name(host) && origin == format!("http://{host}"))
    }
}

fn fetch_site(head: &RequestHead) -> Option<&str> {
    head.headers()
        .get(FETCH_SITE)
        .and_then(|value| value.to_str().ok())
}

/// `https://chat.example.com/x` is `https://chat.example.com`.
fn origin_of(url: &str) -> String {
    let url = url.trim().to_ascii_lowercase();
    match url.split_once("://") {
        Some((scheme, rest)) => {
            let host = rest.split('/').next().unwrap_or_default();
            let default_port = if scheme == "https" { ":443" } else { ":80" };
            format!(
                "{scheme}://{}",
                host.strip_suffix(default_port).unwrap_or(host)
            )
        }
        None => url,
    }
}

fn is_loopback_name(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn passes(peer: &str, headers: &[(&str, &str)]) -> bool {
        let site = Site::new(&HttpConfig {
            public_url: "https://chat.example.com/".to_owned(),
            allowed_origins: vec!["https://app.partner.example".to_owned()],
            ..HttpConfig::default()
        });
        let mut request = TestRequest::default().peer_addr(peer.parse().unwrap());
        for (name, value) in headers {
            request = request.insert_header((*name, *value));
        }
        site.require_own_page(request.to_http_request().head())
            .is_ok()
    }

    #[test]
    fn a_cookie_needs_our_own_page() {
        let far = "203.0.113.5:9";
        let cookie = ("cookie", "member=x");
        assert!(passes(
            far,
            &[cookie, ("origin", "https://chat.example.com")]
        ));
        assert!(passes(far, &[cookie, (FETCH_SITE, "same-origin")]));
        assert!(!passes(far, &[cookie]));
        assert!(!passes(far, &[cookie, (FETCH_SITE, "same-site")]));
        assert!(!passes(far, &[cookie, ("origin", "https://evil.example")]));
        assert!(!passes(far, &[cookie, ("origin", "null")]));
        assert!(!passes(
            far,
            &[cookie, ("origin", "https://app.partner.example")]
        ));
        assert!(!passes(
            far,
            &[
                cookie,
                ("origin", "https://evil.example"),
                (FETCH_SITE, "same-origin")
            ]
        ));
    }

    #[test]
    fn without_a_cookie_only_a_foreign_page_is_refused() {
        let far = "203.0.113.5:9";
        assert!(passes(far, &[]));
        assert!(passes(far, &[("origin", "https://app.partner.example")]));
        assert!(!passes(far, &[("origin", "https://evil.example")]));
    }

    #[test]
    fn on_loopback_the_host_itself_is_ours() {
        let near = "127.0.0.1:9";
        let cookie = ("cookie", "member=x");
        let host = ("host", "127.0.0.1:8080");
        assert!(passes(
            near,
            &[cookie, host, ("origin", "http://127.0.0.1:8080")]
        ));
        assert!(!passes(
            near,
            &[cookie, host, ("origin", "http://127.0.0.1:9090")]
        ));
        assert!(!passes(
            near,
            &[
                cookie,
                ("host", "evil.test:80"),
                ("origin", "http://evil.test:80")
            ]
        ));
        assert!(!passes(
            "203.0.113.5:9",
            &[cookie, host, ("origin", "http://127.0.0.1:8080")]
        ));
    }
}

//! How browsers reach this deployment: the public URL, and the proxy in front of it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use actix_web::http::Uri;
use platform::web_probe::ask;
use tokio::net::lookup_host;

use super::Check;
use crate::RootConfig;

const SET: &str = "set http.public_url (HANSA_HTTP_PUBLIC_URL) to the https address that browsers \
                   use, without a path, such as https://chat.example.com";

pub(super) async fn check(config: &RootConfig) -> Vec<Check> {
    let configured = config.http.public_url.as_str();
    if configured.is_empty() {
        let what = format!("not set, and the server listens on {}", config.listen);
        return vec![match config.is_local() {
            true => Check::ok("public-url.set", format!("{what}: this machine alone")),
            false => Check::fail("public-url.set", what, SET),
        }];
    }
    let Some((host, port, is_https)) = parts(configured) else {
        let what = format!("{configured} is no address of a site");
        return vec![Check::fail("public-url.set", what, SET)];
    };
    vec![
        Check::ok("public-url.set", configured),
        https(configured, &host, is_https),
        resolves(&host, port).await,
        reaches(config).await,
        proxies(config, is_https),
    ]
}

/// Host, port and whether it is https, of an address without a path.
fn parts(url: &str) -> Option<(String, u16, bool)> {
    let uri: Uri = url.parse().ok()?;
    let is_https = match uri.scheme_str()? {
        "https" => true,
        "http" => false,
        _ => return None,
    };
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        return None;
    }
    let host = uri.host().filter(|host| !host.is_empty())?;
    let host = host.trim_matches(['[', ']']).to_owned();
    let port = uri.port_u16().unwrap_or(if is_https { 443 } else { 80 });
    Some((host, port, is_https))
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

fn https(url: &str, host: &str, is_https: bool) -> Check {
    if is_https || is_this_machine(host) {
        return Check::ok(
            "public-url.https",
            if is_https { "https" } else { "this machine" },
        );
    }
    let what = format!("{url} is not https: passwords and messages can be read on the way");
    let remedy = "put a proxy with a certificate in front (Caddy gets one by itself) and set \
                  http.public_url to its https address";
    Check::fail("public-url.https", what, remedy)
}

async fn resolves(host: &str, port: u16) -> Check {
    match lookup_host((host, port)).await {
        Ok(found) => {
            let mut found: Vec<_> = found.map(|address| address.ip().to_string()).collect();
            found.dedup();
            Check::ok(
                "public-url.resolves",
                format!("{host} is {}", found.join(", ")),
            )
        }
        Err(error) => {
            let remedy = "add an A or AAAA record for it, or mend http.public_url";
            Check::fail("public-url.resolves", format!("{host}: {error}"), remedy)
        }
    }
}

/// Asked only while the server runs: without it there is nothing to reach.
async fn reaches(config: &RootConfig) -> Check {
    let near = format!("http://{}/healthz", on_this_machine(config.listen));
    if let Err(why) = is_alive(&near).await {
        let what = format!("not asked: no server answers at {} ({why})", config.listen);
        return Check::ok("public-url.reaches", what);
    }
    let url = format!("{}/healthz", config.public_url());
    match is_alive(&url).await {
        Ok(()) => Check::ok("public-url.reaches", format!("{url} answers")),
        Err(why) => {
            let remedy = format!(
                "let the proxy pass every path and WebSocket upgrades to {}",
                config.listen
            );
            Check::fail("public-url.reaches", format!("{url}: {why}"), remedy)
        }
    }
}

/// Where a listener on all addresses is found from here.
fn on_this_machine(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

async fn is_alive(url: &str) -> Result<(), String> {
    let asked = ask("GET", url, &[], "".into()).await;
    let answer = asked.map_err(|error| error.to_string())?;
    if answer.status == 200 && &answer.body[..] == b"ok" {
        return Ok(());
    }
    Err(format!("status {}, and not from Hansa", answer.status))
}

/// The server itself speaks http alone, so that behind https there is a proxy.
fn proxies(config: &RootConfig, is_https: bool) -> Check {
    let trusted = config.http.trusted_proxies;
    let what = format!("{trusted} proxies are trusted to tell who calls");
    if is_https && trusted == 0 {
        let remedy = "set http.trusted_proxies (HANSA_HTTP_TRUSTED_PROXIES) to the number of \
                      proxies in front: else all callers look like the proxy, and one of them that \
                      is rate-limited limits everybody";
        return Check::fail("proxies.trusted", what, remedy);
    }
    if !is_https && trusted > 0 {
        let remedy = "without a proxy in front, set http.trusted_proxies to 0: else callers can \
                      claim to be anybody";
        return Check::warn("proxies.trusted", what, remedy);
    }
    Check::ok("proxies.trusted", what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_the_address_of_a_site() {
        let of = |host: &str, port, is_https| Some((host.to_owned(), port, is_https));
        assert_eq!(parts("https://a.example"), of("a.example", 443, true));
        assert_eq!(parts("http://[::1]:8080/"), of("::1", 8080, false));
        for wrong in [
            "a.example",
            "ftp://a.example",
            "https://a.example/hansa",
            "https://",
            "",
        ] {
            assert_eq!(parts(wrong), None, "{wrong}");
        }
    }
}

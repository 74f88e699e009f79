//! The address a request came from: the peer's, or, behind a known number of our own proxies, the
//! one that the outermost of them appended to `X-Forwarded-For`. What stands further left was
//! written by the client and is never believed.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::dev::RequestHead;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The client's address with `trusted_proxies` proxies of ours in between.
#[must_use]
pub fn client_ip(head: &RequestHead, trusted_proxies: usize) -> IpAddr {
    let peer = head
        .peer_addr
        .as_ref()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), SocketAddr::ip);
    if trusted_proxies == 0 {
        return canonical(peer);
    }
    let forwarded: Vec<&str> = head
        .headers()
        .get_all(FORWARDED_FOR)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let ours = forwarded.len().checked_sub(trusted_proxies);
    let told = ours
        .and_then(|place| forwarded.get(place))
        .and_then(|text| text.parse().ok());
    canonical(told.unwrap_or(peer))
}

/// One text for one machine: an IPv4 address in IPv6 clothes is the IPv4 address.
fn canonical(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn told(headers: &[&str], proxies: usize) -> String {
        let mut request = TestRequest::default().peer_addr("10.0.0.9:1".parse().unwrap());
        for value in headers {
            request = request.append_header((FORWARDED_FOR, *value));
        }
        client_ip(request.to_http_request().head(), proxies).to_string()
    }

    #[test]
    fn without_proxies_the_header_is_not_believed() {
        assert_eq!(told(&["1.2.3.4"], 0), "10.0.0.9");
    }

    #[test]
    fn what_the_client_wrote_itself_is_not_believed() {
        assert_eq!(told(&["6.6.6.6, 1.2.3.4"], 1), "1.2.3.4");
        assert_eq!(told(&["6.6.6.6", "1.2.3.4, 10.0.0.1"], 2), "1.2.3.4");
        assert_eq!(told(&["nonsense"], 1), "10.0.0.9");
        assert_eq!(told(&[], 1), "10.0.0.9");
        assert_eq!(told(&["::ffff:1.2.3.4"], 1), "1.2.3.4");
    }
}

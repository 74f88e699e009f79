//! Which addresses may be called: those of the public internet, and what the operator allows.

use std::net::IpAddr;

use ipnet::IpNet;

/// Ranges that are not the public internet, or answer for this machine's own cloud.
const REFUSED: &[&str] = &[
    // IANA's special-purpose IPv4 registry, and multicast.
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    // Azure's metadata and DNS, on a public address.
    "168.63.129.16/32",
    // Parts of IPv6's global range that carry IPv4 or are not routed: Teredo and its neighbours,
    // documentation, 6to4.
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
];

/// The only IPv6 range that is routed on the public internet. Loopback, link-local, unique local,
/// v4-mapped, NAT64 and multicast addresses lie outside of it.
const GLOBAL_V6: &str = "2000::/3";

/// Decides by address alone.
#[derive(Debug, Clone)]
pub(super) struct AddressPolicy {
    allowed: Vec<IpNet>,
    refused: Vec<IpNet>,
    global_v6: Vec<IpNet>,
}

impl AddressPolicy {
    /// The public internet and `allowed`, which win over everything.
    pub(super) fn new(allowed: &[String]) -> Result<Self, String> {
        let parse = |text: &str| {
            text.parse::<IpNet>()
                .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
                .map_err(|_| format!("`{text}` is no address range such as 10.1.0.0/16"))
        };
        let ranges = |texts: &[&str]| {
            texts
                .iter()
                .map(|t| parse(t))
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(Self {
            allowed: allowed
                .iter()
                .map(|text| parse(text))
                .collect::<Result<_, _>>()?,
            refused: ranges(REFUSED)?,
            global_v6: ranges(&[GLOBAL_V6])?,
        })
    }

    pub(super) fn allows(&self, ip: IpAddr) -> bool {
        let within = |ranges: &[IpNet]| ranges.iter().any(|range| range.contains(&ip));
        if within(&self.allowed) {
            return true;
        }
        !within(&self.refused) && (ip.is_ipv4() || within(&self.global_v6))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(policy: &AddressPolicy, ip: &str) -> bool {
        policy.allows(ip.parse().unwrap())
    }

    #[test]
    fn only_the_public_internet_may_be_called() {
        let policy = AddressPolicy::new(&[]).unwrap();
        for ip in [
            "8.8.8.8",
            "93.184.216.34",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::1111",
        ] {
            assert!(allows(&policy, ip), "{ip}");
        }
        let refused = [
            "127.0.0.1",
            "127.9.9.9",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.100.100.200",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "168.63.129.16",
            "::",
            "::1",
            "fe80::1",
            "fd00:ec2::254",
            "fc00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001:0:1::1",
            "2001:db8::1",
            "fec0::1",
            "100::1",
        ];
        for ip in refused {
            assert!(!allows(&policy, ip), "{ip}");
        }
    }

    #[test]
    fn the_operator_can_allow_a_range() {
        let allowed = ["10.1.0.0/16".to_owned(), "fd00::7".to_owned()];
        let policy = AddressPolicy::new(&allowed).unwrap();
        assert!(allows(&policy, "10.1.2.3") && !allows(&policy, "10.2.0.1"));
        assert!(allows(&policy, "fd00::7") && !allows(&policy, "fd00::8"));
        assert!(AddressPolicy::new(&["intranet".to_owned()]).is_err());
    }
}

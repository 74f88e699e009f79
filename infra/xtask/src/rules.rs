//! The dependency table of the architecture, as data: which crate may use which of ours, which
//! libraries have one home, and what may not be in Cargo.lock at all. To add a crate, add its row.

/// What a crate may use of ours.
#[derive(Debug, Clone, Copy)]
pub(crate) enum MayUse {
    /// These, and `kernel`.
    Only(&'static [&'static str]),
    /// None of ours, not even `kernel`.
    Nothing,
    /// All of ours.
    Everything,
}

use MayUse::{Everything, Nothing, Only};

/// Crate → what it may use. Lowest rank first; an arrow goes down or stays in its folder.
pub(crate) const TABLE: &[(&str, MayUse)] = &[
    // Rank 0: what would be the same in another product.
    ("kernel", Nothing),
    ("platform", Only(&[])),
    ("xtask", Nothing),
    // Rank 1: one tenant, and the walls between tenants.
    ("tenancy-model", Only(&[])),
    ("tenancy-store", Only(&["tenancy-model", "platform"])),
    (
        "tenancy-access",
        Only(&["tenancy-model", "tenancy-store", "platform"]),
    ),
    (
        "tenancy-directory",
        Only(&[
            "tenancy-access",
            "tenancy-store",
            "tenancy-model",
            "platform",
        ]),
    ),
    (
        "tenancy-files",
        Only(&[
            "tenancy-access",
            "tenancy-store",
            "tenancy-model",
            "platform",
        ]),
    ),
    ("tenancy-chat", Only(ABOVE_DIRECTORY)),
    ("tenancy-workplace", Only(ABOVE_DIRECTORY)),
    ("tenancy-notify", Only(ABOVE_DIRECTORY)),
    (
        "tenancy-registry",
        Only(&[
            "tenancy-notify",
            "tenancy-directory",
            "tenancy-access",
            "tenancy-store",
            "tenancy-model",
            "platform",
        ]),
    ),
    // Rank 2: federation and billing never see each other.
    ("federation-protocol", Only(&[])),
    (
        "federation-node",
        Only(&[
            "federation-protocol",
            "tenancy-chat",
            "tenancy-directory",
            "tenancy-files",
            "tenancy-access",
            "tenancy-store",
            "tenancy-model",
            "platform",
        ]),
    ),
    (
        "billing",
        Only(&[
            "tenancy-registry",
            "tenancy-notify",
            "tenancy-access",
            "tenancy-store",
            "tenancy-model",
            "platform",
        ]),
    ),
    // Rank 3: what the outside may call.
    (
        "api-graphql",
        Only(&[
            "tenancy-model",
            "tenancy-store",
            "tenancy-access",
            "tenancy-directory",
            "tenancy-files",
            "tenancy-chat",
            "tenancy-workplace",
            "tenancy-notify",
            "tenancy-registry",
            "federation-node",
            "billing",
            "platform",
        ]),
    ),
    (
        "api-http",
        Only(&[
            "api-graphql",
            "federation-node",
            "federation-protocol",
            "billing",
            "tenancy-registry",
            "tenancy-chat",
            "tenancy-directory",
            "tenancy-files",
            "tenancy-access",
            "tenancy-model",
            "platform",
        ]),
    ),
    ("api-server", Everything),
    // Rank 4: whole-system tests.
    ("hansa-tests", Everything),
];

/// What chat, the workplace apps and notifications stand on.
const ABOVE_DIRECTORY: &[&str] = &[
    "tenancy-directory",
    "tenancy-files",
    "tenancy-access",
    "tenancy-store",
    "tenancy-model",
    "platform",
];

/// A library, or a family of them when it ends in `*`, and the only crates that may depend on it.
pub(crate) struct Home {
    pub(crate) library: &'static str,
    pub(crate) crates: &'static [&'static str],
    pub(crate) reason: &'static str,
    /// Whether a crate's own tests may not use it either.
    pub(crate) even_in_tests: bool,
}

/// Libraries with one home.
pub(crate) const HOMES: &[Home] = &[
    Home {
        library: "sqlx*",
        crates: &["tenancy-store", "platform", "hansa-tests"],
        reason: "only tenancy-store opens a database (platform: its S3 service's own metadata)",
        even_in_tests: true,
    },
    Home {
        library: "sea-orm-migration",
        crates: &["tenancy-store"],
        reason: "all DDL is in tenancy-store",
        even_in_tests: true,
    },
    Home {
        library: "sea-query-sqlx",
        crates: &["tenancy-store"],
        reason: "statements are sent by tenancy-store",
        even_in_tests: false,
    },
    Home {
        library: "sea-orm",
        crates: &[
            "tenancy-model",
            "tenancy-store",
            "tenancy-access",
            "tenancy-directory",
            "tenancy-files",
            "tenancy-chat",
            "tenancy-workplace",
            "tenancy-notify",
            "tenancy-registry",
            "federation-node",
            "billing",
            "hansa-tests",
        ],
        reason: "the API holds no SQL",
        even_in_tests: false,
    },
    Home {
        library: "actix*",
        crates: &["api-http", "api-server", "hansa-tests"],
        reason: "HTTP is api-http's (tests: the bare socket that a bench measures against)",
        even_in_tests: true,
    },
    Home {
        library: "async-graphql*",
        crates: &["api-graphql", "api-http", "api-server", "hansa-tests"],
        reason: "GraphQL stays in the API",
        even_in_tests: false,
    },
    Home {
        library: "reqwest",
        crates: &["platform", "hansa-tests"],
        reason: "one way out: platform::outbound",
        even_in_tests: false,
    },
    Home {
        library: "redis",
        crates: &["platform", "hansa-tests"],
        reason: "the bus and the rate limits are platform's",
        even_in_tests: false,
    },
    Home {
        library: "aws-*",
        crates: &["platform", "hansa-tests"],
        reason: "files are reached through platform",
        even_in_tests: false,
    },
    Home {
        library: "s3s*",
        crates: &["platform"],
        reason: "the in-process S3 service is platform's",
        even_in_tests: false,
    },
    Home {
        library: "lettre",
        crates: &["platform"],
        reason: "mail leaves through platform",
        even_in_tests: false,
    },
];

/// What Cargo.lock may not hold, and why.
pub(crate) const REFUSED: &[(&str, &str)] = &[
    ("openssl", "one TLS stack: rustls with ring"),
    ("openssl-sys", "one TLS stack: rustls with ring"),
    ("native-tls", "one TLS stack: rustls with ring"),
    ("aws-lc-rs", "one TLS stack: rustls with ring"),
    ("aws-lc-sys", "one TLS stack: rustls with ring"),
    (
        "async-graphql-actix-web",
        "its handlers break the protocol; ours are in api-http",
    ),
    ("s3s-fs", "a key can leave its bucket"),
    ("s3s-aws", "it brings a second TLS provider"),
];

/// What Cargo.lock may hold in one version only.
pub(crate) const SINGLE: &[&str] = &["rustls", "ring", "hyper", "sqlx", "tokio", "chrono", "uuid"];

/// Where every locked package comes from.
pub(crate) const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Whether `name` is `pattern`, or of its family when the pattern ends in `*`.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(family) => name.starts_with(family),
        None => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank(name: &str) -> usize {
        TABLE
            .iter()
            .position(|row| row.0 == name)
            .expect("every crate named has a row")
    }

    #[test]
    fn a_row_names_only_crates_that_have_a_row_and_none_of_them_uses_it_back() {
        for (name, may_use) in TABLE {
            let Only(used) = may_use else { continue };
            for other in *used {
                rank(other);
                let back = TABLE
                    .iter()
                    .find(|row| row.0 == *other)
                    .expect("has a row")
                    .1;
                assert!(
                    !matches!(back, Only(theirs) if theirs.contains(name)),
                    "{name} ⇄ {other}"
                );
            }
        }
    }

    #[test]
    fn federation_and_billing_never_see_each_other() {
        for (name, may_use) in TABLE {
            if let Only(used) = may_use {
                let billing = *name == "billing";
                assert!(!(billing && used.iter().any(|other| other.starts_with("federation"))));
                assert!(!(name.starts_with("federation") && used.contains(&"billing")));
            }
        }
    }

    #[test]
    fn a_star_names_a_family() {
        assert!(matches("actix*", "actix-web"));
        assert!(matches("redis", "redis"));
        assert!(!matches("redis", "redis-derive"));
    }
}

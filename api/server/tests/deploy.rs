//! What `infra/deploy` and the README tell operators to set is what the configuration knows.

#![expect(clippy::expect_used, reason = "a test fails where it panics")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use api_server::RootConfig;
use platform::config::{example, load_from};
use tenancy_files::media::antivirus::ClamdAddress;

/// Variables that are no key of the configuration, and why.
const OTHERS: &[&str] = &[
    // An argument of the program.
    "HANSA_CONFIG",
    // The composition's own: part of an address.
    "HANSA_DATABASE_PASSWORD",
];

fn read(path: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every variable of the configuration, as the generated example names them.
fn known() -> BTreeSet<String> {
    let text = example::<RootConfig>();
    let named = text
        .lines()
        .filter_map(|line| line.strip_prefix("# Environment: "));
    named.map(str::to_owned).collect()
}

/// Every `HANSA_…` in a text.
fn named(text: &str) -> BTreeSet<String> {
    let in_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let words = text.split(|c| !in_name(c));
    let whole = words.filter(|word| word.starts_with("HANSA_") && !word.ends_with('_'));
    whole.map(str::to_owned).collect()
}

#[test]
fn every_variable_that_operators_are_told_of_exists() {
    let known = known();
    assert!(known.contains("HANSA_DATABASE_URL"), "the example is read");
    for path in [
        "README.md",
        "infra/deploy/compose/compose.yaml",
        "infra/deploy/compose/example.env",
        "infra/deploy/docker/Dockerfile",
        "infra/deploy/systemd/hansa.service",
    ] {
        let told = named(&read(path));
        assert!(!told.is_empty(), "{path} names none");
        let unknown: Vec<_> = told
            .iter()
            .filter(|name| !known.contains(*name) && !OTHERS.contains(&name.as_str()))
            .collect();
        assert!(unknown.is_empty(), "{path}: {unknown:?}");
    }
}

/// The environment of the server in the composition; `${A:-b}` is `b`, `${A:?}` was filled in.
fn composed() -> BTreeMap<String, String> {
    let text = read("infra/deploy/compose/compose.yaml");
    let (server, _) = text.split_once("\n  postgres:").expect("the database");
    let lines = server.lines().map(str::trim);
    let pairs = lines.filter_map(|line| line.split_once(": "));
    let own = pairs.filter(|(name, _)| name.starts_with("HANSA_"));
    own.map(|(name, value)| (name.to_owned(), filled(value)))
        .collect()
}

fn filled(value: &str) -> String {
    let Some((before, rest)) = value.split_once("${") else {
        return value.to_owned();
    };
    let (inside, after) = rest.split_once('}').expect("the end of a variable");
    let given = inside
        .split_once(":-")
        .map_or("0123abcd", |(_, given)| given);
    format!("{before}{given}{}", filled(after))
}

#[test]
fn the_composition_is_the_scaled_column() {
    let set = composed();
    let config: RootConfig = load_from(None, |name| set.get(name).cloned().map(Some))
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        config.database.url,
        "postgres://hansa:0123abcd@postgres/hansa"
    );
    assert!(config.redis.is_configured());
    assert!(config.s3.is_remote());
    assert_eq!(config.public_url(), "http://127.0.0.1:8080");
    assert_eq!(config.mail.smtp_host.unwrap_or_default(), "", "no SMTP yet");
    assert_eq!(config.mail.smtp_port, None);
    assert_eq!(config.files.clamd.unwrap_or_default(), "", "no antivirus");
}

#[test]
fn what_is_commented_out_in_the_example_environment_can_be_set() {
    let text = read("infra/deploy/compose/example.env");
    let lines = text.lines().filter_map(|line| line.strip_prefix('#'));
    let pairs = lines.filter_map(|line| line.split_once('='));
    let told: BTreeMap<_, _> = pairs
        .filter(|(name, _)| name.starts_with("HANSA_"))
        .collect();
    let passed = composed();
    for name in told.keys() {
        assert!(
            passed.contains_key(*name),
            "{name} does not reach the server"
        );
    }
    let set = |name: &str| {
        let told = told.get(name).map(|value| (*value).to_owned());
        told.or_else(|| passed.get(name).cloned()).map(Some)
    };
    let config: RootConfig = load_from(None, set).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(config.public_url(), "https://chat.example.com");
    assert_eq!(config.mail.smtp_port, Some(587));
    assert_eq!(config.http.trusted_proxies, 1);
    let clamd = config.files.clamd.unwrap_or_default();
    let address: ClamdAddress = clamd.parse().expect("an address");
    assert_eq!(address, ClamdAddress::Tcp("clamd:3310".to_owned()));
    let composition = read("infra/deploy/compose/compose.yaml");
    assert!(composition.contains("\n  clamd:\n"));
    assert!(composition.contains("./clamd.conf:/etc/clamav/clamd.conf"));
    let own = read("infra/deploy/compose/clamd.conf");
    assert!(own.contains("\nTCPSocket 3310\n"));
}

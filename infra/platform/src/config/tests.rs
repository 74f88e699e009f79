//! What an operator notices: which value wins, which key is wrong, and that no secret is printed.

use std::collections::HashMap;
use std::path::PathBuf;

use kernel::Secret;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::*;

/// An example.
#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Root {
    /// Where to listen.
    listen: String,
    /// Where data is.
    data: PathBuf,
    /// The object store.
    s3: S3,
    /// The ranges.
    ranges: Vec<String>,
    /// By name.
    weights: HashMap<String, u32>,
}

#[derive(Debug, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct S3 {
    /// Optional.
    endpoint: Option<String>,
    /// Which kind.
    mode: Mode,
    /// A number.
    timeout_ms: u64,
    /// A switch.
    path_style: bool,
    /// Not to be shown.
    #[schemars(with = "String", extend("x-secret" = true))]
    secret_key: Secret,
}

#[derive(Debug, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Mode {
    /// The first.
    #[default]
    Local,
    /// The second.
    Remote,
}

impl Default for Root {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            data: "./data".into(),
            s3: S3 {
                timeout_ms: 500,
                ..S3::default()
            },
            ranges: vec!["10.0.0.0/8".to_owned()],
            weights: HashMap::from([("one".to_owned(), 1)]),
        }
    }
}

fn load_with(file: Option<&str>, env: &[(&str, &str)]) -> Result<Root, ConfigError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("hansa.toml");
    if let Some(text) = file {
        std::fs::write(&path, text).unwrap();
    }
    load_from(file.map(|_| path.as_path()), |name| {
        env.iter()
            .find(|(n, _)| *n == name)
            .map(|(_, value)| Some((*value).to_owned()))
    })
}

#[test]
fn nothing_given_means_the_defaults() {
    assert_eq!(load_with(None, &[]).unwrap(), Root::default());
    assert_eq!(load_with(Some(""), &[]).unwrap(), Root::default());
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let file = "listen = \"0.0.0.0:1\"\n[s3]\ntimeout_ms = 7\nmode = \"remote\"\n";
    let env = [
        ("HANSA_S3_TIMEOUT_MS", "9"),
        ("HANSA_S3_ENDPOINT", "http://127.0.0.1:9000"),
        ("HANSA_S3_PATH_STYLE", "true"),
        ("HANSA_S3_SECRET_KEY", "12345"),
        ("HANSA_RANGES", "[\"192.168.0.0/16\"]"),
        ("HANSA_WEIGHTS", "{\"two\": 2}"),
        ("HANSA_DATA", "/var/lib/hansa"),
    ];
    let root = load_with(Some(file), &env).unwrap();
    assert_eq!(root.listen, "0.0.0.0:1");
    assert_eq!(root.s3.timeout_ms, 9);
    assert_eq!(root.s3.mode, Mode::Remote);
    assert_eq!(root.s3.endpoint.as_deref(), Some("http://127.0.0.1:9000"));
    assert!(root.s3.path_style);
    assert_eq!(root.s3.secret_key.reveal(), "12345");
    assert_eq!(root.ranges, ["192.168.0.0/16"]);
    assert_eq!(root.weights.get("two"), Some(&2));
    assert_eq!(root.data, PathBuf::from("/var/lib/hansa"));
}

#[test]
fn an_unknown_key_is_named_with_its_file() {
    let error = load_with(Some("[s3]\nendpiont = \"x\"\n"), &[])
        .unwrap_err()
        .to_string();
    assert!(error.contains("`s3.endpiont`"), "{error}");
    assert!(error.contains("hansa.toml"), "{error}");
    assert!(error.contains("endpoint"), "{error}");
    let error = load_with(Some("lisen = \"x\"\n"), &[])
        .unwrap_err()
        .to_string();
    assert!(error.contains("`lisen`"), "{error}");
}

#[test]
fn a_wrong_value_is_named_with_its_key_or_variable() {
    let error = load_with(Some("[s3]\ntimeout_ms = \"soon\"\n"), &[])
        .unwrap_err()
        .to_string();
    assert!(error.contains("`s3.timeout_ms`"), "{error}");
    let error = load_with(None, &[("HANSA_S3_TIMEOUT_MS", "soon")])
        .unwrap_err()
        .to_string();
    assert!(error.contains("HANSA_S3_TIMEOUT_MS"), "{error}");
    let error = load_with(None, &[("HANSA_RANGES", "10.0.0.0/8")])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("HANSA_RANGES") && error.contains("JSON"),
        "{error}"
    );
    let error = load_with(None, &[("HANSA_S3_MODE", "both")])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`s3.mode`") && error.contains("the environment"),
        "{error}"
    );
}

#[test]
fn no_error_and_no_example_shows_a_secret() {
    for file in [
        "[s3]\nsecret_key = 77777\n",
        "[s3]\nsecret_key = 77777 77777\n",
    ] {
        let error = load_with(Some(file), &[]).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("77777"), "{error}");
    }
    let root = load_with(None, &[("HANSA_S3_SECRET_KEY", "77777")]).unwrap();
    assert!(!format!("{root:?}{}", serde_json::to_string(&root).unwrap()).contains("77777"));
}

#[test]
fn the_example_names_every_key_and_loads_as_the_defaults() {
    let text = example::<Root>();
    for key in keys::<Root>() {
        assert!(text.contains(&key.env), "{}: {text}", key.env);
        assert!(text.contains(&key.doc) && !key.doc.is_empty(), "{text}");
    }
    assert!(text.contains("\n# secret_key = \"\""), "{text}");
    assert!(text.contains("\n# endpoint = \"\""), "{text}");
    assert!(text.contains("\nlisten = \"127.0.0.1:8080\""), "{text}");
    assert_eq!(load_with(Some(&text), &[]).unwrap(), Root::default());
}

#[test]
fn every_key_has_a_variable_of_its_own() {
    let keys = keys::<Root>();
    let mut names: Vec<_> = keys.iter().map(|key| &key.env).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), keys.len());
    assert!(schema::<Root>()["properties"]["s3"].is_object());
}

/// Every section of this crate, as the binary joins them.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Sections {
    /// Redis.
    redis: crate::redis_service::RedisConfig,
    /// Rate limits.
    rate_limit: crate::rate_limit::RateLimitConfig,
    /// Mail.
    mail: crate::mail::MailConfig,
    /// Outbound.
    outbound: crate::outbound::OutboundConfig,
    /// Objects.
    s3: crate::s3::S3Config,
    /// Telemetry.
    telemetry: crate::telemetry::TelemetryConfig,
}

#[test]
fn the_sections_of_this_crate_have_the_promised_names_and_documentation() {
    let keys = keys::<Sections>();
    for name in [
        "HANSA_REDIS_URL",
        "HANSA_S3_ENDPOINT",
        "HANSA_MAIL_SMTP_HOST",
    ] {
        assert!(keys.iter().any(|key| key.env == name), "{name}");
    }
    let secrets: Vec<_> = keys
        .iter()
        .filter(|key| key.secret)
        .map(|key| &*key.env)
        .collect();
    let expected = [
        "HANSA_MAIL_SMTP_PASSWORD",
        "HANSA_REDIS_URL",
        "HANSA_S3_SECRET_KEY",
        "HANSA_TELEMETRY_OTLP_HEADERS",
    ];
    assert!(
        expected.iter().all(|name| secrets.contains(name)),
        "{secrets:?}"
    );
    assert!(keys.iter().all(|key| !key.doc.is_empty()));
    let example = toml::from_str::<Sections>(&example::<Sections>()).unwrap();
    let json = |sections: &Sections| serde_json::to_value(sections).unwrap();
    assert_eq!(json(&example), json(&Sections::default()));
    let env = |name: &str| (name == "HANSA_MAIL_SMTP_PORT").then(|| Some(String::new()));
    assert_eq!(
        load_from::<Sections>(None, env).unwrap().mail.smtp_port,
        None
    );
}

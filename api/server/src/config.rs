//! The configuration of the whole binary: every crate's section, in one file. The annotated example
//! (`infra/deploy/hansa.example.toml`) is generated from here.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use api_http::HttpConfig;
use billing::TrialConfig;
use platform::{
    mail::MailConfig, outbound::OutboundConfig, rate_limit::RateLimitConfig,
    redis_service::RedisConfig, s3::S3Config, telemetry::TelemetryConfig,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenancy_access::AccessConfig;
use tenancy_files::FilesConfig;
use tenancy_registry::RegistryConfig;
use tenancy_store::DatabaseConfig;

/// Hansa's configuration. Every key has a default that runs on a laptop with nothing installed;
/// every key can also be given by the environment variable beside it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RootConfig {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Folder for everything that the embedded column keeps: databases, files, secrets.
    pub data: PathBuf,
    /// The control database and the shards.
    pub database: DatabaseConfig,
    /// Events between processes, presence, rate limits.
    pub redis: RedisConfig,
    /// Where files are kept.
    pub s3: S3Config,
    /// How files are looked at, and how much a member may bring in.
    pub files: FilesConfig,
    /// Mails.
    pub mail: MailConfig,
    /// Requests to addresses that somebody gave us.
    pub outbound: OutboundConfig,
    /// Logs, metrics, traces.
    pub telemetry: TelemetryConfig,
    /// The HTTP edge.
    pub http: HttpConfig,
    /// How often things may be done.
    pub rate_limits: RateLimitConfig,
    /// Passwords and sessions.
    pub access: AccessConfig,
    /// Sign-up and the life of tenants.
    pub registry: RegistryConfig,
    /// Trials.
    pub trial: TrialConfig,
}

impl Default for RootConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data: PathBuf::from("./data"),
            database: DatabaseConfig::default(),
            redis: RedisConfig::default(),
            s3: S3Config::default(),
            files: FilesConfig::default(),
            mail: MailConfig::default(),
            outbound: OutboundConfig::default(),
            telemetry: TelemetryConfig::default(),
            http: HttpConfig::default(),
            rate_limits: RateLimitConfig::default(),
            access: AccessConfig::default(),
            registry: RegistryConfig::default(),
            trial: TrialConfig::default(),
        }
    }
}

impl RootConfig {
    /// A server for one test: a free port, files under `data`, bounds that a test reaches, password
    /// hashes that cost nothing.
    #[must_use]
    pub fn for_testing(data: &Path) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data: data.to_owned(),
            http: HttpConfig::for_testing(),
            access: AccessConfig::for_testing(),
            registry: RegistryConfig::for_testing(),
            ..Self::default()
        }
    }

    /// Where this deployment is reached, without a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> String {
        match self.http.public_url.trim_end_matches('/') {
            "" => format!("http://{}", self.listen),
            url => url.to_owned(),
        }
    }

    /// Variables of this process that look like settings and are none: typing errors.
    pub(crate) fn unknown_variables() -> Vec<String> {
        // An argument of the program that also has a variable.
        platform::config::unknown_variables::<Self>(&["HANSA_CONFIG"])
    }

    /// Whether this is somebody's own machine: mails are shown and demonstration accounts exist
    /// only here.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.listen.ip().is_loopback()
    }
}

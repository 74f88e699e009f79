//! An S3 server that nobody here wrote: Garage, one node with its metadata in SQLite, one key, and
//! buckets that are a test's own. `.ci/test` compiles it once into the cache folder in which it is
//! looked for.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_s3::error::DisplayErrorContext;
use aws_sdk_s3::types::{CorsConfiguration, CorsRule};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use platform::s3::{S3Config, cors_rules};
use tempfile::TempDir;

use super::process::{Launch, Service, free_port, run};
use super::{ServiceError, random_hex};

const PROGRAM: &str = "garage";
const MISSING: ServiceError = ServiceError::Missing {
    program: PROGRAM,
    remedy: "`make test` compiles it once, or put a garage 2.3 or later on the PATH",
};
const REGION: &str = "garage";
const BUCKET: &str = "hansa";
/// Buckets are also answered by the host name `BUCKET.s3.test`; nobody resolves it but a test.
const ROOT_DOMAIN: &str = ".s3.test";
const ENDPOINT_VARIABLE: &str = "HANSA_TEST_S3_ENDPOINT";
const REGION_VARIABLE: &str = "HANSA_TEST_S3_REGION";
const BUCKET_VARIABLE: &str = "HANSA_TEST_S3_BUCKET";
const ACCESS_KEY_VARIABLE: &str = "HANSA_TEST_S3_ACCESS_KEY";
const SECRET_KEY_VARIABLE: &str = "HANSA_TEST_S3_SECRET_KEY";

/// A server of its owner, stopped and removed when dropped.
pub struct S3 {
    access: S3Access,
    /// Program and arguments.
    command: Vec<OsString>,
    service: Option<Service>,
    folder: TempDir,
}

/// How to reach a bucket; the key may also make buckets and change their settings, such as CORS.
#[derive(Debug, Clone)]
pub struct S3Access {
    /// `http://127.0.0.1:PORT`; buckets are named in the path.
    pub endpoint: String,
    /// What requests are signed for.
    pub region: String,
    /// The bucket; it exists.
    pub bucket: String,
    /// Who signs.
    pub access_key: String,
    /// With what.
    pub secret_key: String,
}

impl S3 {
    /// Starts one and waits until it accepts connections.
    ///
    /// # Errors
    /// When Garage is not installed or does not start.
    pub fn start() -> Result<Self, ServiceError> {
        let program = program().ok_or(MISSING)?;
        let folder = tempfile::Builder::new().prefix("hansa-s3-").tempdir();
        let folder = folder.map_err(ServiceError::system("make a folder for Garage"))?;
        let (port, rpc_port) = (free_port()?, free_port()?);
        let config = folder.path().join("garage.toml");
        fs::write(&config, configuration(port, rpc_port))
            .map_err(ServiceError::system("write Garage's configuration"))?;
        let access = S3Access {
            endpoint: format!("http://127.0.0.1:{port}"),
            region: REGION.to_owned(),
            bucket: BUCKET.to_owned(),
            access_key: format!("GK{}{}", random_hex(), &random_hex()[..8]),
            secret_key: random_hex().repeat(4),
        };
        let mut command: Vec<OsString> = vec![program.into(), "-c".into(), config.into()];
        let allow = ["key", "allow", "--create-bucket", &access.access_key];
        let allow: Vec<OsString> = [&command[..3], &allow.map(Into::into)].concat();
        command.extend(["server", "--single-node", "--default-bucket"].map(Into::into));
        let mut server = Self {
            access,
            command,
            service: None,
            folder,
        };
        server.restart()?;
        run(Command::new(&allow[0])
            .args(&allow[1..])
            .current_dir(server.folder.path()))?;
        Ok(server)
    }

    /// Stops it in order; [`S3::restart`] starts it again.
    pub fn stop(&mut self) {
        if let Some(service) = self.service.take() {
            service.stop();
        }
    }

    /// Starts it again on the same port with everything in it; does nothing while it runs.
    ///
    /// # Errors
    /// When it does not start.
    pub fn restart(&mut self) -> Result<(), ServiceError> {
        if self.service.is_some() {
            return Ok(());
        }
        self.service = Some(Service::start(Launch {
            folder: self.folder.path(),
            signal: "TERM",
            command: self.command.clone(),
            variables: vec![
                ("GARAGE_DEFAULT_ACCESS_KEY", self.access.access_key.clone()),
                ("GARAGE_DEFAULT_SECRET_KEY", self.access.secret_key.clone()),
                ("GARAGE_DEFAULT_BUCKET", self.access.bucket.clone()),
                ("RUST_LOG", "garage=info".to_owned()),
            ],
            ready: "S3 API server listening",
        })?);
        Ok(())
    }

    /// How to reach its bucket.
    #[must_use]
    pub fn access(&self) -> &S3Access {
        &self.access
    }
}

impl S3Access {
    /// The variables that tell a test process about it.
    pub(super) fn variables(&self) -> [(&'static str, String); 5] {
        [
            (ENDPOINT_VARIABLE, self.endpoint.clone()),
            (REGION_VARIABLE, self.region.clone()),
            (BUCKET_VARIABLE, self.bucket.clone()),
            (ACCESS_KEY_VARIABLE, self.access_key.clone()),
            (SECRET_KEY_VARIABLE, self.secret_key.clone()),
        ]
    }

    /// How the product is told of it.
    #[must_use]
    pub fn config(&self) -> S3Config {
        S3Config {
            endpoint: Some(self.endpoint.clone()),
            region: self.region.clone(),
            bucket: self.bucket.clone(),
            access_key: self.access_key.clone(),
            secret_key: self.secret_key.as_str().into(),
            ..S3Config::default()
        }
    }

    /// [`S3Access::config`] as variables of the binary.
    #[must_use]
    pub fn settings(&self) -> [(&'static str, String); 5] {
        [
            ("HANSA_S3_ENDPOINT", self.endpoint.clone()),
            ("HANSA_S3_REGION", self.region.clone()),
            ("HANSA_S3_BUCKET", self.bucket.clone()),
            ("HANSA_S3_ACCESS_KEY", self.access_key.clone()),
            ("HANSA_S3_SECRET_KEY", self.secret_key.clone()),
        ]
    }

    /// Lets pages of `origin` use the bucket as the product's own rule has it.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn put_cors(&self, origin: &str) -> Result<(), ServiceError> {
        self.put_cors_json(&cors_rules(origin).to_string()).await
    }

    /// Replaces the bucket's CORS rules by the ones of a JSON text, as `aws s3api put-bucket-cors`
    /// takes it.
    ///
    /// # Errors
    /// When it is none, or is refused.
    pub async fn put_cors_json(&self, text: &str) -> Result<(), ServiceError> {
        let told: serde_json::Value = serde_json::from_str(text).map_err(refused)?;
        let mut rules = CorsConfiguration::builder();
        for told in told["CORSRules"].as_array().into_iter().flatten() {
            let texts = |key: &str| {
                let texts = told[key].as_array().into_iter().flatten();
                Some(
                    texts
                        .filter_map(|text| Some(text.as_str()?.to_owned()))
                        .collect(),
                )
            };
            let age = told["MaxAgeSeconds"].as_i64();
            let rule = CorsRule::builder()
                .set_allowed_origins(texts("AllowedOrigins"))
                .set_allowed_methods(texts("AllowedMethods"))
                .set_allowed_headers(texts("AllowedHeaders"))
                .set_expose_headers(texts("ExposeHeaders"))
                .set_max_age_seconds(age.and_then(|age| i32::try_from(age).ok()));
            rules = rules.cors_rules(rule.build().map_err(refused)?);
        }
        let put = self.client().put_bucket_cors().bucket(&self.bucket);
        let put = put
            .cors_configuration(rules.build().map_err(refused)?)
            .send();
        put.await.map(drop).map_err(refused)
    }

    /// The keys of everything in the bucket, up to a thousand.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn keys(&self) -> Result<Vec<String>, ServiceError> {
        let asked = self.client().list_objects_v2().bucket(&self.bucket).send();
        let page = asked.await.map_err(refused)?;
        let keys = page.contents().iter().filter_map(|object| object.key());
        Ok(keys.map(str::to_owned).collect())
    }

    /// Bytes of everything in the bucket, up to a thousand objects; the parts of uploads that have
    /// not ended are an error.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn stored_bytes(&self) -> Result<u64, ServiceError> {
        let client = self.client();
        let begun = client.list_multipart_uploads().bucket(&self.bucket).send();
        let begun = begun.await.map_err(refused)?;
        if let Some(upload) = begun.uploads().first() {
            let said = format!("{upload:?} has not ended");
            return Err(ServiceError::S3(said));
        }
        let asked = client.list_objects_v2().bucket(&self.bucket).send();
        let page = asked.await.map_err(refused)?;
        let sizes = page.contents().iter().filter_map(|object| object.size());
        Ok(sizes.filter_map(|size| u64::try_from(size).ok()).sum())
    }

    fn client(&self) -> Client {
        let http = aws_smithy_http_client::Builder::new();
        let http = http.tls_provider(Provider::Rustls(CryptoMode::Ring));
        let keys = (self.access_key.as_str(), self.secret_key.as_str());
        let settings = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .endpoint_url(&self.endpoint)
            .region(Region::new(self.region.clone()))
            .credentials_provider(Credentials::new(keys.0, keys.1, None, None, "test"))
            .force_path_style(true)
            .http_client(http.build_https());
        Client::from_conf(settings.build())
    }

    /// The run's bucket, where the variables name one.
    fn from_environment() -> Result<Option<Self>, ServiceError> {
        let Ok(endpoint) = env::var(ENDPOINT_VARIABLE) else {
            return Ok(None);
        };
        let variable = |name| env::var(name).map_err(|_| ServiceError::Variable(name));
        Ok(Some(Self {
            endpoint,
            region: variable(REGION_VARIABLE)?,
            bucket: variable(BUCKET_VARIABLE)?,
            access_key: variable(ACCESS_KEY_VARIABLE)?,
            secret_key: variable(SECRET_KEY_VARIABLE)?,
        }))
    }
}

/// A new bucket in the server of this test run; the first call of a process without the variables
/// starts a server of its own.
///
/// # Errors
/// When there is no Garage, or it refuses.
pub async fn fresh_bucket() -> Result<S3Access, ServiceError> {
    static OWN: OnceLock<Result<S3, ServiceError>> = OnceLock::new();
    let run = match S3Access::from_environment()? {
        Some(access) => access,
        None => match OWN.get_or_init(S3::start) {
            Ok(server) => server.access.clone(),
            Err(error) => {
                return Err(ServiceError::NotReady {
                    program: PROGRAM.to_owned(),
                    said: error.to_string(),
                });
            }
        },
    };
    let own = S3Access {
        bucket: format!("test-{}", random_hex()),
        ..run
    };
    let made = own.client().create_bucket().bucket(&own.bucket).send();
    made.await.map_err(refused)?;
    Ok(own)
}

fn refused(error: impl std::error::Error) -> ServiceError {
    ServiceError::S3(DisplayErrorContext(error).to_string())
}

/// Paths are relative to the folder it is started in. The secret of its own network is no secret:
/// a single node on the loopback interface has nobody to talk to.
fn configuration(port: u16, rpc_port: u16) -> String {
    format!(
        r#"metadata_dir = "metadata"
data_dir = "objects"
db_engine = "sqlite"
replication_factor = 1
rpc_bind_addr = "127.0.0.1:{rpc_port}"
rpc_public_addr = "127.0.0.1:{rpc_port}"
rpc_secret = "{secret}"

[s3_api]
s3_region = "{REGION}"
root_domain = "{ROOT_DOMAIN}"
api_bind_addr = "127.0.0.1:{port}"
"#,
        secret = random_hex().repeat(4),
    )
}

/// The one of the cache folder, or of the PATH.
fn program() -> Option<PathBuf> {
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cache")));
    let kept = cache.map(|cache| cache.join("hansa/garage/bin/garage"));
    let found = kept
        .filter(|path| path.is_file())
        .unwrap_or_else(|| PROGRAM.into());
    run(Command::new(&found).arg("--version"))
        .is_ok()
        .then_some(found)
}

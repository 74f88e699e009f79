//! An S3 server that nobody here wrote: Garage, one node with its metadata in SQLite, one bucket
//! and one key. `.ci/test` compiles it once into the cache folder in which it is looked for.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

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
    _service: Service,
    _folder: TempDir,
}

/// How to reach a bucket; the key may also change the bucket's settings, such as CORS.
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

/// A part of the run's bucket that is one test's own.
#[derive(Debug, Clone)]
pub struct S3Space {
    /// The bucket.
    pub access: S3Access,
    /// What every object's key of the test starts with; ends in `/`.
    pub key_prefix: String,
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
        let mut command = vec![program.into(), "-c".into(), config.into()];
        command.extend(["server", "--single-node", "--default-bucket"].map(Into::into));
        let service = Service::start(Launch {
            folder: folder.path(),
            signal: "TERM",
            command,
            variables: vec![
                ("GARAGE_DEFAULT_ACCESS_KEY", access.access_key.clone()),
                ("GARAGE_DEFAULT_SECRET_KEY", access.secret_key.clone()),
                ("GARAGE_DEFAULT_BUCKET", access.bucket.clone()),
                ("RUST_LOG", "garage=info".to_owned()),
            ],
            ready: "S3 API server listening",
        })?;
        Ok(Self {
            access,
            _service: service,
            _folder: folder,
        })
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

/// A part of the bucket of this test run; the first call of a process without the variables starts
/// a server of its own.
///
/// # Errors
/// When there is no Garage.
pub fn fresh() -> Result<S3Space, ServiceError> {
    static OWN: OnceLock<Result<S3, ServiceError>> = OnceLock::new();
    let key_prefix = format!("test_{}/", random_hex());
    if let Some(access) = S3Access::from_environment()? {
        return Ok(S3Space { access, key_prefix });
    }
    match OWN.get_or_init(S3::start) {
        Ok(server) => Ok(S3Space {
            access: server.access.clone(),
            key_prefix,
        }),
        Err(error) => Err(ServiceError::NotReady {
            program: PROGRAM.to_owned(),
            said: error.to_string(),
        }),
    }
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

//! The real `hansa` binary as a process of its own, on data that outlive it: for tests that kill
//! it. To test another crash, start a [`Deployment`], kill it at the moment in question and start
//! it again.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::service::postgres::{self, Database};
use crate::service::process::{Launch, Service, free_port};
use crate::service::redis;
use crate::service::s3::{self, S3Access};
use crate::{Column, FOUNDER_PASSWORD, OPERATOR_EMAIL, Site};

/// What the binary prints when its port is open.
const READY: &str = "Hansa listens on";

/// A deployment of one process, with an operator, in either column.
pub struct Deployment {
    /// What people see of it.
    pub site: Site,
    /// Its database in the scaled column.
    pub database: Option<Database>,
    /// Where its files are in the scaled column.
    pub bucket: Option<S3Access>,
    data: TempDir,
    variables: Vec<(&'static str, String)>,
    service: Option<Service>,
}

impl Deployment {
    /// Starts one on data of its own.
    ///
    /// # Panics
    /// When the binary was not built, or does not start.
    pub async fn start(column: Column) -> Self {
        let database = match column {
            Column::Embedded => None,
            Column::Scaled => Some(postgres::fresh_database().await.expect("PostgreSQL")),
        };
        Self::start_on(database).await
    }

    /// Starts one in the scaled column on a given database, else in the embedded column.
    ///
    /// # Panics
    /// When the binary was not built, or does not start.
    pub async fn start_on(database: Option<Database>) -> Self {
        platform::tls::install_provider();
        let data = tempfile::tempdir().expect("a folder");
        let address = format!("127.0.0.1:{}", free_port().expect("a port"));
        let text = |value: &dyn ToString| value.to_string();
        let mut variables = vec![
            ("HANSA_LISTEN", address.clone()),
            ("HANSA_DATA", text(&data.path().display())),
            // As `RootConfig::for_testing`: hashes that cost nothing, many trials of one source.
            ("HANSA_ACCESS_HASH_MEMORY_KIB", text(&8)),
            ("HANSA_ACCESS_HASH_PASSES", text(&1)),
            ("HANSA_REGISTRY_TRIALS_PER_SOURCE_MAX", text(&1_000)),
            ("HANSA_REGISTRY_SIGNUPS_PER_SOURCE_MAX", text(&1_000)),
        ];
        let mut bucket = None;
        if let Some(database) = &database {
            let redis = redis::fresh().expect("Redis");
            variables.push(("HANSA_DATABASE_URL", database.url.clone()));
            variables.push(("HANSA_REDIS_URL", redis.url));
            variables.push(("HANSA_REDIS_KEY_PREFIX", redis.key_prefix));
            let fresh = s3::fresh_bucket().await.expect("S3");
            variables.extend(fresh.settings());
            bucket = Some(fresh);
        }
        let mut deployment = Self {
            site: Site::at(&format!("http://{address}")),
            database,
            bucket,
            data,
            variables,
            service: None,
        };
        make_operator(&deployment.variables);
        deployment.restart();
        deployment.site.operator_signs_in().await;
        deployment
    }

    /// The folder of its data.
    #[must_use]
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Sets a variable of its environment from the next start on.
    pub fn set(&mut self, name: &'static str, value: &str) {
        self.variables.push((name, value.to_owned()));
    }

    /// Kills it with `kill -9`.
    pub fn kill9(&mut self) {
        if let Some(service) = self.service.take() {
            service.crash();
        }
    }

    /// Starts it again on the same data and port; does nothing while it runs.
    ///
    /// # Panics
    /// When it does not start.
    pub fn restart(&mut self) {
        if self.service.is_some() {
            return;
        }
        let launch = Launch {
            folder: self.data.path(),
            // Whoever drops it asks nothing of it any more.
            signal: "KILL",
            command: vec![hansa_binary().into(), "serve".into()],
            variables: self.variables.clone(),
            ready: READY,
        };
        self.service = Some(Service::start(launch).expect("a server"));
    }

    /// The process that serves, while one does.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.service.as_ref().and_then(Service::pid)
    }
}

/// Makes the operator of a deployment that these variables describe, by the command.
///
/// # Panics
/// When the command fails.
pub fn make_operator(variables: &[(&'static str, String)]) {
    let words = ["operator", "create", "--name", "Operator", "--email"];
    let mut child = Command::new(hansa_binary())
        .args(words)
        .arg(OPERATOR_EMAIL)
        .envs(variables.iter().cloned())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("hansa operator create");
    let mut stdin = child.stdin.take().expect("its input");
    writeln!(stdin, "{FOUNDER_PASSWORD}").expect("a password");
    drop(stdin);
    let status = child.wait().expect("its end");
    assert!(status.success(), "hansa operator create: {status}");
}

/// The binary lies beside the folder of the test binaries, where Cargo puts both.
///
/// # Panics
/// When it was not built.
#[must_use]
pub fn hansa_binary() -> PathBuf {
    let own = std::env::current_exe().expect("a path");
    let mut found = own.ancestors().skip(1).map(|folder| folder.join("hansa"));
    let found = found.find(|path| path.is_file());
    found.expect("target/<profile>/hansa is not there: run `cargo build --bins` first")
}

//! A private PostgreSQL, durable as in production (fsync on), and databases in it that are a
//! test's own, each with a login role that is no superuser.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::process::{Launch, Service, children, free_port, run};
use super::{ServiceError, random_hex};

/// Names the run's PostgreSQL, as its superuser.
pub const URL_VARIABLE: &str = "HANSA_TEST_PG_URL";
/// Enough for every test process of a run to have pools on several shards.
const CONNECTIONS_MAX: u32 = 300;
/// Where Debian keeps the programs, a folder a version.
const DEBIAN: &str = "/usr/lib/postgresql";
/// PostgreSQL refuses to run as root; this is whom Debian made for it.
const LOGIN: &str = "postgres";
const MISSING: ServiceError = ServiceError::Missing {
    program: "postgresql",
    remedy: "apt-get install postgresql",
};

/// A server of its owner, stopped and removed when dropped.
pub struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    password: String,
    /// `name=value` of settings that a test wants otherwise.
    changed: Vec<String>,
    service: Option<Service>,
}

impl Postgres {
    /// Makes a server and waits until it accepts connections; takes a second or two.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not start.
    pub fn start() -> Result<Self, ServiceError> {
        Self::start_with(&[])
    }

    /// [`Postgres::start`] with some settings (`name=value`) as nobody should have them.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not start.
    pub fn start_with(changed: &[&str]) -> Result<Self, ServiceError> {
        let programs = programs()?;
        let template = std::env::temp_dir().join("hansa-postgres-XXXXXX");
        let folder = run(as_login("mktemp").arg("-d").arg(template))?;
        let mut server = Self {
            programs,
            folder: PathBuf::from(folder),
            port: free_port()?,
            password: random_hex(),
            changed: changed.iter().map(ToString::to_string).collect(),
            service: None,
        };
        server.initialise()?;
        server.restart()?;
        Ok(server)
    }

    /// Its address, as its superuser.
    #[must_use]
    pub fn url(&self) -> String {
        format!(
            "postgres://{LOGIN}:{}@127.0.0.1:{}/postgres",
            self.password, self.port
        )
    }

    /// A new database in it.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn fresh_database(&self) -> Result<Database, ServiceError> {
        Database::create(&self.url()).await
    }

    /// Kills every process of it with `kill -9`; [`Postgres::restart`] starts it again.
    pub fn kill9(&mut self) {
        if let Some(service) = self.service.take() {
            service.crash();
        }
    }

    /// Every process of it that runs now; new ones are children of the first.
    #[must_use]
    pub fn pids(&self) -> Vec<u32> {
        let first = self.service.as_ref().and_then(Service::pid);
        first
            .into_iter()
            .flat_map(|pid| [vec![pid], children(pid)].concat())
            .collect()
    }

    /// Stops it in order, cutting its clients off.
    pub fn stop(&mut self) {
        if let Some(service) = self.service.take() {
            service.stop();
        }
    }

    /// Starts it again on the same port with the same data, after [`Postgres::stop`] or
    /// [`Postgres::kill9`]; does nothing while it runs.
    ///
    /// # Errors
    /// When it does not start.
    pub fn restart(&mut self) -> Result<(), ServiceError> {
        if self.service.is_some() {
            return Ok(());
        }
        let settings = [
            format!("port={}", self.port),
            format!("unix_socket_directories={}", self.folder.display()),
            format!("max_connections={CONNECTIONS_MAX}"),
            "listen_addresses=127.0.0.1".to_owned(),
            "fsync=on".to_owned(),
            "synchronous_commit=on".to_owned(),
            "recovery_init_sync_method=syncfs".to_owned(),
        ];
        let mut command = login_prefix();
        command.push(self.programs.join("postgres").into());
        command.extend(["-D".into(), self.data().into()]);
        command.extend(
            settings
                .iter()
                // The last one counts.
                .chain(&self.changed)
                .flat_map(|setting| ["-c".into(), setting.into()]),
        );
        self.service = Some(Service::start(Launch {
            folder: &self.folder,
            // An immediate shutdown: no checkpoint for data that nobody will read again.
            signal: "QUIT",
            command,
            variables: Vec::new(),
            ready: "database system is ready to accept connections",
        })?);
        Ok(())
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn initialise(&self) -> Result<(), ServiceError> {
        let password = self.folder.join("password");
        fs::write(&password, &self.password).map_err(ServiceError::system("write a password"))?;
        run(as_login(self.programs.join("initdb"))
            .args([
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "--no-instructions",
            ])
            .args(["--auth=scram-sha-256", "--username", LOGIN, "--pwfile"])
            .arg(&password)
            .arg("--pgdata")
            .arg(self.data())
            .current_dir(&self.folder))?;
        Ok(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.service.take());
        // The guardian removed it already, unless the server was stopped or killed before.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A database that is one test's own, with a login role of its own as a shard has in production:
/// it owns the database and may create roles, and is no superuser. It goes with its server.
#[derive(Debug, Clone)]
pub struct Database {
    /// Its name, also that of its login role.
    pub name: String,
    /// Its address, as its login role.
    pub url: String,
    /// Its address, as the server's superuser: for looking behind the walls in assertions.
    pub superuser_url: String,
}

impl Database {
    async fn create(server_url: &str) -> Result<Self, ServiceError> {
        let name = format!("test_{}", random_hex());
        let mut connection = PgConnection::connect(server_url).await?;
        for statement in [
            format!("CREATE ROLE {name} LOGIN CREATEROLE PASSWORD '{name}'"),
            format!("CREATE DATABASE {name} OWNER {name}"),
        ] {
            sqlx::raw_sql(AssertSqlSafe(statement))
                .execute(&mut connection)
                .await?;
        }
        connection.close().await?;
        let (server, _) = server_url.rsplit_once('/').unwrap_or((server_url, ""));
        let (_, address) = server.rsplit_once('@').unwrap_or(("", server));
        Ok(Self {
            url: format!("postgres://{name}:{name}@{address}/{name}"),
            superuser_url: format!("{server}/{name}"),
            name,
        })
    }
}

impl Database {
    /// Makes every transaction of new connections a reading one, as on a standby.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn make_read_only(&self) -> Result<(), ServiceError> {
        let mut connection = PgConnection::connect(&self.superuser_url).await?;
        let name = &self.name;
        let statement = format!("ALTER DATABASE {name} SET default_transaction_read_only = on");
        sqlx::raw_sql(AssertSqlSafe(statement))
            .execute(&mut connection)
            .await?;
        Ok(connection.close().await?)
    }
}

/// A new database in the server of this test run; the first call of a process without
/// [`URL_VARIABLE`] starts a server of its own and blocks meanwhile. Call it twice for two shards.
///
/// # Errors
/// When there is no PostgreSQL.
pub async fn fresh_database() -> Result<Database, ServiceError> {
    static OWN: OnceLock<Result<Postgres, ServiceError>> = OnceLock::new();
    if let Ok(url) = std::env::var(URL_VARIABLE) {
        return Database::create(&url).await;
    }
    match OWN.get_or_init(Postgres::start) {
        Ok(server) => server.fresh_database().await,
        Err(error) => Err(ServiceError::NotReady {
            program: LOGIN.to_owned(),
            said: error.to_string(),
        }),
    }
}

/// The folder of the newest PostgreSQL installed.
fn programs() -> Result<PathBuf, ServiceError> {
    let versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let numbered = versions.filter_map(|entry| {
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        Some((version, entry.path().join("bin")))
    });
    let complete = numbered.filter(|(_, programs)| programs.join("initdb").is_file());
    let newest = complete.max().map(|(_, programs)| programs);
    newest.or_else(configured).ok_or(MISSING)
}

/// Where `pg_config` says they are, on systems other than Debian.
fn configured() -> Option<PathBuf> {
    let programs = PathBuf::from(run(Command::new("pg_config").arg("--bindir")).ok()?);
    programs.join("initdb").is_file().then_some(programs)
}

/// The words before a command that run it as whom PostgreSQL accepts: none unless this is root.
/// `setpriv` becomes the command, so that a signal to it reaches PostgreSQL.
fn login_prefix() -> Vec<OsString> {
    if !is_root() {
        return Vec::new();
    }
    let reuid = format!("--reuid={LOGIN}");
    let regid = format!("--regid={LOGIN}");
    ["setpriv", &reuid, &regid, "--init-groups"]
        .map(OsString::from)
        .to_vec()
}

fn as_login(program: impl AsRef<Path>) -> Command {
    let prefix = login_prefix();
    match prefix.split_first() {
        None => Command::new(program.as_ref()),
        Some((first, rest)) => {
            let mut command = Command::new(first);
            command.args(rest).arg(program.as_ref());
            command
        }
    }
}

fn is_root() -> bool {
    run(Command::new("id").arg("-u")).is_ok_and(|id| id == "0")
}

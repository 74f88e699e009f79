//! A private Redis that keeps nothing, which can be stopped, killed and started again on its port.

use std::path::Path;
use std::sync::OnceLock;

use tempfile::TempDir;

use super::process::{Launch, Service, free_port, run};
use super::{ServiceError, random_hex};

/// Names the run's Redis.
pub const URL_VARIABLE: &str = "HANSA_TEST_REDIS_URL";
const PROGRAM: &str = "redis-server";
const MISSING: ServiceError = ServiceError::Missing {
    program: PROGRAM,
    remedy: "apt-get install redis-server",
};

/// A server of its owner, stopped when dropped.
pub struct Redis {
    folder: TempDir,
    port: u16,
    service: Option<Service>,
}

impl Redis {
    /// Starts one and waits until it accepts connections.
    ///
    /// # Errors
    /// When Redis is not installed or does not start.
    pub fn start() -> Result<Self, ServiceError> {
        run(std::process::Command::new(PROGRAM).arg("--version")).map_err(|_| MISSING)?;
        let folder = tempfile::Builder::new().prefix("hansa-redis-").tempdir();
        let folder = folder.map_err(ServiceError::system("make a folder for Redis"))?;
        let mut server = Self {
            folder,
            port: free_port()?,
            service: None,
        };
        server.restart()?;
        Ok(server)
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/0", self.port)
    }

    /// Kills it with `kill -9`; [`Redis::restart`] starts it again, empty.
    pub fn kill9(&mut self) {
        if let Some(service) = self.service.take() {
            service.crash();
        }
    }

    /// Stops it in order; [`Redis::restart`] starts it again, empty.
    pub fn stop(&mut self) {
        if let Some(service) = self.service.take() {
            service.stop();
        }
    }

    /// Starts it again on the same port; does nothing while it runs.
    ///
    /// # Errors
    /// When it does not start.
    pub fn restart(&mut self) -> Result<(), ServiceError> {
        if self.service.is_none() {
            self.service = Some(launch(self.folder.path(), self.port)?);
        }
        Ok(())
    }
}

fn launch(folder: &Path, port: u16) -> Result<Service, ServiceError> {
    let port = port.to_string();
    let words = [
        PROGRAM,
        "--bind",
        "127.0.0.1",
        "--port",
        &port,
        "--daemonize",
        "no",
    ];
    let forgetful = ["--save", "", "--appendonly", "no"];
    Service::start(Launch {
        folder,
        signal: "TERM",
        command: words.iter().chain(&forgetful).map(Into::into).collect(),
        variables: Vec::new(),
        ready: "Ready to accept connections",
    })
}

/// A part of the run's Redis that is one test's own.
#[derive(Debug, Clone)]
pub struct RedisSpace {
    /// The server's address.
    pub url: String,
    /// What every key and channel of the test starts with.
    pub key_prefix: String,
}

/// A part of the Redis of this test run; the first call of a process without [`URL_VARIABLE`]
/// starts a server of its own.
///
/// # Errors
/// When there is no Redis.
pub fn fresh() -> Result<RedisSpace, ServiceError> {
    static OWN: OnceLock<Result<Redis, ServiceError>> = OnceLock::new();
    let key_prefix = format!("test_{}:", random_hex());
    if let Ok(url) = std::env::var(URL_VARIABLE) {
        return Ok(RedisSpace { url, key_prefix });
    }
    match OWN.get_or_init(Redis::start) {
        Ok(server) => Ok(RedisSpace {
            url: server.url(),
            key_prefix,
        }),
        Err(error) => Err(ServiceError::NotReady {
            program: PROGRAM.to_owned(),
            said: error.to_string(),
        }),
    }
}

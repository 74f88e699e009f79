//! A private clamd that knows one virus, EICAR's test file, so that nothing is downloaded.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

use super::ServiceError;
use super::process::{Launch, Service, free_port};

/// Names the run's clamd, as the product's setting `clamd` does.
pub const ADDRESS_VARIABLE: &str = "HANSA_TEST_CLAMD";
const PROGRAM: &str = "clamd";
/// Where the `PATH` of somebody who is not root does not look.
const FOLDER_OF_DEBIAN: &str = "/usr/sbin";
const MISSING: ServiceError = ServiceError::Missing {
    program: PROGRAM,
    remedy: "apt-get install --no-install-recommends clamav-daemon",
};
/// The test file, in halves: an antivirus on a developer's machine reads this file too.
const EICAR: [&str; 2] = [
    r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-",
    "ANTIVIRUS-TEST-FILE!$H+H*",
];
/// Mebibytes of a stream that it takes; a longer one is beyond its limit.
pub const STREAM_MIB_MAX: usize = 25;

/// The content of a file in which it finds a virus; it does no harm.
#[must_use]
pub fn eicar() -> String {
    EICAR.concat()
}

/// A server of its owner, stopped when dropped.
pub struct Clamd {
    folder: TempDir,
    port: u16,
    service: Option<Service>,
}

impl Clamd {
    /// Starts one and waits until it accepts connections.
    ///
    /// # Errors
    /// When clamd is not installed or does not start.
    pub fn start() -> Result<Self, ServiceError> {
        let program = program().ok_or(MISSING)?;
        let folder = tempfile::Builder::new().prefix("hansa-clamd-").tempdir();
        let folder = folder.map_err(ServiceError::system("make a folder for clamd"))?;
        copy(&program, folder.path())?;
        let port = free_port()?;
        let write = |name: &str, text: String| {
            fs::write(folder.path().join(name), text)
                .map_err(ServiceError::system("write clamd's configuration"))
        };
        let signature: String = eicar().bytes().map(|byte| format!("{byte:02x}")).collect();
        write(
            "test.ndb",
            format!("Eicar-Test-Signature:0:*:{signature}\n"),
        )?;
        write("clamd.conf", configuration(folder.path(), port))?;
        let mut server = Self {
            folder,
            port,
            service: None,
        };
        server.restart()?;
        Ok(server)
    }

    /// Where it listens: `127.0.0.1:PORT`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Stops it in order; [`Clamd::restart`] starts it again.
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
            self.service = Some(launch(self.folder.path())?);
        }
        Ok(())
    }
}

/// The clamd of this test run; the first call of a process without [`ADDRESS_VARIABLE`] starts one
/// of its own. It keeps nothing, so that tests share it.
///
/// # Errors
/// When there is no clamd.
pub fn shared() -> Result<String, ServiceError> {
    static OWN: OnceLock<Result<Clamd, ServiceError>> = OnceLock::new();
    if let Ok(address) = env::var(ADDRESS_VARIABLE) {
        return Ok(address);
    }
    match OWN.get_or_init(Clamd::start) {
        Ok(server) => Ok(server.address()),
        Err(error) => Err(ServiceError::NotReady {
            program: PROGRAM.to_owned(),
            said: error.to_string(),
        }),
    }
}

/// Distributions confine the installed program, by its path, to its own folders. Copied by a
/// process of its own: a service that this one starts at the same time would hold the copy open
/// for writing, and what is open for writing cannot be started.
fn copy(program: &Path, folder: &Path) -> Result<(), ServiceError> {
    let copied = Command::new("cp").arg(program).arg(folder).status();
    let status = copied.map_err(ServiceError::system("copy clamd"))?;
    if status.success() {
        return Ok(());
    }
    Err(ServiceError::NotReady {
        program: PROGRAM.to_owned(),
        said: format!("cp: {status}"),
    })
}

fn launch(folder: &Path) -> Result<Service, ServiceError> {
    let mut configuration = OsString::from("--config-file=");
    configuration.push(folder.join("clamd.conf"));
    Service::start(Launch {
        folder,
        signal: "TERM",
        command: vec![folder.join(PROGRAM).into(), configuration],
        variables: Vec::new(),
        ready: "Self checking every",
    })
}

/// The one of the PATH, or Debian's.
fn program() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain([PathBuf::from(FOLDER_OF_DEBIAN)]);
    folders
        .map(|folder| folder.join(PROGRAM))
        .find(|file| file.is_file())
}

fn configuration(folder: &Path, port: u16) -> String {
    let folder = folder.display();
    format!(
        "Foreground yes\n\
         TCPSocket {port}\n\
         TCPAddr 127.0.0.1\n\
         DatabaseDirectory {folder}\n\
         TemporaryDirectory {folder}\n\
         StreamMaxLength {STREAM_MIB_MAX}M\n\
         MaxThreads 4\n"
    )
}

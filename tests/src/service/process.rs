//! A service as a child process that cannot outlive its owner: a small shell stands between them,
//! reads the owner's order from a pipe, and when the pipe closes without one (the owner is gone,
//! however it went) ends the service and removes its folder.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

use super::ServiceError;

/// How long a service may take until it says that it is ready; a loaded machine needs a while.
const READY_MAX: Duration = Duration::from_secs(60);
/// Lines of output shown when it is not.
const SAID_LINES_MAX: usize = 40;

/// `$1` is the folder, `$2` the signal that ends the service; the service is the rest.
/// A crash stops the service first, so that it starts no child between the list and the kill.
const GUARDIAN: &str = r#"
folder=$1; signal=$2; shift 2
"$@" &
service=$!
exec >&- 2>&-
if read -r order; then
    if [ "$order" = crash ]; then
        kill -STOP "$service"
        kill -KILL $(cat "/proc/$service/task/$service/children") "$service"
    else
        kill -s "$signal" "$service"
    fi
    wait "$service"
else
    kill -s "$signal" "$service"
    wait "$service"
    rm -rf "$folder"
fi
"#;

/// How to start a service.
pub(crate) struct Launch<'a> {
    /// Removed when the owner is gone.
    pub(crate) folder: &'a Path,
    /// Signal that ends it in order, without a promise to be gentle to clients.
    pub(crate) signal: &'a str,
    /// Program and arguments.
    pub(crate) command: Vec<OsString>,
    /// What only it is told.
    pub(crate) variables: Vec<(&'a str, String)>,
    /// Part of the line that it says when it is ready.
    pub(crate) ready: &'static str,
}

/// A running service.
pub(crate) struct Service {
    guardian: Child,
    orders: Option<ChildStdin>,
}

impl Service {
    /// Starts it and waits until it says that it is ready.
    pub(crate) fn start(launch: Launch<'_>) -> Result<Self, ServiceError> {
        let program = launch
            .command
            .first()
            .map(|name| name.to_string_lossy().into_owned());
        let program = program.unwrap_or_default();
        let mut guardian = Command::new("sh")
            .args(["-c", GUARDIAN, "guardian"])
            .arg(launch.folder)
            .arg(launch.signal)
            .args(&launch.command)
            .envs(launch.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(launch.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Ctrl-C in a terminal reaches the owner; the guardian follows when its pipe closes.
            .process_group(0)
            .spawn()
            .map_err(ServiceError::system(format!("start {program}")))?;
        let said = listen(&mut guardian, launch.ready);
        let orders = guardian.stdin.take();
        let service = Self { guardian, orders };
        match said.recv_timeout(READY_MAX) {
            Ok(Said::Ready) => Ok(service),
            Ok(Said::Ended(said)) => Err(ServiceError::NotReady { program, said }),
            Err(_) => {
                let said = format!("nothing that contains \"{}\"", launch.ready);
                Err(ServiceError::NotReady { program, said })
            }
        }
    }

    /// Ends it in order and keeps its folder.
    pub(crate) fn stop(self) {
        self.order("stop");
    }

    /// Kills it and all its children at once (`kill -9`) and keeps its folder.
    pub(crate) fn crash(self) {
        self.order("crash");
    }

    /// The process that was started; its children are not the guardian's.
    pub(crate) fn pid(&self) -> Option<u32> {
        children(self.guardian.id()).first().copied()
    }

    fn order(mut self, order: &str) {
        if let Some(mut orders) = self.orders.take() {
            // A guardian that is gone already has nothing left to end.
            let _ = writeln!(orders, "{order}");
        }
        let _ = self.guardian.wait();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.guardian.wait();
    }
}

/// The children of the main thread of a process; none when it is gone.
pub(crate) fn children(pid: u32) -> Vec<u32> {
    let list = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
    let list = list.unwrap_or_default();
    list.split_whitespace()
        .filter_map(|pid| pid.parse().ok())
        .collect()
}

/// What the output of a service tells.
enum Said {
    Ready,
    /// It ended before it was ready; the end of what it said.
    Ended(String),
}

/// Reads both outputs to their end, in threads of their own, and tells when it is ready or gone.
fn listen(guardian: &mut Child, ready: &'static str) -> mpsc::Receiver<Said> {
    let (lines, every_line) = mpsc::channel();
    if let Some(output) = guardian.stdout.take() {
        forward(output, lines.clone());
    }
    if let Some(output) = guardian.stderr.take() {
        forward(output, lines);
    }
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let mut last = VecDeque::new();
        for line in every_line {
            if line.contains(ready) {
                // Nobody listens any more once it was ready; the lines are read all the same.
                let _ = tell.send(Said::Ready);
            }
            last.push_back(line);
            if last.len() > SAID_LINES_MAX {
                last.pop_front();
            }
        }
        let said = last.into_iter().collect::<Vec<_>>().join("\n");
        let _ = tell.send(Said::Ended(said));
    });
    told
}

fn forward(output: impl Read + Send + 'static, lines: Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if lines.send(line).is_err() {
                break;
            }
        }
    });
}

/// A port of the loopback interface that nobody listens on now.
///
/// # Errors
/// The system gives none.
pub fn free_port() -> Result<u16, ServiceError> {
    let listener = TcpListener::bind(("127.0.0.1", 0));
    let address = listener.and_then(|listener| listener.local_addr());
    address
        .map(|address| address.port())
        .map_err(ServiceError::system("find a free port"))
}

/// Runs a program to its end; an error with what it said where it fails.
pub(crate) fn run(command: &mut Command) -> Result<String, ServiceError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(ServiceError::system(format!("run {program}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    Err(ServiceError::NotReady { program, said })
}

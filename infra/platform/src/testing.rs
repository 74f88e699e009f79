//! For this crate's own tests: a private Redis on a free port, which can be stopped and started
//! again.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use crate::redis_service::{RedisConfig, RedisService};

/// A Redis server of one test; stops when dropped.
pub(crate) struct RedisServer {
    port: u16,
    child: Option<Child>,
    dir: tempfile::TempDir,
}

impl RedisServer {
    /// Starts one and waits until it accepts connections.
    pub(crate) fn start() -> Self {
        let port = free_port();
        let dir = tempfile::tempdir().expect("a temporary directory");
        let mut server = Self {
            port,
            child: None,
            dir,
        };
        server.resume();
        server
    }

    /// Starts it again on the same port.
    pub(crate) fn resume(&mut self) {
        let mut child = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &self.port.to_string()])
            .args(["--save", "", "--appendonly", "no", "--daemonize", "no"])
            .arg("--dir")
            .arg(self.dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("redis-server is missing: apt-get install redis-server");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let ready = lines
            .by_ref()
            .map_while(Result::ok)
            .any(|line| line.contains("Ready to accept connections"));
        assert!(ready, "redis-server did not start on port {}", self.port);
        self.child = Some(child);
    }

    /// Ends it at once.
    pub(crate) fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("to stop redis-server");
            child.wait().expect("redis-server to end");
        }
    }

    pub(crate) fn config(&self) -> RedisConfig {
        RedisConfig::for_testing(&format!("redis://127.0.0.1:{}/0", self.port))
    }

    pub(crate) fn service(&self) -> RedisService {
        RedisService::new(&self.config()).expect("an address")
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}

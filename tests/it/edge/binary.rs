//! The real binary as a process of its own: asked to stop as an operator does it, with its log.

use std::fs::{File, read_to_string};
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};

use hansa_tests::service::postgres::Database;
use hansa_tests::{PATIENCE, Site, free_port, hansa_binary, make_operator};
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::{Duration, Instant, sleep, timeout};

/// A server, and what it stands on.
pub(super) struct Binary {
    pub(super) site: Site,
    child: Child,
    variables: Vec<(&'static str, String)>,
    data: TempDir,
}

impl Binary {
    /// Starts one with these variables, and an operator: in the scaled column on a database and a
    /// Redis at an address.
    pub(super) async fn start(
        scaled: Option<(&Database, &str)>,
        more: &[(&'static str, &str)],
    ) -> Self {
        platform::tls::install_provider();
        let data = tempfile::tempdir().expect("a folder");
        let address = format!("127.0.0.1:{}", free_port().expect("a port"));
        let mut variables = vec![
            ("HANSA_LISTEN", address.clone()),
            ("HANSA_DATA", data.path().display().to_string()),
            // As `RootConfig::for_testing`: hashes that cost nothing.
            ("HANSA_ACCESS_HASH_MEMORY_KIB", "8".to_owned()),
            ("HANSA_ACCESS_HASH_PASSES", "1".to_owned()),
        ];
        if let Some((database, redis)) = scaled {
            variables.push(("HANSA_DATABASE_URL", database.url.clone()));
            variables.push(("HANSA_REDIS_URL", redis.to_owned()));
        }
        variables.extend(
            more.iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        make_operator(&variables);
        let mut binary = Self {
            site: Site::at(&format!("http://{address}")),
            child: launch(&variables, data.path().join("log.txt")),
            variables,
            data,
        };
        binary.answers().await;
        binary.site.operator_signs_in().await;
        binary
    }

    /// Starts it again on the same data and port, after its end.
    pub(super) async fn start_again(&mut self) {
        self.child = launch(&self.variables, self.data.path().join("log.txt"));
        self.answers().await;
    }

    /// Asks it to stop.
    pub(super) async fn terminate(&self) {
        let pid = self.child.id().expect("a process").to_string();
        let status = Command::new("kill").args(["-TERM", &pid]).status().await;
        assert!(status.expect("kill").success());
    }

    /// Waits for its end.
    pub(super) async fn ended(&mut self) -> ExitStatus {
        let ended = timeout(2 * PATIENCE, self.child.wait()).await;
        ended.expect("an end in time").expect("a status")
    }

    /// Everything that it logged since its last start.
    pub(super) fn log(&self) -> String {
        read_to_string(self.data.path().join("log.txt")).expect("a log")
    }

    async fn answers(&mut self) {
        let url = format!("{}/healthz", self.site.browser.base);
        let deadline = Instant::now() + PATIENCE;
        let page = self.site.browser.clone();
        while page
            .request(reqwest::Method::GET, "/healthz")
            .send()
            .await
            .is_err()
        {
            let ended = self.child.try_wait().expect("a status");
            assert!(ended.is_none(), "it ended: {}", self.log());
            assert!(Instant::now() < deadline, "{url} does not answer");
            sleep(Duration::from_millis(20)).await;
        }
    }
}

fn launch(variables: &[(&'static str, String)], log: PathBuf) -> Child {
    Command::new(hansa_binary())
        .arg("serve")
        .envs(variables.iter().cloned())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(log).expect("a file"))
        .kill_on_drop(true)
        .spawn()
        .expect("hansa serve")
}

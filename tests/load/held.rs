//! A server in a process of its own, so that its memory is its own. It serves as long as the pipe
//! to it is open.

use std::{
    io::Read as _,
    process::Stdio,
    time::{Duration, Instant},
};

use hansa_tests::Column;
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    task::spawn_blocking,
    time::sleep,
};

use crate::{
    client::Pass,
    deployment::{COLUMNS, Ground, name_of, people, provision},
    echo::Echo,
    machine::resident_bytes,
};

/// `bench hold COLUMN TENANTS PEOPLE`, or `bench hold` for the floor: the server's process.
pub(crate) const HOLD: &str = "hold";
/// Memory is read when it has not changed for so long.
const CALM: Duration = Duration::from_secs(2);
const CALM_WITHIN: Duration = Duration::from_secs(20);

/// What is served.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Service {
    /// The product, with so many people signed in to each of so many tenants.
    Product {
        /// Over fresh databases of it.
        column: Column,
        /// How many.
        tenants: usize,
        /// In each.
        people: usize,
    },
    /// What does no more than carry bytes.
    Floor,
}

/// What the server's process says when it is ready.
#[derive(Serialize, Deserialize)]
struct Ready {
    base: String,
    passes: Vec<Pass>,
}

/// A server that this process holds.
pub(crate) struct Held {
    /// `http://127.0.0.1:…`
    pub(crate) base: String,
    /// Of everybody who is signed in; of nobody in the floor.
    pub(crate) passes: Vec<Pass>,
    /// The process.
    pub(crate) id: u32,
    child: Child,
}

impl Held {
    /// Starts one and waits until it is ready.
    pub(crate) async fn launch(service: Service) -> Self {
        let program = std::env::current_exe().expect("this program");
        let mut command = Command::new(program);
        command.arg(HOLD);
        if let Service::Product {
            column,
            tenants,
            people,
        } = service
        {
            let counts = [tenants.to_string(), people.to_string()];
            command.arg(name_of(column)).args(counts);
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("a server");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        let mut lines = output.lines();
        while let Some(line) = lines.next_line().await.expect("its output") {
            if let Ok(Ready { base, passes }) = serde_json::from_str(&line) {
                let id = child.id().expect("a process");
                return Self {
                    base,
                    passes,
                    id,
                    child,
                };
            }
        }
        panic!("the server ended before it was ready");
    }

    /// Memory once what was begun is done.
    pub(crate) async fn calm_bytes(&self) -> f64 {
        let began = Instant::now();
        let mut last = resident_bytes(self.id);
        loop {
            sleep(CALM).await;
            let now = resident_bytes(self.id);
            if now <= last || began.elapsed() > CALM_WITHIN {
                return now;
            }
            last = now;
        }
    }

    /// Ends it, and with it what it has written.
    pub(crate) async fn end(mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait().await;
    }
}

/// Serves what the words after [`HOLD`] say, until the other end of the pipe is closed.
pub(crate) async fn hold(words: &[String]) {
    let [column, tenants, count] = words else {
        let echo = Echo::start();
        say(&echo.base, Vec::new());
        until_closed().await;
        return echo.stop().await;
    };
    let column = COLUMNS.into_iter().find(|known| name_of(*known) == column);
    let number = |word: &String| word.parse::<usize>().expect("a number");
    let ground = Ground::new(column.expect("a column")).await;
    let running = ground.start().await;
    let gateway = &running.parts().gateway;
    let mut passes = Vec::new();
    for n in 0..number(tenants) {
        let tenant = provision(gateway, n).await;
        let people = people(gateway, &tenant, number(count)).await;
        passes.extend(people.iter().map(Pass::of));
    }
    say(&format!("http://{}", running.address()), passes);
    until_closed().await;
    running.stop().await;
}

fn say(base: &str, passes: Vec<Pass>) {
    let ready = Ready {
        base: base.to_owned(),
        passes,
    };
    println!("{}", serde_json::to_string(&ready).expect("JSON"));
}

async fn until_closed() {
    let _ = spawn_blocking(|| std::io::stdin().read(&mut [0; 1])).await;
}

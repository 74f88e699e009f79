//! Memory of an idle signed-in socket in the server's process. Floor: a bare actix-ws socket. Each
//! server is a process of its own; the clients are in this one.

use std::{
    io::Read as _,
    process::Stdio,
    time::{Duration, Instant},
};

use futures::{StreamExt as _, stream};
use hansa_tests::Column;
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    task::{JoinHandle, spawn_blocking},
    time::sleep,
};

use crate::{
    client::{self, Pass, Socket},
    deployment::{COLUMNS, Ground, name_of, people, provision},
    echo::Echo,
    figure::Figure,
    machine::{open_files_max, resident_bytes},
};

/// `bench hold COLUMN`, or `bench hold` for the floor: the server's process.
pub(crate) const HOLD: &str = "hold";
const SOCKETS: usize = 5_000;
/// As many as the product allows a member, ten members a tenant.
const SOCKETS_PER_MEMBER: usize = 20;
const MEMBERS_PER_TENANT: usize = 10;
/// Sockets that are open before memory is first read.
const WARM_UP: usize = 200;
/// Files that a process has open besides its sockets.
const OTHER_FILES: usize = 400;
const OPENED_AT_ONCE: usize = 16;
/// Memory is read when it has not changed for so long.
const CALM: Duration = Duration::from_secs(2);
const CALM_WITHIN: Duration = Duration::from_secs(20);

/// What the server's process says when it is ready.
#[derive(Serialize, Deserialize)]
struct Ready {
    base: String,
    passes: Vec<Pass>,
}

/// Prints the figure of a column.
pub(crate) async fn measure(column: Column) {
    let sockets = SOCKETS.min(open_files_max().saturating_sub(OTHER_FILES));
    let value = memory(name_of(column), sockets).await;
    let floor = memory("", sockets).await;
    Figure {
        name: format!("socket.{}", name_of(column)),
        value: value / 1024.0,
        unit: "KiB",
        floor: floor / 1024.0,
        beside: vec![("sockets", sockets.to_string())],
    }
    .print();
}

/// Serves a column, or the floor, until the other end of the pipe is closed.
pub(crate) async fn hold(column: &str) {
    let column = COLUMNS.into_iter().find(|known| name_of(*known) == column);
    let Some(column) = column else {
        let echo = Echo::start();
        say(&echo.base, Vec::new());
        until_closed().await;
        return echo.stop().await;
    };
    let ground = Ground::new(column).await;
    let running = ground.start().await;
    let gateway = &running.parts().gateway;
    let members = (SOCKETS + WARM_UP).div_ceil(SOCKETS_PER_MEMBER);
    let mut passes = Vec::new();
    for n in 0..members.div_ceil(MEMBERS_PER_TENANT) {
        let tenant = provision(gateway, n).await;
        let people = people(gateway, &tenant, MEMBERS_PER_TENANT).await;
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

/// Bytes that the server's process grows by with each of `sockets`.
async fn memory(column: &str, sockets: usize) -> f64 {
    let (mut server, ready) = launch(column).await;
    let id = server.id().expect("a process");
    let places: Vec<Option<Pass>> = match ready.passes.as_slice() {
        [] => vec![None; sockets + WARM_UP],
        passes => passes
            .iter()
            .flat_map(|pass| vec![Some(pass.clone()); SOCKETS_PER_MEMBER])
            .take(sockets + WARM_UP)
            .collect(),
    };
    let (first, rest) = places.split_at(WARM_UP.min(places.len()));
    let mut open = open_all(&ready.base, first).await;
    let before = calm_bytes(id).await;
    open.extend(open_all(&ready.base, rest).await);
    let after = calm_bytes(id).await;
    for task in &open {
        assert!(!task.is_finished(), "the server closed a socket");
        task.abort();
    }
    drop(server.stdin.take());
    let _ = server.wait().await;
    (after - before) / rest.len() as f64
}

async fn launch(column: &str) -> (Child, Ready) {
    let program = std::env::current_exe().expect("this program");
    let mut server = Command::new(program)
        .args([HOLD, column])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("a server");
    let output = BufReader::new(server.stdout.take().expect("its output"));
    let mut lines = output.lines();
    while let Some(line) = lines.next_line().await.expect("its output") {
        if let Ok(ready) = serde_json::from_str(&line) {
            return (server, ready);
        }
    }
    panic!("the server of the sockets ended");
}

/// A socket for each place, read from and kept by a task.
async fn open_all(base: &str, places: &[Option<Pass>]) -> Vec<JoinHandle<()>> {
    let opening = stream::iter(places).map(|place| async move {
        let kept = match place {
            Some(pass) => {
                let mut socket = Socket::open(base, pass).await;
                tokio::spawn(async move { while socket.next().await.is_some() {} })
            }
            None => {
                let mut stream = client::connect(base, "").await;
                tokio::spawn(async move { while stream.next().await.is_some() {} })
            }
        };
        vec![kept]
    });
    opening.buffered(OPENED_AT_ONCE).concat().await
}

/// Memory once what opening left to do is done.
async fn calm_bytes(id: u32) -> f64 {
    let began = Instant::now();
    let mut last = resident_bytes(id);
    loop {
        sleep(CALM).await;
        let now = resident_bytes(id);
        if now <= last || began.elapsed() > CALM_WITHIN {
            return now;
        }
        last = now;
    }
}

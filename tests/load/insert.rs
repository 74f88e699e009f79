//! Floors of writing: one row an insert and a commit each, by pgbench into PostgreSQL, by one
//! writer with `synchronous=FULL` into a SQLite file.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::Arc,
    time::{Duration, Instant},
};

use sqlx::{
    Connection as _, Executor as _, PgConnection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tokio::{process::Command, sync::Mutex, time::interval};

use crate::deployment::Ground;

/// A row as small as a message with 200 bytes of text can be.
const INSERT: &str = "INSERT INTO floor (author, text) \
                      VALUES ('00000000-0000-0000-0000-000000000000', \
                      '0123456789012345678901234567890123456789012345678901234567890123456789\
                      0123456789012345678901234567890123456789012345678901234567890123456789\
                      012345678901234567890123456789012345678901234567890123456789')";

/// Inserts a second by `clients` who each wait for their commit.
pub(crate) async fn rate(ground: &Ground, clients: usize, lasts: Duration) -> f64 {
    let Some(database) = &ground.database else {
        return sqlite_rate(ground.data.path(), clients, lasts).await;
    };
    let script = prepare(ground, &database.url).await;
    let clients = clients.to_string();
    let said = pgbench(
        ground.data.path(),
        &["-c", &clients, "-j", "2", "-f", &script],
        (&database.url, lasts),
    )
    .await;
    let line = said.lines().find_map(|line| line.strip_prefix("tps = "));
    let rate = line.and_then(|rest| rest.split(' ').next()?.parse().ok());
    rate.unwrap_or_else(|| panic!("pgbench said: {said}"))
}

/// How long single inserts take that come `each_second` times a second.
pub(crate) async fn waits(ground: &Ground, each_second: u32, lasts: Duration) -> Vec<Duration> {
    let Some(database) = &ground.database else {
        return sqlite_waits(ground.data.path(), each_second, lasts).await;
    };
    let script = prepare(ground, &database.url).await;
    let rate = each_second.to_string();
    let log = ground.data.path().join("pgbench");
    let prefix = format!("--log-prefix={}", log.display());
    let words = ["-c", "1", "-R", &rate, "-l", &prefix, "-f", &script];
    pgbench(ground.data.path(), &words, (&database.url, lasts)).await;
    let mut waits = Vec::new();
    for entry in std::fs::read_dir(ground.data.path()).expect("the folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str());
        if name.is_some_and(|name| name.starts_with("pgbench.")) {
            let text = std::fs::read_to_string(path).expect("a log");
            waits.extend(text.lines().filter_map(wait_of));
        }
    }
    assert!(!waits.is_empty(), "pgbench wrote no log");
    waits
}

/// A line of pgbench's log: the third word counts from the scheduled time, the last one says how
/// long after that it began; both in microseconds.
fn wait_of(line: &str) -> Option<Duration> {
    let words: Vec<&str> = line.split(' ').collect();
    let whole: u64 = words.get(2)?.parse().ok()?;
    let late: u64 = words.get(6)?.parse().ok()?;
    Some(Duration::from_micros(whole.saturating_sub(late)))
}

async fn prepare(ground: &Ground, url: &str) -> String {
    let mut connection = PgConnection::connect(url).await.expect("PostgreSQL");
    let table = "CREATE TABLE IF NOT EXISTS floor \
                 (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, author uuid, text text)";
    connection.execute(table).await.expect("a table");
    let script: PathBuf = ground.data.path().join("insert.sql");
    std::fs::write(&script, format!("{INSERT};\n")).expect("a script");
    script.display().to_string()
}

async fn pgbench(folder: &Path, words: &[&str], (url, lasts): (&str, Duration)) -> String {
    let output = Command::new("pgbench")
        .args(["-n", "-M", "prepared", "-T"])
        .arg(lasts.as_secs().to_string())
        .args(words)
        .arg(url)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .await
        .expect("pgbench, which comes with PostgreSQL");
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "pgbench: {failed}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A SQLite file with the table of the floor, as durable as the product's.
pub(crate) async fn open_file(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let connection = SqliteConnection::connect_with(&options).await;
    let mut connection = connection.expect("a file");
    let table = "CREATE TABLE IF NOT EXISTS floor \
                 (id integer PRIMARY KEY, author text, text text) STRICT";
    connection.execute(table).await.expect("a table");
    connection
}

/// All clients queue for one connection: connections of their own would wait for each other by
/// sleeping, and a floor is to be as good as it can.
async fn sqlite_rate(folder: &Path, clients: usize, lasts: Duration) -> f64 {
    let file = open_file(&folder.join("floor.sqlite")).await;
    let file = Arc::new(Mutex::new(file));
    let began = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|_| {
            let file = file.clone();
            tokio::spawn(async move {
                let mut count = 0_u32;
                while began.elapsed() < lasts {
                    insert(&mut *file.lock().await).await;
                    count += 1;
                }
                count
            })
        })
        .collect();
    let mut count = 0;
    for task in tasks {
        count += task.await.expect("a client");
    }
    f64::from(count) / began.elapsed().as_secs_f64()
}

async fn sqlite_waits(folder: &Path, each_second: u32, lasts: Duration) -> Vec<Duration> {
    let mut file = open_file(&folder.join("floor.sqlite")).await;
    let mut ticks = interval(Duration::from_secs(1) / each_second);
    let began = Instant::now();
    let mut waits = Vec::new();
    while began.elapsed() < lasts {
        ticks.tick().await;
        let sent = Instant::now();
        insert(&mut file).await;
        waits.push(sent.elapsed());
    }
    waits
}

async fn insert(file: &mut SqliteConnection) {
    let done = sqlx::query(INSERT).execute(file).await;
    done.expect("an insert");
}

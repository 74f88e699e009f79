//! What processes have cost so far, from `/proc`: processor time and memory, of this one and of a
//! PostgreSQL with all its backends.

use std::{fs, process};

use sqlx::{Connection as _, PgConnection};

/// Milliseconds of one tick in `/proc/…/stat`; Linux tells programs 100 a second everywhere.
const TICK_MS: f64 = 10.0;
/// Fields of `/proc/…/stat` after the name: user and system time, own and of ended children.
const OWN: [usize; 2] = [11, 12];
const ENDED: [usize; 2] = [13, 14];

/// The first line of a run: profile, processors, load.
pub(crate) fn description() -> String {
    let profile = if cfg!(debug_assertions) {
        "dev"
    } else {
        "release"
    };
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "profile {profile}, {processors} processors, load at the start: {}",
        load()
    )
}

/// Load averages of 1, 5 and 15 minutes.
pub(crate) fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

/// Processor time so far, in milliseconds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cpu {
    /// Of this process.
    pub(crate) process_ms: f64,
    /// Of PostgreSQL, ended backends included; nothing where the database is in this process.
    pub(crate) database_ms: f64,
}

impl Cpu {
    /// Both together.
    pub(crate) fn total_ms(self) -> f64 {
        self.process_ms + self.database_ms
    }
}

/// Whose processor time is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meter {
    postmaster: Option<u32>,
}

impl Meter {
    /// Of this process, and of the PostgreSQL that a superuser's URL names.
    pub(crate) async fn new(superuser_url: Option<&str>) -> Self {
        let Some(url) = superuser_url else {
            return Self { postmaster: None };
        };
        let mut connection = PgConnection::connect(url).await.expect("PostgreSQL");
        let text: String = sqlx::query_scalar("SELECT pg_read_file('postmaster.pid')")
            .fetch_one(&mut connection)
            .await
            .expect("a superuser");
        let postmaster = text.lines().next().and_then(|line| line.parse().ok());
        Self { postmaster }
    }

    /// So far.
    pub(crate) fn read(self) -> Cpu {
        Cpu {
            process_ms: ticks(process::id(), &OWN) * TICK_MS,
            database_ms: self.postmaster.map_or(0.0, tree_ms),
        }
    }

    /// Since an earlier reading.
    pub(crate) fn since(self, earlier: Cpu) -> Cpu {
        let now = self.read();
        Cpu {
            process_ms: now.process_ms - earlier.process_ms,
            database_ms: now.database_ms - earlier.database_ms,
        }
    }
}

/// Resident memory of a process, in bytes.
pub(crate) fn resident_bytes(id: u32) -> f64 {
    memory_bytes(id, "VmRSS:")
}

/// The most resident memory that a process has had since [`forget_peak`], in bytes.
pub(crate) fn peak_bytes(id: u32) -> f64 {
    memory_bytes(id, "VmHWM:")
}

/// The peak of a process begins anew (`5` in proc(5) of `clear_refs`).
pub(crate) fn forget_peak(id: u32) {
    fs::write(format!("/proc/{id}/clear_refs"), "5").expect("a process of this user");
}

fn memory_bytes(id: u32, field: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let kib = line.and_then(|rest| rest.trim().strip_suffix("kB"));
    let kib: f64 = kib
        .and_then(|kib| kib.trim().parse().ok())
        .expect("its memory");
    kib * 1024.0
}

/// How many files this process may have open.
pub(crate) fn open_files_max() -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"));
    let soft = line.and_then(|rest| rest.split_whitespace().next());
    soft.and_then(|soft| soft.parse().ok()).unwrap_or(1024)
}

fn tree_ms(postmaster: u32) -> f64 {
    let path = format!("/proc/{postmaster}/task/{postmaster}/children");
    let children = fs::read_to_string(path).unwrap_or_default();
    let living = children
        .split_whitespace()
        .filter_map(|id| id.parse().ok())
        .map(|id| ticks(id, &OWN));
    let own = ticks(postmaster, &OWN) + ticks(postmaster, &ENDED);
    (own + living.sum::<f64>()) * TICK_MS
}

/// The sum of some fields of a process; nothing when it has ended.
fn ticks(id: u32, fields: &[usize]) -> f64 {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let (_, rest) = text.rsplit_once(") ").unwrap_or_default();
    let values: Vec<&str> = rest.split(' ').collect();
    let field = |n: &usize| values.get(*n).and_then(|value| value.parse::<f64>().ok());
    fields.iter().filter_map(field).sum()
}

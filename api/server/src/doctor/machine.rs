//! The machine and the process: the data folder, its disk, file descriptors, the environment.

use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use rustix::process::{Resource, getrlimit};

use super::Check;
use crate::RootConfig;

const GIB: u64 = 1024 * 1024 * 1024;
/// Less than this and databases may stop at any moment, in bytes.
const DISK_FAIL_BELOW: u64 = GIB;
/// Less than this is worth a look, in bytes.
const DISK_WARN_BELOW: u64 = 10 * GIB;
/// Descriptors of one open tenant file: three connections, each with the file, its log and its
/// index.
const PER_TENANT_FILE: u64 = 9;
/// Descriptors of everything else: connections to services, logs, the runtime.
const OTHERS: u64 = 256;

pub(super) fn check(config: &RootConfig) -> Vec<Check> {
    let mut checks = unknown_variables();
    match owner(&config.data) {
        Some(uid) if !is_ours(&config.data) => checks.push(not_ours(&config.data, uid)),
        _ => checks.extend(data_folder(&config.data)),
    }
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    checks.push(descriptors(config, limit));
    checks
}

fn unknown_variables() -> Vec<Check> {
    let unknown = RootConfig::unknown_variables();
    let told = unknown.iter().map(|name| {
        let what = format!("{name} is set and means nothing");
        let remedy = "most likely a typing error: `hansa config example` lists every variable";
        Check::warn("config.environment", what, remedy)
    });
    let told: Vec<_> = told.collect();
    if told.is_empty() {
        return vec![Check::ok(
            "config.environment",
            "every HANSA_… variable is known",
        )];
    }
    told
}

fn owner(data: &Path) -> Option<u32> {
    std::fs::metadata(data).ok().map(|folder| folder.uid())
}

/// Whether files that this process makes in the data folder can be used by the server; true where
/// there is no folder yet.
pub(super) fn is_ours(data: &Path) -> bool {
    owner(data).is_none_or(|uid| uid == rustix::process::geteuid().as_raw())
}

/// Root, most often: a database's log made by root could not be opened by the server.
fn not_ours(data: &Path, uid: u32) -> Check {
    let what = format!(
        "{} belongs to another login, so nothing in it was touched",
        data.display()
    );
    let remedy = format!("run this as the server's login: sudo -u '#{uid}' hansa doctor");
    Check::warn("machine.data", what, remedy)
}

fn data_folder(data: &Path) -> Vec<Check> {
    let shown = data.display();
    if let Err(error) = writes(data) {
        let what = format!("{shown}: {error}");
        let remedy = "make the folder (data, HANSA_DATA), and let the server's login own it";
        return vec![Check::fail("machine.data", what, remedy)];
    }
    let mut checks = vec![Check::ok("machine.data", format!("{shown} can be written"))];
    if let Ok(disk) = rustix::fs::statvfs(data) {
        checks.push(space(disk.f_bavail.saturating_mul(disk.f_frsize)));
    }
    checks
}

fn writes(data: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(data)?;
    let probe = data.join(format!(".doctor-{}", std::process::id()));
    let written = std::fs::File::create(&probe).and_then(|mut file| file.write_all(b"probe"));
    let removed = std::fs::remove_file(&probe);
    written.and(removed)
}

fn space(free: u64) -> Check {
    let what = format!(
        "{:.1} GiB free for the data folder",
        free as f64 / GIB as f64
    );
    let remedy = "free some, or move the data folder (data, HANSA_DATA) to a larger disk";
    if free < DISK_FAIL_BELOW {
        return Check::fail("machine.disk", what, remedy);
    }
    if free < DISK_WARN_BELOW {
        return Check::warn("machine.disk", what, remedy);
    }
    Check::ok("machine.disk", what)
}

fn descriptors(config: &RootConfig, limit: u64) -> Check {
    let files = match config.database.url.is_empty() {
        true => config.database.open_files.saturating_mul(PER_TENANT_FILE),
        false => 0,
    };
    let sockets = config.http.socket.sockets_max as u64;
    let needed = sockets.saturating_add(files).saturating_add(OTHERS);
    let what = format!("{limit} file descriptors are allowed here, {needed} may be needed");
    if limit >= needed {
        return Check::ok("machine.descriptors", what);
    }
    let remedy = format!(
        "start the server with more (LimitNOFILE={needed} in systemd, `ulimit -n {needed}` in a \
         shell), or allow fewer sockets (HANSA_HTTP_SOCKET_SOCKETS_MAX)"
    );
    Check::warn("machine.descriptors", what, remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Level;

    #[test]
    fn a_disk_that_fills_up_is_told_before_it_is_full() {
        let levels = [0, 5 * GIB, 20 * GIB].map(|free| space(free).level);
        assert_eq!(levels, [Level::Fail, Level::Warn, Level::Ok]);
    }

    #[test]
    fn too_few_descriptors_for_the_sockets_allowed_are_told_with_the_number() {
        let config = RootConfig::default();
        assert_eq!(descriptors(&config, 1_000_000).level, Level::Ok);
        let few = descriptors(&config, 1_024);
        assert_eq!(few.level, Level::Warn);
        assert!(
            few.remedy
                .is_some_and(|text| text.contains("LimitNOFILE=51"))
        );
    }

    #[test]
    fn a_data_folder_that_is_a_file_is_refused() {
        let file = std::env::current_exe();
        let checks = file.map(|file| data_folder(&file));
        assert!(checks.is_ok_and(|checks| checks[0].level == Level::Fail));
    }
}

//! `hansa doctor` against real services with one thing wrong: it is named, with what to do, and
//! nothing else is hidden by it.

mod settings;

use std::process::Command;
use std::sync::Arc;

use api_server::doctor::{Check, Level, examine};
use api_server::{Options, RootConfig};
use hansa_tests::service::{postgres, redis, s3};
use hansa_tests::{Column, World, hansa_binary};
use kernel::{Clock, Instant, SystemClock};
use platform::redis_service::RedisConfig;
use tempfile::TempDir;
use tenancy_store::ShardConfig;

both_columns! {
    a_deployment_that_is_well_has_nothing_to_mend
    a_running_deployment_is_reached_by_its_public_url
}

const ORIGIN: &str = "http://127.0.0.1:8080";

/// A configuration on services of its own, in which all is well.
struct Well {
    config: RootConfig,
    bucket: Option<s3::S3Access>,
    _data: TempDir,
}

async fn well(column: Column) -> Well {
    let data = tempfile::tempdir().expect("a folder");
    let mut config = RootConfig::for_testing(data.path());
    config.http.public_url = ORIGIN.to_owned();
    config.http.socket.sockets_max = 100;
    let mut bucket = None;
    if column == Column::Scaled {
        let database = postgres::fresh_database().await.expect("PostgreSQL");
        config.database.url = database.url;
        let space = redis::fresh().expect("Redis");
        config.redis = RedisConfig {
            key_prefix: space.key_prefix,
            ..RedisConfig::for_testing(&space.url)
        };
        let own = s3::fresh_bucket().await.expect("S3");
        own.put_cors(ORIGIN).await.expect("CORS");
        config.s3 = own.config();
        bucket = Some(own);
    }
    Well {
        config,
        bucket,
        _data: data,
    }
}

async fn examined(config: &RootConfig) -> Vec<Check> {
    examine(config, &Options::default()).await
}

fn found<'a>(checks: &'a [Check], code: &str) -> &'a Check {
    let mut of_code = checks.iter().filter(|check| check.code == code);
    of_code
        .clone()
        .find(|check| check.level != Level::Ok)
        .or_else(|| of_code.next())
        .unwrap_or_else(|| panic!("{code} was not checked: {checks:#?}"))
}

fn remedy(check: &Check) -> &str {
    check.remedy.as_deref().unwrap_or("")
}

fn failed(checks: &[Check]) -> Vec<&str> {
    let failed = checks.iter().filter(|check| check.level == Level::Fail);
    failed.map(|check| check.code.as_str()).collect()
}

async fn a_deployment_that_is_well_has_nothing_to_mend(column: Column) {
    let well = well(column).await;
    let checks = examined(&well.config).await;
    assert_eq!(failed(&checks), [""; 0], "{checks:#?}");
    if column == Column::Scaled {
        for code in ["fsync", "synchronous-commit", "writable", "clock", "login"] {
            found(&checks, &format!("database.{code}"));
        }
        for code in ["redis.writable", "s3.bucket", "s3.object", "s3.cors"] {
            found(&checks, code);
        }
    }
    for code in ["machine.disk", "machine.descriptors", "mail.smtp"] {
        found(&checks, code);
    }
    let bucket = well.bucket.map(|bucket| async move { bucket.keys().await });
    if let Some(keys) = bucket {
        assert_eq!(keys.await.expect("a list"), [""; 0], "probes are removed");
    }
}

async fn a_running_deployment_is_reached_by_its_public_url(column: Column) {
    let world = World::start(column).await;
    let mut config = world.config.clone();
    config.listen = world.running.address();
    config.http.public_url = format!("http://{}", config.listen);
    let checks = examined(&config).await;
    let reached = found(&checks, "public-url.reaches");
    assert_eq!(reached.level, Level::Ok, "{reached}");
    assert!(reached.what.ends_with("/healthz answers"), "{reached}");
    config.http.public_url = "http://127.0.0.1:1".to_owned();
    let checks = examined(&config).await;
    let reached = found(&checks, "public-url.reaches");
    assert_eq!(reached.level, Level::Fail, "{reached}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_forgets_or_restarts_slowly_is_named_with_the_statement_that_mends_it() {
    let changed = ["fsync=off", "recovery_init_sync_method=fsync"];
    let server = postgres::Postgres::start_with(&changed).expect("PostgreSQL");
    let mut well = well(Column::Embedded).await;
    well.config.database.url = server.fresh_database().await.expect("a database").url;
    let checks = examined(&well.config).await;
    let fsync = found(&checks, "database.fsync");
    assert_eq!(fsync.level, Level::Fail);
    assert!(
        remedy(fsync).contains("ALTER SYSTEM SET fsync = on;"),
        "{fsync}"
    );
    let recovery = found(&checks, "database.recovery-init-sync-method");
    assert_eq!(recovery.level, Level::Warn);
    let statement = "ALTER SYSTEM SET recovery_init_sync_method = 'syncfs';";
    assert!(remedy(recovery).contains(statement), "{recovery}");
    assert_eq!(found(&checks, "redis.reachable").level, Level::Warn);
    assert_eq!(found(&checks, "s3.bucket").level, Level::Warn);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shard_that_is_away_or_read_only_hides_nothing_of_the_others() {
    let mut well = well(Column::Scaled).await;
    let read_only = postgres::fresh_database().await.expect("a database");
    let shard = |name: &str, url: &str| ShardConfig {
        name: name.to_owned(),
        url: url.to_owned(),
        ..ShardConfig::default()
    };
    read_only.make_read_only().await.expect("a setting");
    well.config.database.shards = vec![
        shard("near", &well.config.database.url),
        shard("far", "postgres://hansa:hunter2@127.0.0.1:1/hansa"),
        shard("stuck", &read_only.url),
    ];
    let checks = examined(&well.config).await;
    let away = found(&checks, "database.reachable");
    assert_eq!(away.level, Level::Fail);
    assert!(away.what.starts_with("shard far: "), "{away}");
    let stuck = found(&checks, "database.writable");
    assert_eq!(stuck.level, Level::Fail);
    assert!(stuck.what.starts_with("shard stuck: "), "{stuck}");
    let fine = |check: &&Check| check.level == Level::Ok && check.what.starts_with("shard near: ");
    assert!(checks.iter().filter(fine).count() > 5, "{checks:#?}");
    assert!(!format!("{checks:?}").contains("hunter2"));
}

struct Ahead(i64);

impl Clock for Ahead {
    fn now(&self) -> Instant {
        let at: Instant = SystemClock.now();
        at + std::time::Duration::from_secs(self.0.unsigned_abs())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_with_another_time_is_named_by_the_others_and_by_the_doctor() {
    let world = World::start(Column::Scaled).await;
    let ahead = Options {
        clock: Arc::new(Ahead(5)),
        ..Options::default()
    };
    let checks = examine(&world.config, &ahead).await;
    for code in ["clock.processes", "database.clock"] {
        let clock = found(&checks, code);
        assert_eq!(clock.level, Level::Fail, "{clock}");
        assert!(remedy(clock).contains("NTP"), "{clock}");
    }
    let mut beside = world.config.clone();
    beside.listen.set_port(0);
    let other = api_server::start(&beside, ahead).await.expect("a server");
    let url = format!("http://{}/readyz", other.address());
    let clock = loop {
        let ready = reqwest::get(&url).await.expect("an answer");
        let ready: serde_json::Value = ready.json().await.expect("JSON");
        let all = ready["dependencies"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let clock = all.into_iter().find(|one| one["name"] == "clock");
        let clock = clock.expect("the clock is named");
        if clock["detail"].is_string() {
            break clock;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(clock["ready"], true, "both would be taken out");
    let detail = clock["detail"].as_str().unwrap_or_default();
    assert!(
        detail.contains(" is -5") || detail.contains(" is -4"),
        "{detail}"
    );
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_without_cors_is_named_with_a_rule_that_mends_it() {
    let mut well = well(Column::Scaled).await;
    let bucket = s3::fresh_bucket().await.expect("a bucket");
    well.config.s3 = bucket.config();
    let checks = examined(&well.config).await;
    assert_eq!(failed(&checks), ["s3.cors"], "{checks:#?}");
    let cors = found(&checks, "s3.cors");
    let (_, printed) = remedy(cors)
        .split_once("--cors-configuration '")
        .expect("a rule");
    let printed = printed.trim_end_matches('\'');
    bucket
        .put_cors_json(printed)
        .await
        .expect("the printed rule");
    let checks = examined(&well.config).await;
    assert_eq!(found(&checks, "s3.cors").level, Level::Ok, "{checks:#?}");
    well.config.http.public_url = "http://127.0.0.2:8080".to_owned();
    let checks = examined(&well.config).await;
    assert_eq!(
        found(&checks, "s3.cors").level,
        Level::Fail,
        "another origin"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_is_missing_or_refuses_the_key_is_named() {
    let mut well = well(Column::Scaled).await;
    well.config.s3.bucket = "nobody-made-it".to_owned();
    let checks = examined(&well.config).await;
    let bucket = found(&checks, "s3.bucket");
    assert_eq!(bucket.level, Level::Fail);
    assert!(
        remedy(bucket).contains("create-bucket --bucket nobody-made-it"),
        "{bucket}"
    );
    well.config.s3.secret_key = "hunter2".into();
    let checks = examined(&well.config).await;
    let bucket = found(&checks, "s3.bucket");
    assert!(bucket.what.contains("403"), "{bucket}");
    assert!(!format!("{checks:?}").contains("hunter2"));
    assert_eq!(
        found(&checks, "redis.reachable").level,
        Level::Ok,
        "nothing is hidden"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_prints_a_line_a_check_and_ends_with_one_where_one_failed() {
    let well = well(Column::Embedded).await;
    let run = |variables: &[(&str, &str)], words: &[&str]| {
        let output = Command::new(hansa_binary())
            .arg("doctor")
            .args(words)
            .env("HANSA_DATA", &well.config.data)
            .env("HANSA_LISTEN", "127.0.0.1:1")
            .envs(variables.iter().copied())
            .output();
        output.expect("hansa doctor")
    };
    let fine = run(&[], &[]);
    let said = String::from_utf8_lossy(&fine.stdout);
    assert!(fine.status.success(), "{said}");
    assert!(
        said.lines().count() > 5 && said.lines().all(|line| line.contains('.')),
        "{said}"
    );
    let wrong = run(
        &[("HANSA_LISTEN", "0.0.0.0:8080"), ("HANSA_TYPO", "1")],
        &["--json"],
    );
    assert_eq!(wrong.status.code(), Some(1));
    let said: Vec<serde_json::Value> = serde_json::from_slice(&wrong.stdout).expect("JSON");
    let level = |code: &str| {
        let check = said.iter().find(|check| check["code"] == code);
        check.map(|check| check["level"].clone())
    };
    assert_eq!(level("public-url.set"), Some("fail".into()));
    assert_eq!(level("mail.smtp"), Some("fail".into()));
    assert_eq!(level("config.environment"), Some("warn".into()));
}

//! Two servers of one deployment: the same PostgreSQL and a Redis of their own, which can be
//! killed.

use std::sync::Arc;

use api_server::{Options, RootConfig, Running};
use hansa_tests::service::redis::Redis;
use hansa_tests::{Browser, Column, World};
use kernel::SystemClock;
use tempfile::TempDir;

/// Longer than any test: what happens in a test then has another cause.
pub(super) const NEVER_MS: u64 = 3_600_000;

/// Two servers.
pub(super) struct Pair {
    /// The first, with an operator.
    pub(super) first: World,
    /// What only these two use.
    pub(super) redis: Redis,
    second: Running,
    _data: TempDir,
}

impl Pair {
    /// Starts both; `change` is told which of them it configures, 0 or 1.
    pub(super) async fn start(change: impl Fn(usize, &mut RootConfig)) -> Self {
        let redis = Redis::start().expect("Redis");
        let first = World::start_with(Column::Scaled, Arc::new(SystemClock), |config| {
            config.redis.url = redis.url().into();
            config.http.socket.idle_ms = NEVER_MS;
            change(0, config);
        })
        .await;
        let data = tempfile::tempdir().expect("a folder");
        let mut config = first.config.clone();
        data.path().clone_into(&mut config.data);
        config.listen.set_port(0);
        change(1, &mut config);
        let second = api_server::start(&config, Options::default()).await;
        Self {
            first,
            redis,
            second: second.expect("a second server"),
            _data: data,
        }
    }

    /// The same person at the second server.
    pub(super) fn at_second(&self, browser: &Browser) -> Browser {
        let mut there = browser.clone();
        there.base = format!("http://{}", self.second.address());
        there
    }
}

//! What `/readyz` names: each database, Redis, the object store, and a clock that differs.

use std::time::Duration;

use api_http::ports::{DependencyState, Readiness};
use async_trait::async_trait;
use platform::{clock_watch::ClockWatch, redis_service::RedisService, s3::BlobStore};
use tenancy_store::Stores;
use tokio::time::timeout;

/// A dependency that has not answered by then is not ready.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

/// Everything this process stands on.
pub(crate) struct Dependencies {
    pub(crate) stores: Stores,
    pub(crate) redis: Option<RedisService>,
    pub(crate) blobs: BlobStore,
    pub(crate) clocks: Option<ClockWatch>,
}

#[async_trait]
impl Readiness for Dependencies {
    async fn dependencies(&self) -> Vec<DependencyState> {
        let mut states: Vec<_> = self
            .stores
            .health()
            .await
            .into_iter()
            .map(|one| state(one.name, one.error))
            .collect();
        if let Some(redis) = &self.redis {
            states.push(asked("redis", redis.ping()).await);
        }
        states.push(asked("s3", self.blobs.check()).await);
        states.extend(self.clocks.as_ref().map(clock));
        states
    }
}

/// Named, but ready: both processes see the same difference, and neither knows who is wrong.
fn clock(watch: &ClockWatch) -> DependencyState {
    let detail = watch.disagreement().map(|other| {
        let (process, ahead_ms) = (other.process, other.ahead_ms);
        format!("process {process} is {ahead_ms} ms ahead of this one")
    });
    DependencyState {
        name: "clock".to_owned(),
        ready: true,
        detail,
    }
}

async fn asked<E: std::fmt::Display>(
    name: &str,
    question: impl Future<Output = Result<(), E>>,
) -> DependencyState {
    let error = match timeout(ANSWER_WITHIN, question).await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => {
            tracing::warn!(name, %error, "a dependency is away");
            Some("away".to_owned())
        }
        Err(_) => Some("no answer in time".to_owned()),
    };
    state(name.to_owned(), error)
}

fn state(name: String, error: Option<String>) -> DependencyState {
    DependencyState {
        name,
        ready: error.is_none(),
        detail: error.map(|_| "away".to_owned()),
    }
}

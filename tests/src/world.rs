//! A deployment in one process for one test: the real server on a free port, in either column.

use std::{ops::Deref, sync::Arc};

use api_server::{Options, RootConfig, Running};
use kernel::{Clock, ManualClock, SystemClock};
use tempfile::TempDir;
use tenancy_registry::{OperatorForm, operator_create};

use crate::{
    Site, service,
    site::{FOUNDER_PASSWORD, OPERATOR_EMAIL},
};

/// Which way of running a test looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// SQLite files, everything in process.
    Embedded,
    /// PostgreSQL, Redis, S3.
    Scaled,
}

/// A deployment and what it stands on; its [`Site`] is what people see of it.
pub struct World {
    /// The server.
    pub running: Running,
    /// The configuration it was started with.
    pub config: RootConfig,
    site: Site,
    _data: TempDir,
    _database: Option<service::postgres::Database>,
}

impl World {
    /// Starts a deployment that keeps the machine's time.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(column: Column) -> Self {
        Self::start_with(column, Arc::new(SystemClock), |_| {}).await
    }

    /// Starts a deployment on a clock that the test moves.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_at(column: Column, clock: &ManualClock) -> Self {
        Self::start_with(column, Arc::new(clock.clone()), |_| {}).await
    }

    /// Starts a deployment whose configuration the test changes.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_with(
        column: Column,
        clock: Arc<dyn Clock>,
        change: impl FnOnce(&mut RootConfig),
    ) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let mut config = RootConfig::for_testing(data.path());
        let mut database = None;
        if column == Column::Scaled {
            let fresh = service::postgres::fresh_database()
                .await
                .expect("PostgreSQL");
            config.database.url.clone_from(&fresh.url);
            let redis = service::redis::fresh().expect("Redis");
            config.redis = platform::redis_service::RedisConfig {
                key_prefix: redis.key_prefix,
                ..platform::redis_service::RedisConfig::for_testing(&redis.url)
            };
            config.s3 = service::s3::fresh_bucket().await.expect("S3").config();
            database = Some(fresh);
        }
        if column == Column::Embedded {
            // One that is known: addresses of parts of uploads name it.
            let port = service::process::free_port().expect("a port");
            config.listen.set_port(port);
        }
        change(&mut config);
        let running = api_server::start(
            &config,
            Options {
                clock,
                ..Options::default()
            },
        )
        .await
        .expect("a server");
        let site = Site::at(&format!("http://{}", running.address()));
        let world = Self {
            running,
            config,
            site,
            _data: data,
            _database: database,
        };
        world.operator_is_made().await;
        world
    }

    async fn operator_is_made(&self) {
        let form = OperatorForm {
            name: "Operator".to_owned(),
            email: OPERATOR_EMAIL.to_owned(),
            password: FOUNDER_PASSWORD.into(),
        };
        let registry = &self.running.parts().gateway.registry;
        operator_create(registry, &form).await.expect("an operator");
        self.site.operator_signs_in().await;
    }
}

impl Deref for World {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn stands_on(column: Column, services: &[&str], files_on_disk: bool) {
        let world = World::start(column).await;
        let ready = reqwest::get(format!("http://{}/readyz", world.running.address())).await;
        let ready: serde_json::Value = ready.expect("an answer").json().await.expect("JSON");
        assert_eq!(ready["ready"], true, "{ready}");
        let named = ready["dependencies"].as_array().expect("dependencies");
        let named: Vec<_> = named
            .iter()
            .filter_map(|one| one["name"].as_str())
            .collect();
        assert_eq!(named, services);
        let blobs = &world.running.parts().blobs;
        let put = blobs.put("probe", "text/plain", "kept".into()).await;
        put.expect("an object");
        assert_eq!(world.config.data.join("blobs").exists(), files_on_disk);
        let control = world.config.data.join("control.sqlite");
        assert_eq!(control.exists(), files_on_disk);
    }

    #[tokio::test]
    async fn a_world_stands_on_its_services_embedded() {
        stands_on(Column::Embedded, &["control", "shard files", "s3"], true).await;
    }

    #[tokio::test]
    async fn a_world_stands_on_its_services_scaled() {
        let services = ["control", "shard main", "redis", "s3", "clock"];
        stands_on(Column::Scaled, &services, false).await;
    }
}

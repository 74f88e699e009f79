//! The real PostgreSQL, Redis and S3 of the scaled column and the clamd of both, private to a test
//! run: started on free loopback ports in temporary folders, stopped when their owner drops them or
//! dies.
//!
//! `services run CMD…` starts one of each for a whole run and tells CMD's tests through
//! `HANSA_TEST_*` where they are; without these variables a test process starts its own when it
//! first asks. What a test gets ([`postgres::fresh_database`], [`redis::fresh`],
//! [`s3::fresh_bucket`]) is its own either way; clamd keeps nothing and is shared. To add a
//! service, add a file with `start`, a shared one and a fresh part.

pub mod clamd;
pub mod postgres;
pub(crate) mod process;
pub mod redis;
pub mod s3;
#[cfg(test)]
mod tests;

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::thread;

use thiserror::Error;

use clamd::Clamd;
use postgres::Postgres;
use redis::Redis;
use s3::S3;

/// Why a service is not there.
#[derive(Debug, Error)]
pub enum ServiceError {
    /// Its program is not installed.
    #[error("{program} is missing: {remedy}")]
    Missing {
        /// What was looked for.
        program: &'static str,
        /// How to get it.
        remedy: &'static str,
    },
    /// It ended, or was not ready in time.
    #[error("{program} did not start; it said:\n{said}")]
    NotReady {
        /// What was started.
        program: String,
        /// The end of its output.
        said: String,
    },
    /// The operating system refused something.
    #[error("{what}: {source}")]
    System {
        /// What was tried.
        what: String,
        /// Its answer.
        source: std::io::Error,
    },
    /// PostgreSQL refused a statement.
    #[error("postgresql: {0}")]
    Sql(#[from] sqlx::Error),
    /// The S3 server refused something.
    #[error("s3: {0}")]
    S3(String),
    /// A variable names a service, but another one of the same service is missing.
    #[error("{0} is not set")]
    Variable(&'static str),
}

impl ServiceError {
    fn system(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::System { what, source }
    }
}

/// One of each, for a whole test run.
pub struct Services {
    postgres: Postgres,
    redis: Redis,
    s3: S3,
    clamd: Clamd,
}

impl Services {
    /// Starts all of them side by side and waits until each is ready.
    ///
    /// # Errors
    /// The first service that is missing or did not start.
    pub fn start() -> Result<Self, ServiceError> {
        thread::scope(|scope| {
            let postgres = scope.spawn(Postgres::start);
            let redis = scope.spawn(Redis::start);
            let clamd = scope.spawn(Clamd::start);
            let s3 = S3::start();
            Ok(Self {
                postgres: joined(postgres)?,
                redis: joined(redis)?,
                s3: s3?,
                clamd: joined(clamd)?,
            })
        })
    }

    /// The variables that tell a test process where they are.
    #[must_use]
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let mut variables = vec![
            (postgres::URL_VARIABLE, self.postgres.url()),
            (redis::URL_VARIABLE, self.redis.url()),
            (clamd::ADDRESS_VARIABLE, self.clamd.address()),
        ];
        variables.extend(self.s3.access().variables());
        variables
    }
}

fn joined<T>(
    thread: thread::ScopedJoinHandle<'_, Result<T, ServiceError>>,
) -> Result<T, ServiceError> {
    thread
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Sixteen random hexadecimal digits: names and passwords of what lives as long as a test run.
fn random_hex() -> String {
    format!("{:016x}", RandomState::new().build_hasher().finish())
}

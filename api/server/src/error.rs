//! Why a command did not do what it was asked; the last words of the process.

use tenancy_access::DomainError;
use tenancy_store::StoreError;
use thiserror::Error;

/// Why a command ended.
#[derive(Debug, Error)]
pub enum StartError {
    /// A setting cannot be used.
    #[error("{section}: {source}")]
    Setting {
        /// The section of the configuration.
        section: &'static str,
        /// What is wrong with it.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The configuration cannot be read.
    #[error(transparent)]
    Config(#[from] platform::config::ConfigError),
    /// A database is away or refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A verb refused.
    #[error(transparent)]
    Domain(#[from] DomainError),
    /// The operating system refused.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// What was asked cannot be done, in words.
    #[error("{0}")]
    Refused(String),
}

impl StartError {
    /// A setting of `section` cannot be used.
    pub fn setting<E: Into<Box<dyn std::error::Error + Send + Sync>>>(
        section: &'static str,
    ) -> impl FnOnce(E) -> Self {
        move |error| Self::Setting {
            section,
            source: error.into(),
        }
    }
}

//! clamd over its socket: the bytes of one file go through `INSTREAM` while they are read for other
//! reasons, and the answer is a verdict.
//!
//! clamd looks at no more than its `StreamMaxLength` (and within that its `MaxFileSize`): a longer
//! file is [`Scan::BeyondLimit`], which is not a promise that it is clean. An administrator who
//! wants large files scanned raises these settings of clamd.

mod session;

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use thiserror::Error;

pub use session::ScanSession;

/// Where clamd listens: `host:port`, or the absolute path of a Unix socket, with or without `unix:`
/// before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClamdAddress {
    /// `host:port`, as in `127.0.0.1:3310`.
    Tcp(String),
    /// As in `/run/clamav/clamd.ctl`.
    Unix(PathBuf),
}

/// Neither `host:port` nor an absolute path.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("clamd is reached at `host:port` or at the absolute path of a socket, not at `{0}`")]
pub struct ClamdAddressError(String);

impl FromStr for ClamdAddress {
    type Err = ClamdAddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let path = text.strip_prefix("unix:").unwrap_or(text);
        if path.starts_with('/') {
            return Ok(Self::Unix(path.into()));
        }
        match text.rsplit_once(':') {
            Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => {
                Ok(Self::Tcp(text.to_owned()))
            }
            _ => Err(ClamdAddressError(text.to_owned())),
        }
    }
}

/// What clamd said of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scan {
    /// Nothing was found.
    Clean,
    /// Something was found.
    Infected {
        /// The signature's name, cut to [`NAME_BYTES_MAX`].
        name: String,
    },
    /// The file is longer than clamd takes; it was not scanned.
    BeyondLimit,
}

/// Longest name of a signature that is kept.
pub const NAME_BYTES_MAX: usize = 200;

/// Why there is no verdict. The file is not clean and not infected: to be tried again.
#[derive(Debug, Error)]
pub enum AntivirusError {
    /// Nobody answers, or the connection broke.
    #[error("clamd is away: {0}")]
    Away(#[from] std::io::Error),
    /// It took longer than it may.
    #[error("clamd did not {what} within {} s", limit.as_secs())]
    Slow {
        /// What was waited for.
        what: &'static str,
        /// How long.
        limit: Duration,
    },
    /// It answered something that is no verdict, such as an error of its own.
    #[error("clamd answered: {0}")]
    Answer(String),
}

/// How long clamd may take.
#[derive(Debug, Clone, Copy)]
pub struct AntivirusTimes {
    /// To accept a connection, and to take one chunk.
    pub step: Duration,
    /// To give its verdict after the last chunk; its own `MaxScanTime` is 120 s unless changed.
    pub verdict: Duration,
}

impl Default for AntivirusTimes {
    fn default() -> Self {
        Self {
            step: Duration::from_secs(30),
            verdict: Duration::from_secs(180),
        }
    }
}

/// The clamd of the configuration.
#[derive(Debug, Clone)]
pub struct Antivirus {
    address: ClamdAddress,
    times: AntivirusTimes,
}

impl Antivirus {
    /// The one at `address`; nothing is connected yet.
    #[must_use]
    pub fn new(address: ClamdAddress, times: AntivirusTimes) -> Self {
        Self { address, times }
    }

    /// Connects for one file.
    ///
    /// # Errors
    /// When clamd is away.
    pub async fn begin(&self) -> Result<ScanSession, AntivirusError> {
        ScanSession::open(&self.address, self.times).await
    }

    /// Its version and that of its signatures in one line, such as
    /// `ClamAV 1.4.3/27500/Sun Jan  4 09:25:09 2026`. Tells whether it is there.
    ///
    /// # Errors
    /// When clamd is away.
    pub async fn version(&self) -> Result<String, AntivirusError> {
        session::version(&self.address, self.times).await
    }
}

#[cfg(test)]
pub(in crate::media) mod tests;

//! What the verbs of this crate need besides a context: the object store, the tools of the check,
//! and the settings. One value a process.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::TimeDelta;
use kernel::Instant;
use platform::s3::{BlobError, BlobStore};
use tenancy_access::{DomainError, Services};
use thiserror::Error;
use tokio::sync::Semaphore;

use crate::{
    FilesConfig,
    grant::GrantKey,
    media::{
        antivirus::{Antivirus, AntivirusTimes, ClamdAddressError},
        picture::{PictureLimits, Pictures},
        video::{VideoTimes, VideoTools},
    },
};

/// A temporary file that is older was left by a process that died.
const SPOOL_FOR: TimeDelta = TimeDelta::hours(1);
const MEGAPIXEL: u64 = 1_000_000;

/// What a process makes [`Files`] of.
pub struct FilesParts {
    /// Stores, clock, randomness, bus.
    pub services: Services,
    /// Where the bytes are.
    pub blobs: BlobStore,
    /// Out of which the key of grants is made; the same in every process of the deployment.
    pub secret: [u8; 32],
    /// Folder for temporary files; made if it is not there.
    pub spool: PathBuf,
    /// Settings.
    pub config: FilesConfig,
}

/// Uploads, checks and downloads.
pub struct Files {
    pub(crate) services: Services,
    pub(crate) blobs: BlobStore,
    pub(crate) grant_key: GrantKey,
    pub(crate) config: FilesConfig,
    pub(crate) antivirus: Option<Antivirus>,
    pub(crate) pictures: Pictures,
    pub(crate) video: Option<VideoTools>,
    pub(crate) spool: PathBuf,
    /// Checks that run side by side.
    pub(crate) workers: Arc<Semaphore>,
}

impl Files {
    /// With these parts.
    ///
    /// # Errors
    /// The address of the antivirus is none, or the folder cannot be used.
    pub fn new(parts: FilesParts) -> Result<Arc<Self>, FilesError> {
        let config = parts.config;
        sweep(&parts.spool, parts.services.clock.now())?;
        let clamd = config.clamd.as_deref().filter(|text| !text.is_empty());
        let clamd = clamd.map(str::parse).transpose()?;
        let limits = PictureLimits {
            pixels_max: u64::from(config.picture_megapixels_max) * MEGAPIXEL,
            ..PictureLimits::default()
        };
        Ok(Arc::new(Self {
            services: parts.services,
            blobs: parts.blobs,
            grant_key: GrantKey::new(&parts.secret)?,
            antivirus: clamd.map(|address| Antivirus::new(address, AntivirusTimes::default())),
            pictures: Pictures::new(limits),
            video: VideoTools::find(config.ffmpeg.as_deref(), VideoTimes::default()),
            spool: parts.spool,
            workers: Arc::new(Semaphore::new(config.check_workers.max(1))),
            config,
        }))
    }
}

/// Why there are no files in this process.
#[derive(Debug, Error)]
pub enum FilesError {
    /// The setting `files.clamd`.
    #[error(transparent)]
    Clamd(#[from] ClamdAddressError),
    /// The secret of grants.
    #[error("the key of grants: {0}")]
    Key(#[from] hmac::digest::InvalidLength),
    /// The folder for temporary files.
    #[error("temporary files: {0}")]
    Spool(#[from] std::io::Error),
}

/// Makes the folder, and removes what a process that died has left in it.
fn sweep(folder: &Path, now: Instant) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let changed = entry.metadata()?.modified()?;
        let age = now - Instant::from(changed);
        if age > SPOOL_FOR {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// The object store failed or is away: nothing was done, and a retry may help.
pub(crate) fn away(error: BlobError) -> DomainError {
    tracing::warn!(%error, "the object store did not do what it was asked");
    DomainError::UNAVAILABLE
}

//! The section `[files]`.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How files are looked at and how much a member may bring in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FilesConfig {
    /// The antivirus: `host:port` or `unix:/path/of/the/socket` of a clamd. Not set: files are kept
    /// unscanned.
    pub clamd: Option<String>,
    /// The program that takes posters out of videos. Not set: the `ffmpeg` of the path, if there
    /// is one; empty: none, videos get an icon.
    pub ffmpeg: Option<PathBuf>,
    /// Files looked at side by side, per process.
    pub check_workers: usize,
    /// Pixels of a picture that is decoded, in millions.
    pub picture_megapixels_max: u32,
    /// Mebibytes that a member may start to upload within an hour.
    pub upload_mib_an_hour_max: u64,
    /// Hours until an upload that is not finished is given up, and a file that nobody attached is
    /// removed.
    pub unfinished_hours: u32,
}

impl Default for FilesConfig {
    fn default() -> Self {
        Self {
            clamd: None,
            ffmpeg: None,
            check_workers: 2,
            picture_megapixels_max: 50,
            upload_mib_an_hour_max: 10_240,
            unfinished_hours: 24,
        }
    }
}

impl FilesConfig {
    /// A rate that a test reaches.
    #[must_use]
    pub fn for_testing() -> Self {
        Self {
            ffmpeg: Some(PathBuf::new()),
            upload_mib_an_hour_max: 256,
            ..Self::default()
        }
    }
}

//! Files: what they are, where their uploads stand, and what readers of a message are shown of
//! them.

use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

use crate::FileId;

/// Kind of the control job that removes all files of an erased tenant; its key is the tenant's id.
pub const ERASE_FILES_JOB: &str = "file.erase";

/// What a file is, by its sniffed content; a folder is a directory that was uploaded (MSG-09).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A picture that browsers can show.
    Image,
    /// MSG-36.
    Video,
    /// Sound.
    Audio,
    /// Anything else.
    File,
    /// Files under one name, downloadable as a zip.
    Folder,
}

/// What a file was uploaded for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum FilePurpose {
    /// To be attached to a message.
    Message,
    /// A member's picture (DIR-56).
    Avatar,
    /// The company's picture.
    CompanyLogo,
}

/// Where an upload stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum UploadState {
    /// Bytes are missing.
    Receiving,
    /// Complete, and being looked at: hash, type, antivirus, thumbnail.
    Checking,
    /// A file that can be used.
    Ready,
    /// Not taken; the reason is beside it.
    Refused,
    /// Given up by the member, or not finished in time.
    Cancelled,
}

/// Whether a file can still be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// Yes.
    Available,
    /// No: its time is over (FIL-05).
    Expired,
    /// No: it was removed.
    Removed,
}

/// Why a use of a file ended.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum FileRemoval {
    /// Its time is over (FIL-05).
    Expired,
    /// Somebody removed it.
    Deleted,
}

/// What a message says of a file that it carries. Never changes; kept with the message, so that a
/// page of a log needs no other table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// Which use.
    pub id: FileId,
    /// What it is.
    pub kind: FileKind,
    /// The name it was given, one line.
    pub name: String,
    /// Of the file, or of all files of a folder.
    pub size_bytes: u64,
    /// Sniffed; none for a folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// In pixels, of pictures and videos.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// In pixels, of pictures and videos.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// A blurred preview, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blur: Option<String>,
    /// Of videos and sound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// How many files a folder has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<u32>,
}

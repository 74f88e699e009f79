//! Files of one tenant: uploads, the check that makes a file of them, attachments, downloads,
//! limits and retention. Bytes are in the object store ([`platform::s3`]), everything else in the
//! tenant's own rows.
//!
//! | file | what |
//! | --- | --- |
//! | `files.rs` | [`Files`]: what the verbs need besides the context |
//! | `upload/` | start, parts, small files in one request, complete, cancel |
//! | `check.rs` | the job that reads an upload once and makes a file of it, or refuses it |
//! | `media/` | what the check looks for: type, picture, video, antivirus; and zip |
//! | `storage.rs`, `policy.rs` | what a tenant may keep; what its members may send |
//! | [`attach`] | for chat's commit: lock and write the files of messages |
//! | `grant.rs`, `download.rs` | short-lived permissions to read, and reading |
//! | `hold.rs` | bytes that nothing removes |
//! | `avatar.rs` | pictures of members and of the company |
//! | `remove.rs`, `tidy.rs` | the last use frees the bytes; what ends by time |
//! | `reconcile.rs` | every night: rows against objects |
//!
//! **A crash** leaves at worst an object that no row refers to: a key is committed before its
//! object is written, and a row goes before its object does. The three ids of one upload (the
//! upload, the object, its first use) are one UUID, so that a check that runs again finds its work.

pub mod attach;
mod avatar;
mod check;
mod config;
mod download;
#[expect(
    unreachable_pub,
    reason = "SeaORM's derives want entities to be `pub`; the module is not"
)]
mod entity;
mod files;
mod grant;
mod hold;
mod keys;
pub mod media;
mod policy;
mod readable;
mod reconcile;
mod remove;
mod storage;
mod tidy;
mod upload;
mod view;

pub use avatar::{PictureChoice, company_logo};
pub use check::CHECK_JOB;
pub use config::FilesConfig;
pub use download::{BodyError, BodyStream, Disposition, Download, Variant};
pub use files::{Files, FilesError, FilesParts};
pub use grant::{GRANT_FOR, Grant, GrantsInput};
pub use policy::{FilePolicy, FilePolicyUpdateInput, RetentionDays, file_policy, is_small};
pub use readable::files;
pub use reconcile::{RECONCILE_JOB, Reconciliation, last_reconciliation};
pub use remove::REMOVE_JOB;
pub use storage::{Usage, usage};
pub use tidy::TIDY_JOB;
pub use upload::{Upload, UploadPart, UploadStartInput};
pub use view::{Checked, File, states};

//! The words of the product: ids, states, permissions, limits, error codes, events. No I/O and no
//! queries; every other crate of the product speaks with these types.
//!
//! | file | what |
//! | --- | --- |
//! | `id.rs` | every typed id and its prefix |
//! | `tenant.rs`, `member.rs`, `session.rs`, `conversation.rs` | states and kinds as stored |
//! | `file.rs` | files, uploads, and what a message says of them |
//! | `permission.rs` | the closed list of permissions, and the roles |
//! | `error_code.rs` | the table of error codes, which are also the clients' translation keys |
//! | `problem.rs` | a refusal that the caller can act on |
//! | `entitlements.rs` | the port that tells what a tenant may use |
//! | `mail.rs` | a mail that somebody is owed |
//! | `event.rs` | what is published on the bus |
//! | `limits.rs` | every bound that money does not move |
//!
//! To add an error code: one line in the table of `error_code.rs`, one text in each language of
//! `frontend/src/i18n`; a test there compares the two.
#![deny(missing_docs)]

mod conversation;
mod entitlements;
mod error_code;
mod event;
mod file;
mod id;
pub mod limits;
mod mail;
mod member;
mod permission;
mod problem;
mod session;
mod tenant;

pub use conversation::{ConversationKind, EntryKind};
pub use entitlements::{Entitlements, EntitlementsError, EntitlementsSnapshot};
pub use error_code::{ErrorClass, ErrorCode};
pub use event::{EventBody, TenantEvent, topic};
pub use file::{
    Attachment, ERASE_FILES_JOB, FileKind, FilePurpose, FileRemoval, FileState, UploadState,
};
pub use id::*;
pub use mail::{MAIL_JOB, MailBody, MailRequest};
pub use member::MemberState;
pub use permission::{Permission, Role};
pub use problem::Problem;
pub use session::{DeviceType, SessionEndReason, Surface};
pub use tenant::{Language, TenantStatus};

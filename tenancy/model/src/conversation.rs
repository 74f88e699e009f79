//! Kinds of conversations and of the entries in their logs.

use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

/// The eight kinds (LAYOUT.md, Words); *shared* is a property, not a kind.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ConversationKind {
    /// Two people.
    Direct,
    /// Made by a member (讨论组).
    Discussion,
    /// Made in the console (固定群).
    Fixed,
    /// Follows a department (部门群).
    Department,
    /// Everybody (全员群).
    AllStaff,
    /// A member and an app.
    App,
    /// Notices of the system.
    System,
    /// A member with themself (文件传输助手).
    FileAssistant,
}

/// What an entry of a log is. Only messages count towards `count_to` (DESIGN.md 3).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Something a participant said.
    Message,
    /// The first entry of every log.
    Created,
}

impl EntryKind {
    /// Whether the entry counts as unread for those who did not write it.
    #[must_use]
    pub fn counts(self) -> bool {
        self == Self::Message
    }
}

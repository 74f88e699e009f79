//! Where a session lives and how it ended.

use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

/// Which door a session came through; each door has its own cookie (DESIGN.md 11).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Surface {
    /// The chat client.
    Member,
    /// The console of the tenant's administrators.
    Console,
    /// A bearer token: no device, signs nobody out.
    Api,
}

/// What counts as one device beside another (SEC-16): a browser on a desk is a desktop, one on a
/// phone is a mobile; console and API sessions compete with none.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum DeviceType {
    /// Windows, macOS, Linux.
    Desktop,
    /// Android, iOS.
    Mobile,
    /// The console, wherever it is open.
    Console,
    /// No device.
    Api,
}

/// Why a session ended; told to its sockets (SEC-17).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum SessionEndReason {
    /// By its own member.
    SignedOut,
    /// From the list of sessions.
    Revoked,
    /// A newer device of the same type took its place.
    Replaced,
    /// The password was changed elsewhere.
    PasswordChanged,
    /// Not used for too long, or too old.
    Expired,
    /// The tenant was suspended or closed.
    TenantClosed,
    /// The member was disabled, resigned, deleted, or lost the authorisation (DIR-30).
    MemberClosed,
}

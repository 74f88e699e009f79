//! The closed list of permissions, and the roles that hold them.

use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

/// One ability of an administrator. Being a member needs none of them.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, EnumIter,
)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// See the company page and the audit log.
    CompanyView,
    /// Change the company page and the super password.
    CompanyManage,
    /// See members with what administrators may know of them.
    MembersView,
    /// Create, change, disable, resign, unlock members; reset passwords.
    MembersManage,
    /// Create, change, move and delete departments.
    DepartmentsManage,
    /// See and end everybody's sessions.
    SessionsManage,
    /// Change the rules of sign-in and passwords.
    SecurityManage,
    /// See to whom mails went and what became of them.
    MailView,
}

/// A named set of permissions, given to a member.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumIter,
    DeriveActiveEnum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The first administrator, and whom they name: everything, roles included.
    Owner,
    /// Everything but naming owners and the super password.
    Administrator,
    /// Departments and members.
    DirectoryAdministrator,
    /// Everybody.
    Member,
}

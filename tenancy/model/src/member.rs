//! States of a member (DIR-28 to DIR-34).

use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

/// Whether a member may come in, and is shown in the directory.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    /// In the directory, may sign in.
    Active,
    /// In the directory, may not sign in (DIR-32).
    Disabled,
    /// Out of the directory, may not sign in, data kept, can be reinstated (DIR-28).
    Resigned,
}

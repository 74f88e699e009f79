//! What a tenant is, as everybody may know it.

use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

/// The life cycle of a tenant, in order (LAYOUT.md, Words).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum TenantStatus {
    /// Being made; not reachable yet.
    Provisioning,
    /// In use.
    Active,
    /// Closed to members for now, by an operator; nothing is lost.
    Suspended,
    /// Ended; data kept until the printed date.
    Closing,
    /// Gone: only the number and the reason remain.
    Erased,
}

/// The languages of every screen, mail and message.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Default,
    Serialize,
    Deserialize,
    EnumIter,
    DeriveActiveEnum,
)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Language {
    /// Simplified Chinese.
    #[default]
    #[sea_orm(string_value = "zh-CN")]
    #[serde(rename = "zh-CN")]
    ZhCn,
    /// English.
    #[sea_orm(string_value = "en")]
    #[serde(rename = "en")]
    En,
}

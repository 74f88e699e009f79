//! What became of a mail.

use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

/// Where a mail is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumIter, DeriveActiveEnum,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// On its way, or between two tries.
    Queued,
    /// Taken by the mail server, or put into the local mailbox.
    Sent,
    /// Given up.
    Failed,
    /// Waits for tomorrow: the company is not verified and has sent its share of today.
    Held,
}

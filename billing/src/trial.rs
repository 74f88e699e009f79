//! What a trial is (LIC-02): 50 seats and 14 days, unless the operator offers something else.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The trial of public sign-up. A change is for tenants that sign up after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TrialConfig {
    /// Members that may be authorised at once.
    pub seats: u32,
    /// Days until the trial ends.
    pub days: u32,
    /// Gibibytes that files may take.
    pub storage_gib: u32,
}

impl Default for TrialConfig {
    fn default() -> Self {
        Self {
            seats: 50,
            days: 14,
            storage_gib: 10,
        }
    }
}

impl TrialConfig {
    /// Few seats, so that a test meets the limit.
    #[must_use]
    pub fn for_testing() -> Self {
        Self {
            seats: 3,
            ..Self::default()
        }
    }
}

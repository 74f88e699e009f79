//! How long sessions and links live, and what a password hash costs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenancy_model::Surface;

/// Sessions, one-time links and password hashes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AccessConfig {
    /// Hours after which a session of the chat client ends, however much it is used.
    pub member_hours: u32,
    /// Hours without a request after which a session of the chat client ends.
    pub member_idle_hours: u32,
    /// Hours after which a session of the console ends.
    pub console_hours: u32,
    /// Hours without a request after which a session of the console ends.
    pub console_idle_hours: u32,
    /// Hours after which a bearer token of the API ends.
    pub api_hours: u32,
    /// Hours without a request after which a bearer token of the API ends.
    pub api_idle_hours: u32,
    /// Hours for which the link of an activation mail is good (TEN-12).
    pub activation_link_hours: u32,
    /// Hours for which a link to set or unlock a password is good (SEC-10).
    pub password_link_hours: u32,
    /// Memory of one password hash in KiB (argon2id; OWASP: 19,456).
    pub hash_memory_kib: u32,
    /// Passes of one password hash over its memory (OWASP: 2).
    pub hash_passes: u32,
    /// Password hashes computed at the same time, per process; about the number of cores.
    pub hashes_at_once: usize,
    /// Callers that may wait for a password hash, per process; the next one is `RATE_LIMITED`.
    pub hashes_waiting_max: usize,
    /// Milliseconds that a caller waits for its turn before it is `RATE_LIMITED`.
    pub hash_wait_ms: u64,
}

impl Default for AccessConfig {
    fn default() -> Self {
        Self {
            member_hours: 24 * 90,
            member_idle_hours: 24 * 14,
            console_hours: 12,
            console_idle_hours: 2,
            api_hours: 24 * 365,
            api_idle_hours: 24 * 90,
            activation_link_hours: 72,
            password_link_hours: 2,
            hash_memory_kib: 19_456,
            hash_passes: 2,
            hashes_at_once: 2,
            hashes_waiting_max: 256,
            hash_wait_ms: 8_000,
        }
    }
}

impl AccessConfig {
    /// The same with password hashes that cost nothing.
    #[must_use]
    pub fn for_testing() -> Self {
        Self {
            hash_memory_kib: 8,
            hash_passes: 1,
            hashes_at_once: 8,
            ..Self::default()
        }
    }

    /// After how long a session of this surface ends, whatever happens.
    #[must_use]
    pub fn lives_for(&self, surface: Surface) -> chrono::Duration {
        let hours = match surface {
            Surface::Member => self.member_hours,
            Surface::Console => self.console_hours,
            Surface::Api => self.api_hours,
        };
        chrono::Duration::hours(hours.into())
    }

    /// After how long without a request a session of this surface ends.
    #[must_use]
    pub fn idles_for(&self, surface: Surface) -> chrono::Duration {
        let hours = match surface {
            Surface::Member => self.member_idle_hours,
            Surface::Console => self.console_idle_hours,
            Surface::Api => self.api_idle_hours,
        };
        chrono::Duration::hours(hours.into())
    }
}

//! What an operator can set about sign-up and the life of tenants.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Sign-up, the operator's terms, and how tenants begin and end.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RegistryConfig {
    /// What this deployment is called, on screens and in mails.
    pub deployment_name: String,
    /// Version of the operator's terms; a new value asks for a new acceptance.
    pub terms_version: String,
    /// The terms in Chinese. Empty: the built-in text.
    pub terms_zh: String,
    /// The terms in English. Empty: the built-in text.
    pub terms_en: String,
    /// Further host names that nobody may take, beside the built-in list.
    pub reserved_host_names: Vec<String>,
    /// Minutes for which a sign-up code is good.
    pub code_minutes: u32,
    /// Seconds before a code can be sent again.
    pub resend_pause_s: u32,
    /// Sign-ups that one source may start in a day; each of them mails a code.
    pub signups_per_source_max: u32,
    /// Codes that one address is mailed in a day, whoever asks.
    pub signups_per_address_max: u32,
    /// Trials of one source in the window.
    pub trials_per_source_max: u32,
    /// Trials of one mail domain in the window; of a public one (below) for each address.
    pub trials_per_domain_max: u32,
    /// Days over which trials are counted.
    pub trials_window_days: u32,
    /// Mail domains where anybody has an address.
    pub public_mail_domains: Vec<String>,
    /// Seconds after which a tenant that is still being made counts as left behind by a crash. The
    /// embedded column uses 0 at its start: no other process can be making one.
    pub provisioning_s_max: u32,
}

/// Mail providers at which anybody can have an address.
const PUBLIC_MAIL_DOMAINS: &[&str] = &[
    "qq.com",
    "foxmail.com",
    "163.com",
    "126.com",
    "yeah.net",
    "sina.com",
    "sohu.com",
    "aliyun.com",
    "139.com",
    "189.cn",
    "gmail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "icloud.com",
    "yahoo.com",
    "proton.me",
];

impl Default for RegistryConfig {
    fn default() -> Self {
        Self {
            deployment_name: "Hansa".to_owned(),
            terms_version: "2026-01".to_owned(),
            terms_zh: String::new(),
            terms_en: String::new(),
            reserved_host_names: Vec::new(),
            code_minutes: 15,
            resend_pause_s: 60,
            signups_per_source_max: 20,
            signups_per_address_max: 5,
            trials_per_source_max: 5,
            trials_per_domain_max: 5,
            trials_window_days: 30,
            public_mail_domains: PUBLIC_MAIL_DOMAINS
                .iter()
                .map(|d| (*d).to_owned())
                .collect(),
            provisioning_s_max: 600,
        }
    }
}

impl RegistryConfig {
    /// Room for a whole test run: every company signs up from the same machine.
    #[must_use]
    pub fn for_testing() -> Self {
        Self {
            signups_per_source_max: 10_000,
            signups_per_address_max: 10_000,
            trials_per_source_max: 10_000,
            trials_per_domain_max: 10_000,
            ..Self::default()
        }
    }

    /// For how long a code is good.
    #[must_use]
    pub fn code_for(&self) -> Duration {
        Duration::from_secs(u64::from(self.code_minutes) * 60)
    }

    /// How long a tenant may take to be made.
    #[must_use]
    pub fn provisioning_for(&self) -> Duration {
        Duration::from_secs(self.provisioning_s_max.into())
    }
}

//! A mail that somebody is owed, before it has words. Domain crates enqueue one as a job (kind
//! [`MAIL_JOB`]) in the transaction that makes it necessary; `tenancy-notify` writes and sends it.

use serde::{Deserialize, Serialize};

use crate::Language;

/// Kind of the job that carries a [`MailRequest`].
pub const MAIL_JOB: &str = "mail";

/// To whom, in which language, about what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailRequest {
    /// The address, already checked.
    pub recipient: String,
    /// Language of the text.
    pub language: Language,
    /// What it is about.
    pub body: MailBody,
}

/// What a mail is about. Tokens and codes are one-time; the job is deleted when the mail was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MailBody {
    /// The code that confirms a sign-up.
    SignupCode {
        /// The company as typed; bounded and stripped before it is shown.
        company: String,
        /// Six digits.
        code: String,
        /// How long it is good for.
        minutes: u32,
    },
    /// The company is ready: what the founder needs to sign in.
    SignupDone {
        /// Full name of the company.
        company: String,
        /// 组织机构域.
        host_name: String,
        /// 企业号.
        number: String,
        /// The first administrator's account.
        account: String,
    },
    /// The service was opened for a member (TEN-12): a link to set the password.
    Activation {
        /// Full name of the company.
        company: String,
        /// 组织机构域.
        host_name: String,
        /// 登录帐号.
        account: String,
        /// One-time token of the link.
        token: String,
        /// How long it is good for.
        hours: u32,
    },
    /// A link to set a new password, asked for by the member or an administrator.
    PasswordLink {
        /// Full name of the company.
        company: String,
        /// 组织机构域.
        host_name: String,
        /// 登录帐号.
        account: String,
        /// One-time token of the link.
        token: String,
        /// How long it is good for.
        hours: u32,
    },
    /// A link that ends an administrator's own lock (SEC-14) by setting a new password.
    UnlockLink {
        /// Full name of the company.
        company: String,
        /// 组织机构域.
        host_name: String,
        /// 登录帐号.
        account: String,
        /// One-time token of the link.
        token: String,
        /// How long it is good for.
        hours: u32,
    },
}

impl MailBody {
    /// The kind, as lists show it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::SignupCode { .. } => "signup_code",
            Self::SignupDone { .. } => "signup_done",
            Self::Activation { .. } => "activation",
            Self::PasswordLink { .. } => "password_link",
            Self::UnlockLink { .. } => "unlock_link",
        }
    }
}

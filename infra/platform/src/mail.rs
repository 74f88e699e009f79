//! Mail by SMTP. A mail is one text for one address; what it says and whether it may be sent is the
//! caller's business, and so is the mailbox of a deployment without SMTP
//! ([`MailTransport::Local`]).

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{Clock, Secret};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::sync::Semaphore;

/// The longest subject, in bytes.
pub const SUBJECT_BYTES_MAX: usize = 400;
/// The longest text, in bytes.
pub const TEXT_BYTES_MAX: usize = 256 * 1024;
/// The longest display name, in bytes.
pub const NAME_BYTES_MAX: usize = 200;
/// The longest id, in bytes.
pub const ID_BYTES_MAX: usize = 100;
/// The longest address (RFC 5321, 4.5.3.1.3), in bytes.
pub const ADDRESS_BYTES_MAX: usize = 254;

/// Mail of the deployment.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MailConfig {
    /// Host name of the SMTP server. Not set: mails stay in a local mailbox, whose texts are shown
    /// only while Hansa listens on loopback.
    pub smtp_host: Option<String>,
    /// Its port; by default 465 with `tls`, 587 with `starttls`, 25 with `none`.
    pub smtp_port: Option<u16>,
    /// `tls` from the first byte, `starttls` (required, never skipped), or `none`.
    pub smtp_security: SmtpSecurity,
    /// Name to sign in with, when the server asks for one.
    pub smtp_user: Option<String>,
    /// Password to sign in with.
    #[schemars(with = "String", extend("x-secret" = true))]
    pub smtp_password: Secret,
    /// Sender of every mail, `Name <address>`.
    pub from: String,
    /// How long one step of a delivery may take, in milliseconds.
    pub timeout_ms: u64,
    /// Connections to the server at the same time.
    pub connections_max: u32,
}

/// How the connection to the SMTP server is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SmtpSecurity {
    /// Not at all.
    None,
    /// By STARTTLS before anything else is said.
    #[default]
    Starttls,
    /// By TLS from the first byte.
    Tls,
}

impl Default for MailConfig {
    fn default() -> Self {
        Self {
            smtp_host: None,
            smtp_port: None,
            smtp_security: SmtpSecurity::Starttls,
            smtp_user: None,
            smtp_password: Secret::default(),
            from: "Hansa <no-reply@localhost>".to_owned(),
            timeout_ms: 20_000,
            connections_max: 4,
        }
    }
}

impl MailConfig {
    /// An unprotected server on this machine.
    #[must_use]
    pub fn for_testing(port: u16) -> Self {
        Self {
            smtp_host: Some("127.0.0.1".to_owned()),
            smtp_port: Some(port),
            smtp_security: SmtpSecurity::None,
            timeout_ms: 2_000,
            ..Self::default()
        }
    }
}

/// One mail for one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// ASCII letters, digits, `-`, `_` and `.`; the same at every attempt, so that a receiver can
    /// drop a mail that was delivered twice.
    pub id: String,
    /// The address.
    pub to: String,
    /// The name of the receiver, when known.
    pub to_name: Option<String>,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

/// Why a mail was not accepted.
#[derive(Debug, Error)]
pub enum MailError {
    /// The mail itself cannot be sent: an address that is none, a line break where there must not
    /// be one, a text that is too long. Nothing was sent.
    #[error("not a mail: {0}")]
    Invalid(&'static str),
    /// The server will never take it.
    #[error("refused for good: {0}")]
    Permanent(String),
    /// Try again later.
    #[error("not now: {0}")]
    Transient(String),
    /// The configuration cannot work.
    #[error("mail configuration: {0}")]
    Configuration(String),
}

impl MailError {
    /// Whether trying the same mail again is pointless.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        matches!(self, Self::Invalid(_) | Self::Permanent(_))
    }
}

/// Delivers mails.
#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Hands `mail` to the next server; `Ok` means that it took responsibility.
    ///
    /// # Errors
    /// [`MailError`].
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;
}

/// How this deployment sends mail.
#[derive(Clone)]
pub enum MailTransport {
    /// Not at all: the caller keeps its mails where they can be read.
    Local,
    /// By this mailer.
    Smtp(Arc<dyn Mailer>),
}

impl MailTransport {
    /// What `config` asks for; does not connect yet.
    ///
    /// # Errors
    /// [`MailError::Configuration`].
    pub fn from_config(config: &MailConfig, clock: Arc<dyn Clock>) -> Result<Self, MailError> {
        match config.smtp_host.as_deref() {
            None | Some("") => Ok(Self::Local),
            Some(host) => Ok(Self::Smtp(Arc::new(SmtpMailer::new(host, config, clock)?))),
        }
    }
}

/// Connects to the SMTP server of `config` as for a mail, and sends none; for `hansa doctor`.
/// `Ok(false)` when none is configured.
///
/// # Errors
/// [`MailError`]: what the server, TLS or the configuration said.
pub async fn smtp_answers(config: &MailConfig, clock: Arc<dyn Clock>) -> Result<bool, MailError> {
    let Some(host) = config.smtp_host.as_deref().filter(|host| !host.is_empty()) else {
        return Ok(false);
    };
    SmtpMailer::new(host, config, clock)?.answers().await?;
    Ok(true)
}

/// Sends by SMTP, a connection a mail.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    clock: Arc<dyn Clock>,
    connections: Semaphore,
    whole_wait: Duration,
}

/// Steps of one delivery, each bounded by `timeout_ms`.
const STEPS_MAX: u32 = 6;

impl SmtpMailer {
    fn new(host: &str, config: &MailConfig, clock: Arc<dyn Clock>) -> Result<Self, MailError> {
        crate::tls::install_provider();
        let wrong = |error: &dyn std::fmt::Display| MailError::Configuration(error.to_string());
        type Transport = AsyncSmtpTransport<Tokio1Executor>;
        let mut builder = match config.smtp_security {
            SmtpSecurity::None => Transport::builder_dangerous(host),
            SmtpSecurity::Starttls => Transport::starttls_relay(host).map_err(|e| wrong(&e))?,
            SmtpSecurity::Tls => Transport::relay(host).map_err(|e| wrong(&e))?,
        };
        if let Some(port) = config.smtp_port {
            builder = builder.port(port);
        }
        if let Some(user) = config.smtp_user.clone().filter(|user| !user.is_empty()) {
            let password = config.smtp_password.reveal().to_owned();
            builder = builder.credentials(Credentials::new(user, password));
        }
        let step = Duration::from_millis(config.timeout_ms);
        Ok(Self {
            transport: builder.timeout(Some(step)).build(),
            from: config
                .from
                .parse()
                .map_err(|e| wrong(&format!("mail.from: {e}")))?,
            clock,
            connections: Semaphore::new(config.connections_max.max(1) as usize),
            whole_wait: step * STEPS_MAX,
        })
    }

    /// Whether the server greets us, protects the connection as configured and lets us sign in.
    async fn answers(&self) -> Result<(), MailError> {
        let late = |_| MailError::Transient("no answer in time".to_owned());
        let asked = tokio::time::timeout(self.whole_wait, self.transport.test_connection());
        match asked.await.map_err(late)? {
            Ok(true) => Ok(()),
            Ok(false) => Err(MailError::Transient("it hung up".to_owned())),
            Err(error) => Err(classify(&error)),
        }
    }

    fn message(&self, mail: &Mail) -> Result<Message, MailError> {
        mail.check()?;
        let to: Address = mail
            .to
            .parse()
            .map_err(|_| MailError::Invalid("the address"))?;
        let id = format!("<{}@{}>", mail.id, self.from.email.domain());
        let auto = HeaderName::new_from_ascii_str("Auto-Submitted");
        MessageBuilder::new()
            .from(self.from.clone())
            .to(Mailbox::new(mail.to_name.clone(), to))
            .subject(mail.subject.clone())
            .message_id(Some(id))
            .date(self.clock.now().into())
            // RFC 3834: vacation programs leave such mails alone.
            .raw_header(HeaderValue::new(auto, "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text.clone())
            .map_err(|_| MailError::Invalid("the text"))
    }
}

impl Mail {
    fn check(&self) -> Result<(), MailError> {
        let is_id_char = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let lines = [Some(&self.to), self.to_name.as_ref(), Some(&self.subject)];
        if lines
            .into_iter()
            .flatten()
            .any(|line| line.chars().any(char::is_control))
        {
            return Err(MailError::Invalid("a control character in a header"));
        }
        if self.id.is_empty() || self.id.len() > ID_BYTES_MAX || !self.id.chars().all(is_id_char) {
            return Err(MailError::Invalid("the id"));
        }
        let name_bytes = self.to_name.as_ref().map_or(0, String::len);
        if self.to.len() > ADDRESS_BYTES_MAX
            || name_bytes > NAME_BYTES_MAX
            || self.subject.len() > SUBJECT_BYTES_MAX
            || self.text.len() > TEXT_BYTES_MAX
        {
            return Err(MailError::Invalid("too long"));
        }
        Ok(())
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let message = self.message(mail)?;
        let late = |_| MailError::Transient("no answer in time".to_owned());
        let closed = |_| MailError::Transient("stopping".to_owned());
        let _turn = self.connections.acquire().await.map_err(closed)?;
        tokio::time::timeout(self.whole_wait, self.transport.send(message))
            .await
            .map_err(late)?
            .map(|_| ())
            .map_err(|error| classify(&error))
    }
}

/// Only what the server says about the mail is permanent; what it says about us (530 to 539:
/// authentication) and everything that happens before it speaks can be repaired.
fn classify(error: &lettre::transport::smtp::Error) -> MailError {
    let about_us = error
        .status()
        .is_some_and(|code| (530..540).contains(&u16::from(code)));
    let text = std::iter::successors(Some(error as &dyn std::error::Error), |e| e.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ");
    if error.is_permanent() && !about_us {
        MailError::Permanent(text)
    } else {
        MailError::Transient(text)
    }
}

#[cfg(test)]
mod tests;

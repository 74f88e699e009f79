//! Mail: a server that takes it as configured, and a sender that others accept.

use platform::mail::{MailConfig, SmtpSecurity, smtp_answers};

use super::{ANSWER_MS_MAX, Check};
use crate::{Options, RootConfig};

pub(super) async fn check(config: &RootConfig, options: &Options) -> Vec<Check> {
    let settings = MailConfig {
        timeout_ms: config.mail.timeout_ms.min(ANSWER_MS_MAX),
        ..config.mail.clone()
    };
    let address = address(&config.mail);
    let smtp = match smtp_answers(&settings, options.clock.clone()).await {
        Ok(false) => return vec![without(config)],
        Ok(true) => Check::ok("mail.smtp", format!("{address} takes mail")),
        Err(error) => Check::fail(
            "mail.smtp",
            format!("{address}: {error}"),
            remedy(&settings),
        ),
    };
    vec![smtp, sender(&config.mail)]
}

fn without(config: &RootConfig) -> Check {
    if config.is_local() {
        return Check::ok(
            "mail.smtp",
            "not configured: mails stay in the local mailbox",
        );
    }
    let what = "not configured: nobody gets the code that a sign-up asks for";
    let remedy = "set mail.smtp_host and mail.from (HANSA_MAIL_SMTP_HOST, HANSA_MAIL_FROM)";
    Check::fail("mail.smtp", what, remedy)
}

fn address(config: &MailConfig) -> String {
    let host = config.smtp_host.as_deref().unwrap_or("");
    let port = config.smtp_port.map(|port| format!(":{port}"));
    format!("{host}{}", port.unwrap_or_default())
}

/// What most often is wrong with it.
fn remedy(config: &MailConfig) -> String {
    let protected = match config.smtp_security {
        SmtpSecurity::None => "mail.smtp_security = \"none\", which many servers refuse",
        SmtpSecurity::Starttls => {
            "that the server offers STARTTLS with a certificate for this name (for port 465 set \
             mail.smtp_security = \"tls\")"
        }
        SmtpSecurity::Tls => {
            "that the server speaks TLS from the first byte with a certificate for this name (for \
             port 587 set mail.smtp_security = \"starttls\")"
        }
    };
    format!(
        "check mail.smtp_host, mail.smtp_port, mail.smtp_user and mail.smtp_password, firewalls, \
         and {protected}"
    )
}

fn sender(config: &MailConfig) -> Check {
    let what = format!("mails come from {}", config.from);
    if config.from.trim_end_matches('>').ends_with("@localhost") {
        let remedy = "set mail.from (HANSA_MAIL_FROM) to an address of a domain of yours: others \
                      refuse or hide this one";
        return Check::fail("mail.from", what, remedy);
    }
    Check::ok("mail.from", what)
}

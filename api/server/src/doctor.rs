//! What `hansa doctor` checks: every dependency and setting, each by itself, so that one that is
//! wrong hides nothing of the others. It changes nothing but probes that it takes back; a schema
//! that is behind stays behind.
//!
//! To add a check: a line in the file of its dependency, with a code that stays the same for ever
//! (operators' scripts read it), what was found, and what to do about it.

mod database;
mod files;
mod machine;
mod mail;
mod media;
mod redis;
mod web;

use std::time::Duration;

use serde::Serialize;

use crate::{Options, RootConfig};

/// A dependency whose checks are not done by then is given up.
const CHECKED_WITHIN: Duration = Duration::from_secs(20);
/// One question to a dependency, whatever the server's own patience is.
const ANSWER_MS_MAX: u64 = 5_000;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Ok,
    /// It works, but not as well as it could, or not for long.
    Warn,
    /// Something does not work, or can lose what was acknowledged.
    Fail,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// How bad it is.
    pub level: Level,
    /// What was looked at: dependency and check, such as `s3.cors`; never changes.
    pub code: String,
    /// What was found.
    pub what: String,
    /// What to do about it.
    pub remedy: Option<String>,
}

impl Check {
    fn ok(code: &str, what: impl Into<String>) -> Self {
        Self {
            level: Level::Ok,
            code: code.to_owned(),
            what: what.into(),
            remedy: None,
        }
    }

    fn warn(code: &str, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            level: Level::Warn,
            remedy: Some(remedy.into()),
            ..Self::ok(code, what)
        }
    }

    fn fail(code: &str, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            level: Level::Fail,
            ..Self::warn(code, what, remedy)
        }
    }
}

impl std::fmt::Display for Check {
    /// One line: level, code, what, what to do.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let level = match self.level {
            Level::Ok => "ok",
            Level::Warn => "warn",
            Level::Fail => "fail",
        };
        let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        write!(f, "{level:<4}  {:<34}  {}", self.code, line(&self.what))?;
        match &self.remedy {
            None => Ok(()),
            Some(remedy) => write!(f, "  -->  {}", line(remedy)),
        }
    }
}

/// Looks at everything; takes up to about 20 s where something does not answer.
pub async fn examine(config: &RootConfig, options: &Options) -> Vec<Check> {
    platform::tls::install_provider();
    let machine = machine::check(config);
    let (databases, redis, files, media, mail, web) = tokio::join!(
        within("database", database::check(config, options)),
        within("redis", redis::check(config, options)),
        within("s3", files::check(config, options)),
        within("files", media::check(&config.files)),
        within("mail", mail::check(config, options)),
        within("public-url", web::check(config)),
    );
    [machine, databases, redis, files, media, mail, web].concat()
}

async fn within(code: &str, checks: impl Future<Output = Vec<Check>>) -> Vec<Check> {
    let done = tokio::time::timeout(CHECKED_WITHIN, checks).await;
    done.unwrap_or_else(|_| {
        let what = format!("no answer within {CHECKED_WITHIN:?}");
        let remedy = "check its address, and firewalls between this machine and it";
        vec![Check::fail(&format!("{code}.answers"), what, remedy)]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_is_one_line_whatever_the_server_said() {
        let check = Check::fail("s3.bucket", "refused:\n  <Error>", "make it");
        let line = check.to_string();
        assert!(line.starts_with("fail  s3.bucket "), "{line}");
        assert!(line.ends_with("refused: <Error>  -->  make it"), "{line}");
        let ok = Check::ok("machine.disk", "20 GiB free").to_string();
        assert!(
            ok.starts_with("ok    machine.disk ") && !ok.contains("-->"),
            "{ok}"
        );
    }
}

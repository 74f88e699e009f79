//! `hansa config example|schema|show`.

use std::path::Path;

use clap::{Args, ValueEnum};

use crate::{RootConfig, StartError};

/// What to print.
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// `example`: every setting with its meaning, default and environment variable; `schema`: the
    /// JSON schema of the file, for editors; `show`: what is in force now, without passwords.
    what: What,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    Example,
    Schema,
    Show,
}

pub(crate) fn run(args: &ConfigArgs, file: Option<&Path>) -> Result<(), StartError> {
    match args.what {
        What::Example => print!("{}", platform::config::example::<RootConfig>()),
        What::Schema => println!("{:#}", platform::config::schema::<RootConfig>()),
        What::Show => {
            let config: RootConfig = platform::config::load(file)?;
            print!("{}", show(config)?);
        }
    }
    Ok(())
}

/// What is in force, without secrets: an address of a database may hold a password too.
fn show(mut config: RootConfig) -> Result<String, StartError> {
    config.database.url = without_password(&config.database.url);
    for shard in &mut config.database.shards {
        shard.url = without_password(&shard.url);
    }
    toml::to_string_pretty(&config).map_err(StartError::setting("config"))
}

/// `scheme://login:password@host` with `***` for the password; also one that was not escaped.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let Some((login, host)) = rest.rsplit_once('@') else {
        return url.to_owned();
    };
    match login.split_once(':') {
        Some((name, _)) => format!("{scheme}://{name}:***@{host}"),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use tenancy_store::ShardConfig;

    use super::*;

    #[test]
    fn what_is_in_force_is_shown_without_a_password() {
        let mut config = RootConfig::default();
        config.database.url = "postgres://hansa:hunter2@db.example/hansa".to_owned();
        config.database.shards = vec![ShardConfig {
            url: "postgres://hansa:hunter2/@:x@db.example/one".to_owned(),
            ..ShardConfig::default()
        }];
        config.s3.secret_key = "hunter2".into();
        config.redis.url = "redis://:hunter2@redis.example".into();
        config.mail.smtp_password = "hunter2".into();
        assert!(!format!("{config:?}").contains("hunter2"));
        let shown = show(config).unwrap_or_default();
        assert!(
            shown.contains("postgres://hansa:***@db.example/one"),
            "{shown}"
        );
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

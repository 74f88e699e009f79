//! `hansa config example|schema|show`.

use std::path::Path;

use clap::{Args, ValueEnum};

use crate::{RootConfig, StartError};

/// What to print.
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// `example`: every key with its meaning; `schema`: JSON schema; `show`: what is in force,
    /// without secrets.
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
            let text = toml::to_string_pretty(&config).map_err(StartError::setting("config"))?;
            print!("{text}");
        }
    }
    Ok(())
}

//! The command line. Each command has its own file; all of them read the same configuration.

mod config;
mod doctor;
mod migrate;
mod operator;
mod schema;
mod serve;
mod tenant;
mod tenant_list;
mod worker;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::{Options, Parts, RootConfig, StartError, join};

/// Hansa: enterprise messaging for many companies in one binary.
///
/// Without a configuration it runs on this machine with nothing else installed: data under ./data,
/// port 8080 on loopback. `hansa config example` prints every setting with its meaning and the
/// environment variable that also sets it.
#[derive(Debug, Parser)]
#[command(name = "hansa", version, after_help = WHEN_SOMETHING_IS_WRONG)]
pub struct Cli {
    /// Configuration file (TOML). Environment variables win over it; without it, they and the
    /// defaults are all there is.
    #[arg(long, short, env = "HANSA_CONFIG", global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

const WHEN_SOMETHING_IS_WRONG: &str = "\
When something is wrong:
  hansa doctor         checks every dependency and setting, and says what to do
  hansa config show    what is in force, without passwords
  GET /readyz          what a running server misses right now
  standard error       the server's log, one JSON object a line; errors carry a trace id

Run commands with the server's own configuration, environment and login. A command ends with 0 when
it did what was asked, 1 when it did not (standard error says why), 2 when it was not understood.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server: answer requests and do background jobs, until SIGTERM or Ctrl-C.
    ///
    /// Brings the control database and the shards up to date first, tenants while it serves. A
    /// stop is graceful and takes up to a minute: no accepted request is dropped.
    Serve(serve::ServeArgs),
    /// Do background jobs (mails, clean-up) without answering requests, until SIGTERM or Ctrl-C.
    ///
    /// For deployments on PostgreSQL, beside processes of `hansa serve`, which do jobs too: start
    /// as many as needed.
    Worker,
    /// Bring the control database, the shards and all tenants to this version's schema.
    ///
    /// Safe to repeat and to interrupt; `hansa serve` does the same by itself. A tenant that fails
    /// is set aside and named, the others go on; the command then ends with 1, and `hansa tenant
    /// migrate` tries that one again.
    Migrate,
    /// Make accounts for the people who run this deployment.
    #[command(subcommand)]
    Operator(operator::OperatorCommand),
    /// List, suspend, resume, verify, close or erase tenants (companies).
    ///
    /// A tenant is named by its id (tnt_…), and while it is in use also by its host name or its
    /// enterprise number; `hansa tenant list --search` finds it.
    #[command(subcommand)]
    Tenant(tenant::TenantCommand),
    /// Check every dependency and setting, and say what to do.
    ///
    /// One line a check: ok, warn or fail, its code, what was found, and after `-->` what to do.
    /// Ends with 1 when a check failed. It can run beside the server and before the first start;
    /// it brings no schema up to date, and removes what it writes to try.
    Doctor(doctor::DoctorArgs),
    /// Print a GraphQL schema, for tools and clients.
    Schema(schema::SchemaArgs),
    /// Print the configuration: an annotated example, its JSON schema, or what is in force.
    Config(config::ConfigArgs),
}

/// Runs one command.
///
/// # Errors
/// Why it did not do what was asked.
pub async fn run(cli: Cli) -> Result<(), StartError> {
    match cli.command {
        Command::Schema(args) => return schema::run(&args),
        Command::Config(ref args) => return config::run(args, cli.config.as_deref()),
        _ => {}
    }
    let config: RootConfig = platform::config::load(cli.config.as_deref())?;
    match cli.command {
        Command::Serve(args) => serve::run(config, &args).await,
        Command::Worker => worker::run(config).await,
        Command::Migrate => migrate::run(&parts(&config).await?).await,
        Command::Operator(command) => operator::run(&parts(&config).await?, command).await,
        Command::Tenant(command) => tenant::run(&parts(&config).await?, command).await,
        Command::Doctor(args) => doctor::run(&config, &args).await,
        Command::Schema(_) | Command::Config(_) => Ok(()),
    }
}

async fn parts(config: &RootConfig) -> Result<Parts, StartError> {
    join(config, &Options::default()).await
}

#[cfg(test)]
mod tests {
    use clap::{Command as Clap, CommandFactory as _};

    use super::Cli;

    fn undocumented(command: &Clap, path: &str, found: &mut Vec<String>) {
        let path = format!("{path} {}", command.get_name());
        if command.get_about().is_none() {
            found.push(path.clone());
        }
        let arguments = command
            .get_arguments()
            .filter(|one| one.get_help().is_none());
        found.extend(arguments.map(|one| format!("{path} {}", one.get_id())));
        for inner in command.get_subcommands() {
            undocumented(inner, &path, found);
        }
    }

    #[test]
    fn every_command_and_every_argument_says_what_it_is_for() {
        let cli = Cli::command();
        cli.clone().debug_assert();
        let mut found = Vec::new();
        undocumented(&cli, "", &mut found);
        assert!(found.is_empty(), "{found:#?}");
    }
}

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
/// Without a configuration it runs on this machine with nothing else installed: files under ./data,
/// port
/// 8080 on loopback. `hansa config example` prints every key with its meaning; each can also be
/// given by the environment variable beside it.
#[derive(Debug, Parser)]
#[command(name = "hansa", version)]
pub struct Cli {
    /// Configuration file (TOML).
    #[arg(long, short, env = "HANSA_CONFIG", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer requests and do jobs, until SIGTERM or Ctrl-C.
    Serve(serve::ServeArgs),
    /// Do jobs without answering requests.
    Worker,
    /// Bring the control database, the shards and all tenants up to date; says how far it is.
    Migrate,
    /// Operators of this deployment.
    #[command(subcommand)]
    Operator(operator::OperatorCommand),
    /// Tenants of this deployment.
    #[command(subcommand)]
    Tenant(tenant::TenantCommand),
    /// Check every dependency and setting, and say what to do.
    Doctor(doctor::DoctorArgs),
    /// Print a GraphQL schema.
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

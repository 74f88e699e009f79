//! The `hansa` binary: reads the arguments and runs one command.

use std::process::ExitCode;

use api_server::{Cli, run};
use clap::Parser as _;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hansa: {error}");
            ExitCode::FAILURE
        }
    }
}

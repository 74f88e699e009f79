//! `cargo xtask`: the rules of this repository as commands. `check-deps` holds the crates against
//! the dependency table, `tidy` holds the sources against the house law, `gen` writes what is
//! generated, `columns` compares the two columns of a test run. Each is a step of `make test`.

mod check_deps;
mod columns;
mod finding;
mod generate;
mod rules;
mod tidy;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use finding::Finding;
use workspace::Workspace;

/// Rules and generated files of the Hansa repository.
#[derive(Parser)]
#[command(name = "xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Hold every manifest and Cargo.lock against the table in infra/xtask/src/rules.rs.
    CheckDeps,
    /// Hold the sources against the house law.
    Tidy,
    /// Write the GraphQL schemas, the example configuration and the frontend's types.
    Gen {
        /// Write nothing; fail with the names of the files that are not current.
        #[arg(long)]
        check: bool,
    },
    /// Count the tests of each column in a log of `cargo nextest run`, and compare them.
    Columns {
        /// The log.
        log: PathBuf,
    },
}

fn main() -> ExitCode {
    match run(&Arguments::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Runs one command; `false` when it found something to mend.
fn run(command: &Command) -> Result<bool, String> {
    let workspace = Workspace::find()?;
    match command {
        Command::CheckDeps => Ok(report("check-deps", &check_deps::check(&workspace)?)),
        Command::Tidy => Ok(report("tidy", &tidy::check(&workspace)?)),
        Command::Gen { check } => generate::run(&workspace, *check),
        Command::Columns { log } => columns::run(&workspace, log),
    }
}

fn report(command: &str, findings: &[Finding]) -> bool {
    for finding in findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => println!("{command}: nothing to mend"),
        1 => println!("{command}: 1 finding"),
        count => println!("{command}: {count} findings"),
    }
    findings.is_empty()
}

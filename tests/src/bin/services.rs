//! `services run CMD…`: starts a PostgreSQL, a Redis, an S3 server and a clamd on free ports, runs
//! CMD with `HANSA_TEST_*` saying where they are, stops them, and ends as CMD ended. `make test`
//! runs its tests through it; `cargo run --bin services -- run bash` is a shell with the scaled
//! column.

use std::env;
use std::process::{Command, ExitCode};

use hansa_tests::service::Services;

const USAGE: &str = "usage: services run COMMAND [ARGUMENT…]";

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let command = match words.split_first() {
        Some((verb, rest)) if verb == "run" => {
            rest.strip_prefix(&["--".to_owned()]).unwrap_or(rest)
        }
        _ => &[],
    };
    let Some((program, arguments)) = command.split_first() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let services = match Services::start() {
        Ok(services) => services,
        Err(error) => {
            eprintln!("services: {error}");
            return ExitCode::FAILURE;
        }
    };
    let status = without_cargo(&mut Command::new(program))
        .args(arguments)
        .envs(services.variables())
        .status();
    drop(services);
    match status {
        // A command that a signal ended has no code.
        Ok(status) => match status.code().map(u8::try_from) {
            Some(Ok(code)) => ExitCode::from(code),
            _ => ExitCode::FAILURE,
        },
        Err(error) => {
            eprintln!("services: {program}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// `cargo run` says which package it runs. A cargo under it would take that for a change of what
/// build scripts read (`ring` reads it), and compile half of everything again.
fn without_cargo(command: &mut Command) -> &mut Command {
    for (name, _) in env::vars_os() {
        let said = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
        });
        if said {
            command.env_remove(name);
        }
    }
    command
}

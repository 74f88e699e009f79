//! `hansa operator`: who runs this deployment.

use std::io::{BufRead as _, IsTerminal as _};

use clap::Subcommand;
use kernel::Secret;
use tenancy_registry::{OperatorForm, operator_create};

use crate::{Parts, StartError};

/// What to do with operators.
#[derive(Debug, Subcommand)]
pub(crate) enum OperatorCommand {
    /// Make an operator, who signs in under /operator; the password is read from standard input.
    ///
    /// One line is read, never an argument, which every process of the machine could see:
    /// `hansa operator create --name "Li Na" --email li.na@example.com < password.txt`. Whoever
    /// lost the password is made anew with another address.
    Create {
        /// The person's name.
        #[arg(long)]
        name: String,
        /// The address that the person signs in with.
        #[arg(long)]
        email: String,
    },
}

pub(crate) async fn run(parts: &Parts, command: OperatorCommand) -> Result<(), StartError> {
    let OperatorCommand::Create { name, email } = command;
    let password = read_password()?;
    let form = OperatorForm {
        name,
        email,
        password,
    };
    let id = operator_create(&parts.gateway.registry, &form).await?;
    println!("{id} can sign in under /operator");
    Ok(())
}

/// Never an argument: arguments are seen by every process of the machine.
fn read_password() -> Result<Secret, StartError> {
    if std::io::stdin().is_terminal() {
        eprintln!("Password (it will be shown while you type):");
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(Secret::from(line.trim_end_matches(['\r', '\n'])))
}

//! `hansa doctor`: every dependency and setting, and what to do about it.

use clap::Args;

use crate::doctor::{Check, Level, examine};
use crate::{Options, RootConfig, StartError};

/// How to print.
#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Print one JSON array of {level, code, what, remedy} instead of lines, for scripts: levels
    /// are ok, warn and fail, and codes never change.
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(config: &RootConfig, args: &DoctorArgs) -> Result<(), StartError> {
    let checks = examine(config, &Options::default()).await;
    if args.json {
        let text = serde_json::to_string_pretty(&checks).map_err(StartError::setting("doctor"))?;
        println!("{text}");
    } else {
        for check in &checks {
            println!("{check}");
        }
    }
    let count = |level| {
        checks
            .iter()
            .filter(|check: &&Check| check.level == level)
            .count()
    };
    let (failed, warned) = (count(Level::Fail), count(Level::Warn));
    if failed > 0 {
        let checked = checks.len();
        return Err(StartError::Refused(format!(
            "{failed} of {checked} checks failed, {warned} warnings: what to do is in each line"
        )));
    }
    Ok(())
}

//! `hansa migrate`: everything up to date, with progress. Opening the databases has already brought
//! the control database and the shards' own schemas up to date.

use crate::{Parts, StartError};

pub(crate) async fn run(parts: &Parts) -> Result<(), StartError> {
    let services = &parts.gateway.services;
    let report = services
        .stores
        .migrate_tenants(&*services.clock, |progress| {
            let settled = progress.done + progress.failed;
            println!(
                "{settled} of {} tenants, {} failed",
                progress.total, progress.failed
            );
        })
        .await?;
    for (tenant, error) in &report.failed {
        println!("{tenant} was set aside: {error}");
    }
    println!("{} tenants brought up to date", report.done);
    if report.failed.is_empty() {
        return Ok(());
    }
    let failed = report.failed.len();
    Err(StartError::Refused(format!(
        "{failed} tenants failed; see `hansa tenant migrate`"
    )))
}

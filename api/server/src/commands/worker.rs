//! `hansa worker`: jobs without a port.

use std::time::Duration;

use platform::{tasks::Tasks, telemetry};

use super::serve::asked_to_stop;
use crate::{Options, RootConfig, StartError, join, worker};

/// How long running jobs may take at a stop.
const STOP_WITHIN: Duration = Duration::from_secs(25);

pub(crate) async fn run(config: RootConfig) -> Result<(), StartError> {
    let telemetry =
        telemetry::start(&config.telemetry).map_err(StartError::setting("telemetry"))?;
    let options = Options::default();
    let parts = join(&config, &options).await?;
    let tasks = Tasks::new(options.rng.clone());
    worker::spawn(&tasks, &parts);
    asked_to_stop().await;
    tasks.stop(STOP_WITHIN).await;
    parts.gateway.services.stores.close().await;
    telemetry.stop().await;
    Ok(())
}

//! `hansa serve`: the server, until it is asked to stop.

use std::sync::Arc;

use clap::Args;
use platform::telemetry;
use tenancy_registry::{demonstration_accounts, operator_claim_link};
use tokio::signal::unix::{SignalKind, signal};

use crate::{Options, RootConfig, Running, StartError, start};

/// How to serve.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Also load two demonstration companies and print who to sign in as. Their passwords are
    /// public, so this is refused unless the server listens on loopback.
    #[arg(long)]
    demonstration: bool,
}

pub(crate) async fn run(config: RootConfig, args: &ServeArgs) -> Result<(), StartError> {
    if args.demonstration && !config.is_local() {
        let why = "the demonstration has known passwords: it loads only on a loopback address";
        return Err(StartError::Refused(why.to_owned()));
    }
    let telemetry =
        telemetry::start(&config.telemetry).map_err(StartError::setting("telemetry"))?;
    let metrics = telemetry.metrics();
    for name in RootConfig::unknown_variables() {
        tracing::warn!(
            name,
            "this variable means nothing; `hansa config example` lists them all"
        );
    }
    let options = Options {
        demonstration: args.demonstration,
        render_metrics: Arc::new(move || metrics.render()),
        ..Options::default()
    };
    let mut running = start(&config, options).await?;
    greet(&config, &running, args.demonstration).await?;
    let ended = tokio::select! {
        ended = running.wait() => ended,
        () = asked_to_stop() => Ok(()),
    };
    running.stop().await;
    telemetry.stop().await;
    ended
}

/// Says where to go and who to sign in as.
async fn greet(
    config: &RootConfig,
    running: &Running,
    demonstration: bool,
) -> Result<(), StartError> {
    let url = config.public_url();
    println!("Hansa listens on {url}");
    let registry = &running.parts().gateway.registry;
    if demonstration {
        println!("\nDemonstration, sign in at {url}/signin:");
        for account in demonstration_accounts() {
            println!(
                "  {:<10} {:<12} {:<16} {} ({})",
                account.host_name, account.account, account.password, account.note, account.company
            );
        }
    }
    if let Some(link) = operator_claim_link(registry, &url).await? {
        println!(
            "\nThe first operator is whoever opens this link (once):\n  {}",
            link.reveal()
        );
    }
    if registry.local_mailbox() {
        println!("\nNo SMTP: mails are shown to operators under {url}/operator/mailbox");
    }
    Ok(())
}

/// Returns at SIGTERM or Ctrl-C.
pub(crate) async fn asked_to_stop() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

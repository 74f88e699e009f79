//! A running server: the edge on its port, the jobs and the background tasks behind it.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use actix_web::{App, HttpServer, dev::ServerHandle, web};
use api_http::{Edge, configure, on_connect};
use platform::tasks::Tasks;
use tokio::task::JoinHandle;

use crate::{Options, Parts, RootConfig, StartError, demonstration, wire, worker};

/// How long requests in flight may take at a graceful stop, in seconds.
const SHUTDOWN_S: u64 = 15;
/// How long background tasks may take at a graceful stop.
const TASKS_STOP_WITHIN: Duration = Duration::from_secs(25);

/// A server that runs.
pub struct Running {
    parts: Parts,
    edge: Arc<Edge>,
    tasks: Tasks,
    handle: ServerHandle,
    server: JoinHandle<std::io::Result<()>>,
    address: SocketAddr,
}

/// Starts a server: databases opened and swept, migrations begun, jobs running, port open.
///
/// # Errors
/// A database is away, a setting cannot be used, the port is taken.
pub async fn start(config: &RootConfig, options: Options) -> Result<Running, StartError> {
    let parts = wire::join(config, &options).await?;
    let embedded = config.database.url.is_empty();
    worker::sweep_at_start(&parts, embedded).await?;
    let tasks = Tasks::new(options.rng.clone());
    worker::spawn(&tasks, &parts);
    migrate_behind(&tasks, &parts);
    if options.demonstration && config.is_local() {
        demonstration::load(&parts).await?;
    }
    let edge = wire::edge(config, &parts, &options);
    let (served, blobs) = (edge.clone(), parts.local_s3.clone().map(web::Data::new));
    let server = HttpServer::new(move || {
        let app = App::new().configure(crate::blobs::configure(blobs.clone()));
        app.configure(configure(&served))
    })
    .on_connect(on_connect)
    .shutdown_timeout(SHUTDOWN_S)
    .disable_signals()
    .bind(config.listen)?;
    let address = server.addrs().first().copied().unwrap_or(config.listen);
    let server = server.run();
    let handle = server.handle();
    Ok(Running {
        parts,
        edge,
        tasks,
        handle,
        server: tokio::spawn(server),
        address,
    })
}

/// Tenants of the version before are served meanwhile.
fn migrate_behind(tasks: &Tasks, parts: &Parts) {
    let services = parts.gateway.services.clone();
    tasks.spawn("migrations", move |_| {
        let services = services.clone();
        async move {
            let progress = |_| {};
            let report = services
                .stores
                .migrate_tenants(&*services.clock, progress)
                .await?;
            for (tenant, error) in &report.failed {
                tracing::error!(%tenant, error, "a tenant's migration was set aside");
            }
            Ok(())
        }
    });
}

impl Running {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it is made of.
    #[must_use]
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// Runs until the port is closed from elsewhere.
    ///
    /// # Errors
    /// The port failed.
    pub async fn wait(&mut self) -> Result<(), StartError> {
        match (&mut self.server).await {
            Ok(result) => Ok(result?),
            Err(error) => Err(StartError::Refused(error.to_string())),
        }
    }

    /// Stops gracefully: sockets are closed with 1001 over some seconds, requests in flight finish,
    /// jobs come to their end, databases close.
    pub async fn stop(self) {
        self.edge.drain().await;
        self.handle.stop(true).await;
        self.tasks.stop(TASKS_STOP_WITHIN).await;
        self.parts.gateway.services.stores.close().await;
    }
}
